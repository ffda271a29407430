/** auth-param: a name with a value (RFC 9110 §11.2). */

import { AuthError } from '../errors.js';
import { isText, isToken, type Scanner } from './scanner.js';

/** auth-params by lower-case name. Null prototype: no name, `__proto__` included, means anything but itself. */
export type AuthParams = Record<string, string>;

/** An empty set of auth-params. */
export function authParams(): AuthParams {
  return Object.create(null);
}

/**
 * auth-param = token BWS "=" BWS ( token / quoted-string )
 *
 * `undefined` when there is no `token BWS "="` here; `malformed` when there is one and no whole value follows.
 */
export function readAuthParam(scanner: Scanner): { name: string; value: string } | 'malformed' | undefined {
  const start = scanner.at;
  const name = scanner.token();
  if (name === undefined) return undefined;
  scanner.space();
  if (!scanner.equals()) {
    scanner.at = start;
    return undefined;
  }
  scanner.space();
  const value = scanner.quotedString() ?? scanner.unquoted();
  return value === undefined || !scanner.ended ? 'malformed' : { name: name.toLowerCase(), value };
}

/** Writes `name="value"`, escaped (RFC 9110 §5.6.4): what is read back is what was given. */
export function formatQuoted(name: string, value: string): string {
  return `${formatName(name)}=${quote(name, value)}`;
}

/** Writes the quoted-string of `value`; `name` is for the error. */
export function quote(name: string, value: string): string {
  return PLAIN.test(value) ? `"${value}"` : `"${escapeQuoted(name, value)}"`;
}

/** Nothing to escape and nothing to refuse: almost every value there is. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** Writes `name=value` for values that the grammar wants as a token (RFC 7616 §3.4: algorithm, qop, nc). */
export function formatToken(name: string, value: string): string {
  if (isToken(value)) return `${formatName(name)}=${value}`;
  throw new AuthError('ERR_AUTH_CHALLENGE', `${name} is not a token (RFC 9110 §5.6.2)`);
}

function formatName(name: string): string {
  if (isToken(name)) return name;
  throw new AuthError('ERR_AUTH_CHALLENGE', 'the name of an auth-param is not a token (RFC 9110 §11.2)');
}

const SPECIAL = /["\\]/g;

function escapeQuoted(name: string, value: string): string {
  for (let i = 0; i < value.length; i += 1) {
    if (isText(value.charCodeAt(i))) continue;
    throw new AuthError('ERR_AUTH_CHALLENGE', `${name} holds a control character, which no header can carry`);
  }
  return value.replace(SPECIAL, '\\$&');
}
