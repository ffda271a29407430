/** What a token has to grant: the scopes of the one in use, and those that it lacks (RFC 6750 §3.1, RFC 9470 §3). */

import type { Challenge } from '../../model.js';

/** That a token is right, and grants too little. */
export interface Insufficiency {
  /** Asks for all that a token has to grant. */
  readonly challenge: Challenge;
  /** As the server sent it. */
  readonly refusal: Challenge;
  readonly reason: string;
}

/** A challenge that asks for all that an earlier one has asked for, and for what it says itself. */
export function widened(earlier: Challenge, refusal: Challenge, realm: string): Challenge {
  const scopes = [...new Set([...scopesOf(earlier), ...scopesOf(refusal)])];
  const params: Record<string, string> = Object.assign(Object.create(null), realm === '' ? {} : { realm });
  Object.assign(params, refusal.params, scopes.length === 0 ? {} : { scope: scopes.join(' ') });
  return { ...refusal, params };
}

/** Whether a token that was asked for with one challenge will do for another. */
export function suffices({ params }: Challenge, wanted: Challenge): boolean {
  const { acr_values: acrValues, max_age: maxAge } = wanted.params;
  const granted = scopesOf({ params });
  if (params.acr_values !== acrValues || params.max_age !== maxAge) return false;
  return scopesOf(wanted).every((scope) => granted.includes(scope));
}

/** One name for all challenges that want the same. */
export function wantedBy(challenge: Challenge): string {
  const { acr_values: acrValues, max_age: maxAge } = challenge.params;
  return JSON.stringify([[...scopesOf(challenge)].sort(), acrValues, maxAge]);
}

/** RFC 6749 §3.3: words with blanks between them. */
function scopesOf({ params }: Pick<Challenge, 'params'>): readonly string[] {
  return (params.scope ?? '').split(' ').filter(Boolean);
}
