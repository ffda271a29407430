/** The one error class, and the codes it carries. */

/**
 * Why this package stopped, refused or passed over something. Stable: switch on it, never on a message.
 *
 * - `ERR_AUTH_INSTALLED`: `installAuth` was called twice on one client.
 * - `ERR_AUTH_OPTION`: an option or an environment variable has a value that cannot be used.
 * - `ERR_AUTH_CHALLENGE`: no challenge of the response can be answered.
 * - `ERR_AUTH_CREDENTIAL`: a credential cannot be used with the scheme (`:` in a Basic user-id, control characters).
 * - `ERR_AUTH_NONE`: no provider has a credential that was not refused before.
 * - `ERR_AUTH_CANCELLED`: the person left the question (Ctrl-C, Ctrl-D, end of input).
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
  | 'ERR_AUTH_CANCELLED'
  | 'ERR_AUTH_REFUSED'
  | 'ERR_AUTH_INSECURE'
  | 'ERR_AUTH_ORIGIN'
  | 'ERR_AUTH_BODY'
  | 'ERR_AUTH_DOWNGRADE'
  | 'ERR_AUTH_MUTUAL'
  | 'ERR_AUTH_PROVIDER'
  | 'ERR_AUTH_STALE';

/**
 * An error of this package. `code` identifies it, `message` says what happened, to which server or provider, and what
 * to do, and `cause` is the underlying error. It never holds a secret.
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
  /** Identifies the error even where a second copy of this package, or a bundler, breaks `instanceof`. */
  override readonly name = 'AuthError';
  /** The stable code of the error. */
  readonly code: AuthErrorCode;
  /** The response that the error is about, unmodified, if there is one. */
  readonly response?: unknown;

  constructor(code: AuthErrorCode, message: string, options: { cause?: unknown; response?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    if ('response' in options) this.response = options.response;
  }
}
