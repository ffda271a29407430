/** The Bearer scheme: a token (RFC 6750). */

import type { Answer, Challenge, Credential, Refusal, Scheme } from '../model.js';
import { tokenOf } from './credential.js';
import { invalid } from './text.js';

/** b64token (RFC 6750 §2.1) */
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * The Bearer scheme. The token comes from a provider; the realm is data and never fetched. Throws nothing.
 *
 * @returns a scheme; its `answer` throws `ERR_AUTH_CREDENTIAL` for a token that is no b64token
 * @see RFC 6750 §2.1, §3
 * @example
 * installAuth(client, { schemes: [bearer()], providers: [staticCredential({ token: 'abc' })] });
 */
export function bearer(): Scheme {
  return {
    name: 'bearer',
    credential: 'token',
    clearText: true,
    accepts: () => ({ label: 'Bearer', strength: 20 }),
    // RFC 6750 gives no path rule, so the space is the origin (RFC 9110 §11.5).
    space: () => ['/'],
    answer: (_challenge, credential) => answer(credential),
    refusal,
  };
}

function answer(credential: Credential): Answer {
  const token = tokenOf(credential, 'Bearer');
  // A quantified run before `=*` cannot backtrack: the two classes are disjoint.
  if (!B64TOKEN.test(token)) throw invalid('token', 'has characters outside b64token (RFC 6750 §2.1)');
  const authorization = { value: `Bearer ${token}`, nc: undefined };
  return { nonce: undefined, needsBody: false, authorize: () => authorization };
}

/** RFC 6750 §3.1: only `invalid_token`, or no error at all, says that another token would do better. */
function refusal(challenge: Challenge): Refusal {
  const { error, scope } = challenge.params;
  if (error === 'insufficient_scope') return { kind: 'final', reason: insufficientScope(scope) };
  if (error === 'invalid_request') return { kind: 'final', reason: 'the server calls the request invalid' };
  return { kind: 'refused' };
}

function insufficientScope(scope: string | undefined): string {
  return scope === undefined ? 'the token lacks a scope' : `the token lacks the scope ${JSON.stringify(scope)}`;
}
