/** A credential that the program itself holds. */

import { AuthError } from '../errors.js';
import { type Credential, type CredentialRequest, type Provider, usernameOf, wantsToken } from '../model.js';
import { ownOptions } from '../syntax/options.js';
import { originOf, unboundFrom } from './origin.js';

/** Options of `staticCredential()`. */
export interface StaticCredentialOptions {
  /** The only origin that gets the credential; its path and query are ignored. Needed for a proxy. */
  readonly origin?: string | undefined;
}

/**
 * Gives one credential: a token to `bearer()`, a password to the other schemes.
 *
 * Without `origin` the credential is for the origin of the client's `baseURL`. Without a `baseURL` it is for the origin
 * that the caller addressed. It is never for a proxy.
 *
 * @param credential - `{ username, password }` or `{ token }`
 * @param options - which origin it is for
 * @returns a provider
 * @throws AuthError `ERR_AUTH_OPTION` for a credential or an origin that cannot be used
 * @example
 * installAuth(client, {
 *   providers: [staticCredential({ username: 'alice', password: 'wonderland' }, { origin: 'https://files.example' })],
 * });
 */
export function staticCredential(credential: Credential, options: StaticCredentialOptions = {}): Provider {
  const held = ownCopy(credential);
  const origin = ownOrigin(options);
  return {
    name: 'static',
    get: (request) => (mismatch(held, origin, request) === undefined ? held : undefined),
    absence: (request) => mismatch(held, origin, request),
  };
}

/** Own properties only: a polluted `Object.prototype` must not supply a password (SEC-28). */
function ownCopy(credential: Credential): Credential {
  const own: Partial<Record<string, unknown>> = Object.assign(Object.create(null), credential);
  const { username, password, token } = own;
  if (typeof token === 'string') return Object.freeze({ token });
  if (typeof username === 'string' && typeof password === 'string') return Object.freeze({ username, password });
  throw new AuthError('ERR_AUTH_OPTION', 'staticCredential: needs { username, password } or { token }, all strings');
}

function ownOrigin(options: StaticCredentialOptions): string | undefined {
  const { origin } = ownOptions(options, ['origin'], 'staticCredential');
  return origin === undefined ? undefined : originOf(origin, 'staticCredential: origin');
}

function mismatch(held: Credential, origin: string | undefined, request: CredentialRequest): string | undefined {
  if (origin !== undefined && origin !== request.origin) return `is for ${origin}, not this origin`;
  if (origin === undefined) return unboundFrom(request) ?? kindMismatch(held, request);
  return kindMismatch(held, request);
}

function kindMismatch(held: Credential, request: CredentialRequest): string | undefined {
  if (Object.hasOwn(held, 'token')) return wantsToken(request) ? undefined : 'is a token, not a password';
  if (wantsToken(request)) return 'is a password, not a token';
  return namesAnother(held, request) ? 'is for another user name' : undefined;
}

function namesAnother(held: Credential, { username }: CredentialRequest): boolean {
  return username !== undefined && usernameOf(held) !== undefined && usernameOf(held) !== username;
}
