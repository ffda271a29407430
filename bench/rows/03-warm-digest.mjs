/** Row 3: a warm Digest request against bare axios with a ready-made header of the same length. */

import { hash } from 'node:crypto';
import { againstBare } from '../against-bare.mjs';
import { bare, ours } from '../clients.mjs';
import { answerFor, readyMade } from '../ready-made.mjs';
import { startServer } from '../start-server.mjs';

const SPACES = { MD5: '/digest/', 'SHA-256': '/digest256/' };

export async function run({ quick }) {
  const server = await startServer();
  const lines = [];
  for (const [name, space] of Object.entries(SPACES)) {
    const uri = `${space}1000`;
    const header = await readyMade(server.origin, uri);
    const makeBare = () => bare(server.origin, header);
    const compared = await againstBare({
      label: `warm Digest request, ${name}`,
      makeBare,
      client: ours(server.origin),
      parts: partsOf(name, makeBare, header, await answerFor(server.origin, uri)),
      space,
      limit: 1.05,
      rounds: quick ? 16 : 400,
    });
    lines.push(...compared);
  }
  server.stop();
  return lines;
}

/** Bare axios that also computes, and does not use, what the header needs. */
function partsOf(algorithm, makeBare, header, answer) {
  const name = algorithm.replace('-', '').toLowerCase();
  // A2, and about as much as is hashed around its hash.
  const around = header.slice(0, 130);
  const hashes = (path) => hash(name, `GET:${path}`) + hash(name, around + path);
  const authorization = (path) => answer.authorize({ method: 'GET', uri: path });
  return { 'bare + 2 hashes': before(hashes, makeBare()), 'bare + authorize()': before(authorization, makeBare()) };
}

function before(work, { get }) {
  return {
    get: (path) => {
      work(path);
      return get(path);
    },
  };
}
