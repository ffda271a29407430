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
  return digest()
    .read(await challengeOf(origin, uri))
    .answer(ALICE);
}

/** The challenge of `uri`. */
export async function challengeOf(origin, uri) {
  const { headers } = await fetch(`${origin}${uri}`);
  return challengeIn(headers.get('www-authenticate'));
}

/** A field value for `uri` and a challenge that is known. */
export function readyMadeFrom(text, uri) {
  return digest().read(challengeIn(text)).answer(ALICE).authorize({ method: 'GET', uri }).value;
}

function challengeIn(text) {
  return parseChallenges(text)[0];
}
