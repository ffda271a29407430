/** `Authentication-Info`: what the server says after it has let a request in (RFC 7615 §3). */

import { type AuthParams, authParams, readAuthParam } from './auth-param.js';
import { Scanner } from './scanner.js';

const MAX_LENGTH = 16_384;

/**
 * Reads an `Authentication-Info` or `Proxy-Authentication-Info` field value: `#auth-param`.
 *
 * Never throws. A field that is malformed anywhere proves nothing, so it gives no params at all.
 *
 * @param value - the field value as received
 * @returns the values by lower-case name, null prototype
 * @see RFC 7615 §3, RFC 7616 §3.5
 * @example
 * parseAuthenticationInfo('nextnonce="x2", qop=auth').nextnonce; // 'x2'
 */
export function parseAuthenticationInfo(value: string): AuthParams {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return authParams();
  const scanner = new Scanner(value);
  const params = authParams();
  scanner.separators();
  while (!scanner.done) {
    const param = readAuthParam(scanner);
    if (param === undefined || param === 'malformed' || param.name in params) return authParams();
    params[param.name] = param.value;
    scanner.separators();
  }
  return params;
}
