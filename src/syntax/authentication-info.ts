/** `Authentication-Info`: what the server says about a request that it has accepted (RFC 7615 §3). */

import { type AuthParams, authParams, MAX_PARAMS, readAuthParam } from './auth-param.js';
import { Scanner, unfolded } from './scanner.js';

const MAX_LENGTH = 16_384;

/**
 * Reads an `Authentication-Info` or `Proxy-Authentication-Info` field value: `#auth-param`.
 *
 * Never throws. A field that is malformed anywhere proves nothing, so it gives no params at all. A value of more than
 * 16,384 characters or 128 params gives no params either; these limits are not from an RFC. A line fold is read as a
 * space (RFC 9112 §5.2).
 *
 * @param value - the field value as received
 * @returns the values by lower-case name, null prototype
 * @see RFC 7615 §3, RFC 7616 §3.5
 * @example
 * parseAuthenticationInfo('nextnonce="x2", qop=auth').nextnonce; // 'x2'
 */
export function parseAuthenticationInfo(value: string): AuthParams {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return authParams();
  const scanner = new Scanner(unfolded(value));
  const params = authParams();
  scanner.separators();
  for (let count = 0; !scanner.done; count += 1) {
    if (count === MAX_PARAMS || readAuthParam(scanner, params) !== 'read') return authParams();
    scanner.separators();
  }
  return params;
}
