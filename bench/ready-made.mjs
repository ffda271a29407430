/** A Digest Authorization that was computed before, for bare axios to send. */

import { digest } from 'axios-challenge';
import { parseChallenges } from 'axios-challenge/protocol';
import { ALICE } from './clients.mjs';

/** A field value for `uri`; the server will take it for any request. */
export async function readyMade(origin, uri) {
  return (await answerFor(origin, uri)).authorize({ method: 'GET', uri }).value;
}

/** The answer of the scheme to the challenge of `uri`. */
export async function answerFor(origin, uri) {
  const { headers } = await fetch(`${origin}${uri}`);
  const [challenge] = parseChallenges(headers.get('www-authenticate'));
  return digest().read(challenge).answer(ALICE);
}
