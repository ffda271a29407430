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
  return answerTo(headers.get('www-authenticate'));
}

/** A field value for `uri` and a challenge that is known. */
export function readyMadeFrom(text, uri) {
  return answerTo(text).authorize({ method: 'GET', uri }).value;
}

function answerTo(text) {
  const [challenge] = parseChallenges(text);
  return digest().read(challenge).answer(ALICE);
}
