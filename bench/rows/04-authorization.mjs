/** Row 4: computing one Authorization, warm, against the two hashes that it needs. */

import { hash } from 'node:crypto';
import { digest } from 'axios-challenge';
import { parseChallenges } from 'axios-challenge/protocol';
import { ALICE } from '../clients.mjs';
import { ratioLine } from '../lines.mjs';
import { ratios, summary, takeTurnsSync } from '../measure.mjs';

const CHALLENGE = 'Digest realm="bench", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", qop="auth", opaque="5ccc069c"';
const URI = '/digest/1000';
const OPERATIONS = 1000;

export function run({ quick }) {
  return ['MD5', 'SHA-256'].map((algorithm) => compare(algorithm, quick ? 60 : 400));
}

function compare(algorithm, rounds) {
  const [challenge] = parseChallenges(`${CHALLENGE}, algorithm=${algorithm}`);
  const answer = digest().read(challenge).answer(ALICE);
  const name = algorithm.replace('-', '').toLowerCase();
  const [ha2, response] = inputs(name, answer.authorize({ method: 'GET', uri: URI }).value);
  const contenders = [
    repeat(() => hash(name, ha2).length + hash(name, response).length),
    repeat(() => answer.authorize({ method: 'GET', uri: URI }).value.length),
  ];
  takeTurnsSync(contenders, 30);
  const [hashes, authorizations] = takeTurnsSync(contenders, rounds);
  const micro = (samples) => `${((summary(samples.map(({ wall }) => wall)).median / OPERATIONS) * 1000).toFixed(2)} µs`;
  return ratioLine({
    label: `one Authorization, ${algorithm} (${micro(authorizations)})`,
    clock: 'wall time',
    summary: summary(ratios(authorizations, hashes)),
    limit: 1.5,
    others: { '2 × crypto.hash': micro(hashes) },
  });
}

/** What is hashed: A2, and the string around its hash (RFC 7616 §3.4.1), of the length they have for `value`. */
function inputs(name, value) {
  const { nonce, cnonce } = Object.fromEntries(parseChallenges(value).flatMap(({ params }) => Object.entries(params)));
  const ha2 = `GET:${URI}`;
  const key = hash(name, 'alice:bench:wonderland');
  // Buffered once, so that no rope is flattened in the timed part.
  const response = Buffer.from(`${key}:${nonce}:00000001:${cnonce}:auth:${hash(name, ha2)}`).toString('latin1');
  return [ha2, response];
}

function repeat(operation) {
  let sink = 0;
  return () => {
    for (let i = 0; i < OPERATIONS; i += 1) sink += operation();
    return sink;
  };
}
