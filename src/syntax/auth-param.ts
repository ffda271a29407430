/** auth-param: a name with a value (RFC 9110 §11.2). */

import { detached } from '../base/detached.js';
import { AuthError } from '../errors.js';
import { lowerCase } from './names.js';
import { isText, isToken, type Scanner } from './scanner.js';

/** The most auth-params of a list: beyond that it is an attack, since RFC 7616 defines ten for a challenge. */
export const MAX_PARAMS = 128;

/** auth-params by lower-case name. Null prototype: no name has a special meaning, not even `__proto__`. */
export type AuthParams = Record<string, string>;

/** An empty set of auth-params. */
export function authParams(): AuthParams {
  return Object.create(null);
}

/**
 * auth-param = token BWS "=" BWS ( token / quoted-string )
 *
 * Adds the auth-param to `params`; without `params` it is read, and not kept. `undefined` if no `token BWS "="` comes
 * next; `malformed` if no whole value follows, or if the name is already in `params`.
 */
export function readAuthParam(scanner: Scanner, params: AuthParams | undefined): 'read' | 'malformed' | undefined {
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
  if (value === undefined || !scanner.ended) return 'malformed';
  if (params === undefined) return 'read';
  const key = detached(lowerCase(name), scanner.text);
  if (key in params) return 'malformed';
  params[key] = detached(value, scanner.text);
  return 'read';
}

/** Writes `name="value"`, escaped (RFC 9110 §5.6.4): reading it back gives the same value. */
export function formatQuoted(name: string, value: string): string {
  return `${formatName(name)}=${quote(name, value)}`;
}

/** Writes the quoted-string of `value`; `name` is for the error. */
export function quote(name: string, value: string): string {
  return isPlain(value) ? `"${value}"` : `"${escapeQuoted(name, value)}"`;
}

/** Whether a value is ASCII without anything to escape or to refuse, as almost every value is. */
export function isPlain(value: string): boolean {
  return PLAIN.test(value);
}

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

// attr-char leaves these out, and encodeURIComponent leaves them in.
const NOT_ATTR_CHAR = /['()*]/g;

/** Writes an ext-value (RFC 8187 §3.2.1), as `username*` carries it: `UTF-8''` and the percent-encoded UTF-8 bytes of `value`. */
export function formatExtValue(value: string): string {
  const encoded = encodeURIComponent(value).replace(
    NOT_ATTR_CHAR,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `UTF-8''${encoded}`;
}
