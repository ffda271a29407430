/** Says why an issuer gave no token: of the issuer's own words only its error code (SEC-60). */

import { AuthError } from '../../errors.js';
import { isOurs, kindOf } from '../../syntax/said.js';
import { phrase } from '../../syntax/visible.js';

/** Which request failed, and at which issuer. */
export interface IssuerStep {
  /** As in "the device code was refused". */
  readonly what: string;
  readonly issuer: string;
  /** A code that repeats one of these is not shown. */
  readonly secrets: readonly string[];
}

// RFC 6749 §5.2 allows more, but a code is a name; a token or a sentence is not shown as one.
const NAME = /^[a-z]{1,24}(_[a-z]{1,24}){0,5}$/;

/** The `error` of a response (RFC 6749 §4.1.2.1, §5.2; RFC 8628 §3.5), if the issuer gave one. */
export function errorCodeOf(error: unknown): string | undefined {
  const { name, error: code } = Object(error) as { name?: unknown; error?: unknown };
  const isIssuers = name === 'ResponseBodyError' || name === 'AuthorizationResponseError';
  return isIssuers && typeof code === 'string' ? code : undefined;
}

/** An error without a cause: those of oauth4webapi hold what was sent and received. */
export function issuerTrouble(error: unknown, step: IssuerStep): AuthError {
  if (isOurs(error)) return error;
  const code = errorCodeOf(error);
  if (code !== undefined) return refusalError(code, step);
  return new AuthError('ERR_AUTH_PROVIDER', `oauth: ${step.what}: ${phrase(step.issuer)} ${faultOf(error)}`);
}

function refusalError(code: string, { what, issuer, secrets }: IssuerStep): AuthError {
  const isShown = NAME.test(code) && !secrets.some((secret) => secret !== '' && code.includes(secret));
  const shown = isShown ? code : 'an error code that is not shown';
  const meaning = MEANINGS.get(code);
  const kind = code === 'access_denied' ? 'ERR_AUTH_CANCELLED' : 'ERR_AUTH_PROVIDER';
  const says = `${phrase(issuer)} says ${shown}`;
  return new AuthError(kind, `oauth: ${what}: ${says}${meaning === undefined ? '' : ` (${meaning})`}`);
}

const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['access_denied', 'the person said no'],
  ['expired_token', 'the code has expired: nobody entered it in time'],
  ['invalid_client', 'the client is not registered there, or its secret is wrong'],
  ['invalid_grant', 'the login has ended, or was made for another client'],
  ['invalid_scope', 'the scope is unknown there, or more than the client may ask for'],
  ['invalid_target', 'the resource is unknown there'],
  ['unauthorized_client', 'the client is not registered for this flow'],
  ['unsupported_token_type', 'a token of this kind cannot be revoked there'],
  ['unsupported_grant_type', 'the issuer does not offer this flow'],
]);

/** What oauth4webapi found wrong, by its code. Its messages are not used: their causes hold what was received. */
function faultOf(error: unknown): string {
  const { code, cause } = Object(error) as { code?: unknown; cause?: unknown };
  if (code === 'OAUTH_RESPONSE_IS_NOT_CONFORM') return `answers ${Number(Object(cause).status)}`;
  if (code === 'OAUTH_MISSING_SERVER_METADATA') return `has metadata without ${endpointOf(cause)}`;
  if (code === 'OAUTH_INVALID_SERVER_METADATA') return `has metadata in which ${endpointOf(cause)} is no address`;
  return FAULTS.get(code) ?? `is not understood: ${kindOf(error) ?? 'something was thrown that is no error'}`;
}

const FAULTS: ReadonlyMap<unknown, string> = new Map([
  ['OAUTH_RESPONSE_IS_NOT_JSON', 'answers with something else than JSON'],
  ['OAUTH_PARSE_ERROR', 'answers with something else than JSON'],
  ['OAUTH_INVALID_RESPONSE', 'answers with something else than a token response (RFC 6749 §5.1)'],
  ['OAUTH_UNSUPPORTED_OPERATION', 'gives a token of another type than Bearer'],
  ['OAUTH_HTTP_REQUEST_FORBIDDEN', 'has metadata in which an endpoint is not https'],
  ['OAUTH_REQUEST_PROTOCOL_FORBIDDEN', 'has metadata in which an endpoint is not https'],
]);

/** The name is one of oauth4webapi's own. */
function endpointOf(cause: unknown): string {
  return String(Object(cause).attribute);
}
