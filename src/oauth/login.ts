/** Which login of a person a server asks for, where that of the token is too weak or too old (RFC 9470). */

import type { CredentialRequest } from '../model.js';

/** RFC 9470 §4: the parameters of an authorization request. */
export type LoginWish = Readonly<Partial<Record<'acr_values' | 'max_age', string>>>;

// Names of classes with a space between them (OpenID Connect Core 1.0 §3.1.2.1), and seconds.
const ACR_VALUES = /^[\x21-\x7e]+( [\x21-\x7e]+)*$/;
const MAX_AGE = /^\d{1,10}$/;

/** Whether the server knows the token, and wants one of another login. */
export function asksForLogin({ refusal }: CredentialRequest): boolean {
  return refusal?.params.error === 'insufficient_user_authentication';
}

/** What is to be asked of the issuer; what is malformed is left out. */
export function wantedLogin(request: CredentialRequest): LoginWish {
  if (!asksForLogin(request)) return {};
  const { acr_values, max_age } = request.refusal?.params ?? {};
  return {
    ...(acr_values !== undefined && ACR_VALUES.test(acr_values) && { acr_values }),
    ...(max_age !== undefined && MAX_AGE.test(max_age) && { max_age }),
  };
}
