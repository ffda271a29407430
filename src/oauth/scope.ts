/** Which scope a token is asked for: that of the options, and more where a server has asked for more. */

import type { CredentialRequest } from '../model.js';
import { scopeOf, unionOf } from './discovery/scopes.js';
import { asksForLogin } from './login.js';

/** Whether the server knows the token, and asks for one that allows more (RFC 6750 §3.1, RFC 9470 §3). */
export function asksForMore(request: CredentialRequest): boolean {
  return request.refusal?.params.error === 'insufficient_scope' || asksForLogin(request);
}

/** The scope of the options; with that of the challenge, where the server asks for more. */
export function wantedScope(request: CredentialRequest, own: string | undefined): string | undefined {
  if (!asksForMore(request)) return own;
  return [request.challenge, request.refusal].map(scopeOf).reduce<string | undefined>(unionOf, own);
}

/** Whether a token with the scope `held` allows all that is wanted. */
export function coversScope(held: string | undefined, wanted: string | undefined): boolean {
  const has = new Set(held?.split(' '));
  return wanted === undefined || wanted.split(' ').every((name) => has.has(name));
}
