/** Row 3: a warm Digest request against bare axios with a ready-made header of the same length. */

import { hash } from 'node:crypto';
import { againstBare } from '../against-bare.mjs';
import { bare, byHand, least, ours } from '../clients.mjs';
import { THE_PIECES } from '../join-pieces.mjs';
import { pieced } from '../pieced.mjs';
import { answerFor, challengeOf, readyMade } from '../ready-made.mjs';
import { startServer } from '../start-server.mjs';

const SPACES = {
  MD5: { space: '/digest/', algorithm: 'md5' },
  'MD5, with Authentication-Info': { space: '/informs/', algorithm: 'md5' },
  // Last: a realm that has asked for SHA-256 is not answered with MD5 any more.
  'SHA-256': { space: '/digest256/', algorithm: 'sha256' },
};

export async function run({ quick }) {
  const server = await startServer();
  const lines = [];
  for (const [name, { space, algorithm }] of Object.entries(SPACES)) {
    const uri = `${space}1000`;
    const header = await readyMade(server.origin, uri);
    const makeBare = () => bare(server.origin, header);
    const challenge = await challengeOf(server.origin, uri);
    const compared = await againstBare({
      label: `warm Digest request, ${name}`,
      makeBare,
      client: ours(server.origin),
      parts: partsOf(algorithm, {
        makeBare,
        header,
        answer: await answerFor(server.origin, uri),
        challenge,
        origin: server.origin,
        pieces: await pieced(server.origin, challenge),
      }),
      space,
      limit: { of: THE_PIECES, within: 0.03 },
      rounds: quick ? 16 : 400,
    });
    lines.push(...compared);
  }
  server.stop();
  return lines;
}

/** Bare axios that also computes, and does not use, what the header needs; a program and the least plugin that do. */
function partsOf(algorithm, { makeBare, header, answer, challenge, origin, pieces }) {
  // A2, and about as much as is hashed around its hash.
  const around = header.slice(0, 130);
  const hashes = (path) => hash(algorithm, `GET:${path}`) + hash(algorithm, around + path);
  const authorization = (path) => answer.authorize({ method: 'GET', uri: path });
  return {
    'bare + 2 hashes': before(hashes, makeBare()),
    'bare + authorize()': before(authorization, makeBare()),
    'Digest by hand': byHand(origin, challenge, algorithm),
    'the least plugin': least(origin, answer),
    [THE_PIECES]: pieces,
  };
}

function before(work, { get }) {
  return {
    get: (path) => {
      work(path);
      return get(path);
    },
  };
}
