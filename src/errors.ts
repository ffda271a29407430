/** The one error class, and the codes it carries. */

/**
 * Why this package stopped, refused or passed over something. Stable: switch on it, never on a message.
 *
 * - `ERR_AUTH_INSTALLED`: `installAuth` was called twice on one client.
 * - `ERR_AUTH_OPTION`: an option or an environment variable has a value that cannot be used.
 * - `ERR_AUTH_CHALLENGE`: no challenge of the response can be answered.
 * - `ERR_AUTH_CREDENTIAL`: a credential cannot be used with the scheme (`:` in a Basic user-id, control characters).
 * - `ERR_AUTH_NONE`: no provider has a credential that was not refused before.
 * - `ERR_AUTH_REFUSED`: the server refused the credential.
 * - `ERR_AUTH_INSECURE`: the secret would travel in clear text.
 * - `ERR_AUTH_ORIGIN`: the challenge came from an origin the caller did not address.
 * - `ERR_AUTH_BODY`: the request body cannot be sent a second time.
 * - `ERR_AUTH_DOWNGRADE`: the server offers less than it did before.
 * - `ERR_AUTH_MUTUAL`: the server failed to prove that it knows the password (`rspauth`).
 * - `ERR_AUTH_PROVIDER`: a provider is broken, locked or missing.
 * - `ERR_AUTH_STALE`: the server called every nonce stale.
 */
export type AuthErrorCode =
  | 'ERR_AUTH_INSTALLED'
  | 'ERR_AUTH_OPTION'
  | 'ERR_AUTH_CHALLENGE'
  | 'ERR_AUTH_CREDENTIAL'
  | 'ERR_AUTH_NONE'
  | 'ERR_AUTH_REFUSED'
  | 'ERR_AUTH_INSECURE'
  | 'ERR_AUTH_ORIGIN'
  | 'ERR_AUTH_BODY'
  | 'ERR_AUTH_DOWNGRADE'
  | 'ERR_AUTH_MUTUAL'
  | 'ERR_AUTH_PROVIDER'
  | 'ERR_AUTH_STALE';

/**
 * An error of this package: `code` says which, `message` what happened, to whom and what to do, `cause` what it came
 * from. It never holds a secret.
 *
 * @example
 * try {
 *   installAuth(client);
 * } catch (error) {
 *   const isThere = error instanceof AuthError && error.code === 'ERR_AUTH_INSTALLED';
 *   if (!isThere) throw error;
 * }
 */
export class AuthError extends Error {
  /** Also where a copy of this package, or a bundler, gets in the way of `instanceof`. */
  override readonly name = 'AuthError';
  /** Which error it is. */
  readonly code: AuthErrorCode;
  /** The response the error is about, untouched, where there is one. */
  readonly response?: unknown;

  constructor(code: AuthErrorCode, message: string, options: { cause?: unknown; response?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    if ('response' in options) this.response = options.response;
  }
}
