/** The Bearer scheme: a token (RFC 6750), also under another auth-scheme. */

import { AuthError } from '../errors.js';
import type { Answer, Challenge, Credential, Refusal, Scheme } from '../model.js';
import { ownOptions } from '../syntax/options.js';
import { isToken } from '../syntax/scanner.js';
import { withoutTokens } from '../syntax/visible.js';
import { tokenOf } from './credential.js';
import { invalid } from './text.js';

/** b64token (RFC 6750 §2.1) */
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

// These take a password; a token under their name would be read as another credential.
const PASSWORD_SCHEMES = new Set(['basic', 'digest', 'ntlm', 'negotiate']);

/** Options of `bearer()`. */
export interface BearerOptions {
  /** The auth-scheme, as it is written in `Authorization`; case does not matter in a challenge. Default: `Bearer`. */
  readonly scheme?: string;
}

/**
 * The Bearer scheme. The token comes from a provider; a URL in the realm is never fetched.
 *
 * Some servers take a token under another auth-scheme: `Authorization: Token abc` is what Django REST framework wants.
 * `scheme` names it; all else is the same. Several of these stand side by side in `schemes`, each with its own name.
 *
 * @param options - under which auth-scheme the token is sent
 * @returns a scheme; the `answer` of what it reads throws `ERR_AUTH_CREDENTIAL` for a token that is not a b64token
 * @throws AuthError `ERR_AUTH_OPTION` for a `scheme` that is not a token of RFC 9110, or that takes a password
 * @see RFC 6750 §2.1, §3; RFC 9110 §11.1
 * @example
 * installAuth(client, {
 *   schemes: [bearer(), bearer({ scheme: 'Token' })],
 *   providers: [staticCredential({ token: 'abc' })],
 * });
 */
export function bearer(options: BearerOptions = {}): Scheme {
  const label = schemeIn(options);
  return {
    name: label.toLowerCase(),
    credential: 'token',
    clearText: true,
    read: (challenge) => ({
      label,
      strength: 20,
      space: bearerSpace,
      answer: (credential) => answer(credential, label),
      refusalOf: () => refusal(challenge),
    }),
  };
}

/** RFC 9110 §11.1: auth-scheme = token. */
function schemeIn(options: BearerOptions): string {
  const { scheme = 'Bearer' } = ownOptions(options, ['scheme'], 'bearer');
  if (typeof scheme !== 'string' || !isToken(scheme))
    throw new AuthError('ERR_AUTH_OPTION', "bearer: scheme must be the name of an auth-scheme, as in 'Token'");
  if (PASSWORD_SCHEMES.has(scheme.toLowerCase()))
    throw new AuthError('ERR_AUTH_OPTION', `bearer: scheme must not be ${scheme}, which takes a password`);
  return scheme;
}

/** RFC 6750 gives no path rule, so the space is the origin (RFC 9110 §11.5). */
export function bearerSpace(): readonly string[] {
  return ['/'];
}

function answer(credential: Credential, label: string): Answer {
  const token = tokenOf(credential, label);
  // A quantified run before `=*` cannot backtrack: the two classes are disjoint.
  if (!B64TOKEN.test(token)) throw invalid('token', 'has characters outside b64token (RFC 6750 §2.1)');
  const authorization = { value: `${label} ${token}`, nc: undefined };
  return { nonce: undefined, needsBody: false, authorize: () => authorization };
}

/** RFC 6750 §3.1: only `invalid_token`, or no error at all, means that another token may be accepted. */
function refusal({ params }: Challenge): Refusal {
  const { error, scope } = params;
  if (error === 'insufficient_scope') return { kind: 'insufficient', reason: insufficientScope(scope) };
  if (error === 'insufficient_user_authentication')
    return { kind: 'insufficient', reason: insufficientLogin(params.acr_values, params.max_age) };
  if (error === 'invalid_request') return { kind: 'final', reason: 'the server calls the request invalid' };
  return { kind: 'refused' };
}

function insufficientScope(scope: string | undefined): string {
  return scope === undefined ? 'the token lacks a scope' : `the token lacks the scope ${named(scope)}`;
}

/** RFC 9470 §3: how the person should have logged in, and how many seconds ago at most. */
function insufficientLogin(acrValues: string | undefined, maxAge: string | undefined): string {
  const wanted = [
    ...(acrValues === undefined ? [] : [`of the class ${named(acrValues)}`]),
    ...(maxAge === undefined ? [] : [`at most ${named(maxAge)} seconds ago`]),
  ];
  const what = 'the token comes from a login that is too weak or too old';
  return wanted.length === 0 ? what : `${what}: wanted is one ${wanted.join(', ')}`;
}

/** In quotes, and without what may be the token that the server has refused. */
function named(text: string): string {
  return JSON.stringify(withoutTokens(text));
}
