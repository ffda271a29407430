/** Reads how the caller authenticates a request itself: with a header, `config.auth`, or userinfo in the URL. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { PasswordCredential, UsernameHint } from '../../model.js';
import { decodeOnce } from '../../syntax/url.js';
import { urlText } from './target.js';

/** The caller's own credential, or a username alone. */
export type ExplicitAuth = PasswordCredential | UsernameHint;

/**
 * Whether the caller set a header field (`field` is in lower case), in any spelling. `false` and `null` count as set:
 * they tell axios to send no such field.
 */
export function setsField({ headers }: InternalAxiosRequestConfig, field: string): boolean {
  for (const name in headers) {
    if (sets(headers, name, field)) return true;
  }
  return false;
}

/**
 * The host in the caller's own Host field, in lower case, if it differs from the URL's host: then the request is for
 * another server than the URL's (RFC 9110 §7.2).
 */
export function ownHost({ headers }: InternalAxiosRequestConfig, address: () => URL): string | undefined {
  for (const name in headers) {
    if (!isSpelling(name, 'host') || !Object.hasOwn(headers, name)) continue;
    const value: unknown = headers[name];
    if (value === undefined || value === null || value === false) continue;
    const host = String(value).toLowerCase();
    if (host !== address().host) return host;
  }
  return undefined;
}

/** Whether one of the header fields is present, even without a value. */
export function namesAny({ headers }: InternalAxiosRequestConfig, fields: readonly string[]): boolean {
  for (const name in headers) {
    for (const field of fields) {
      if (isSpelling(name, field)) return true;
    }
  }
  return false;
}

function sets(headers: InternalAxiosRequestConfig['headers'], name: string, field: string): boolean {
  return isSpelling(name, field) && Object.hasOwn(headers, name) && headers[name] !== undefined;
}

function isSpelling(name: string, field: string): boolean {
  return name.length === field.length && name.toLowerCase() === field;
}

/** The caller's own credential: axios sends it with Basic, stronger schemes use it too. A username alone is a hint. */
export function explicitAuthOf(config: InternalAxiosRequestConfig, address: () => URL): ExplicitAuth | undefined {
  const auth = Object.hasOwn(config, 'auth') ? config.auth : undefined;
  if (auth) return Object.freeze({ username: ownText(auth, 'username'), password: ownText(auth, 'password') });
  if (!hasUserinfo(config.url) && !hasUserinfo(config.baseURL)) return undefined;
  const { username, password } = address();
  if (password !== '') return Object.freeze({ username: decodeOnce(username), password: decodeOnce(password) });
  return username === '' ? undefined : { username: decodeOnce(username) };
}

/** Whether there may be userinfo in a URL. */
export function hasUserinfo(url: unknown): boolean {
  return urlText(url)?.includes('@') === true;
}

/** A URL without its userinfo. */
export function withoutUserinfo(url: string): string {
  return without(USERINFO, url);
}

/** A URL without its userinfo, if the userinfo has a password. */
export function withoutPassword(url: string): string {
  return without(PASSWORD, url);
}

function without(userinfo: RegExp, url: string): string {
  const read = url.replace(UNREAD, '');
  return userinfo.test(read) ? read.replace(userinfo, '$1') : url;
}

// Characters that the URL parser ignores (WHATWG URL §4.4): white space and control characters before the URL, and tabs
// and line breaks anywhere.
const UNREAD = /^[\0- ]+|[\t\n\r]+/g;
// The authority of an http URL begins after any number of slashes, and "\" counts as a slash. It ends at the first "/",
// "?" or "#", and userinfo ends at the last "@" of the authority (RFC 3986 §3.2). Invalid characters may stand before
// the scheme, because errors also show invalid URLs.
const USERINFO = /^([^\w/\\?#]*(?:(?:https?|wss?|ftp):[/\\]*|(?:[a-z][a-z\d+.-]*:)?[/\\]{2,}))[^/?#\\]*@/i;
const PASSWORD = /^([^\w/\\?#]*(?:(?:https?|wss?|ftp):[/\\]*|(?:[a-z][a-z\d+.-]*:)?[/\\]{2,}))[^/?#\\:]*:[^/?#\\]*@/i;

function ownText(auth: object, name: 'username' | 'password'): string {
  const value: unknown = Object.hasOwn(auth, name) ? (auth as Record<string, unknown>)[name] : undefined;
  return value === undefined || value === null ? '' : String(value);
}
