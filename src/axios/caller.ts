/** What the caller has decided about authentication: a header, `config.auth`, or userinfo in the URL. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { PasswordCredential, UsernameHint } from '../model.js';
import { urlText } from './target.js';

/** What the caller names an account with. */
export type Callers = PasswordCredential | UsernameHint;

/** Whether the caller set a header field (its name in lower case), in any case; `false` and `null` tell axios to send none. */
export function setsField({ headers }: InternalAxiosRequestConfig, field: string): boolean {
  for (const name in headers) {
    if (isSpelling(name, field) && Object.hasOwn(headers, name) && headers[name] !== undefined) return true;
  }
  return false;
}

/** Whether a header field is there, be it without a value. */
export function namesField({ headers }: InternalAxiosRequestConfig, field: string): boolean {
  for (const name in headers) {
    if (isSpelling(name, field)) return true;
  }
  return false;
}

function isSpelling(name: string, field: string): boolean {
  return name.length === field.length && name.toLowerCase() === field;
}

/** The caller's own credential: axios sends it with Basic, and any better scheme uses it too. A name alone is a hint. */
export function callersCredential(config: InternalAxiosRequestConfig, address: () => URL): Callers | undefined {
  const auth = Object.hasOwn(config, 'auth') ? config.auth : undefined;
  if (auth) return Object.freeze({ username: ownText(auth, 'username'), password: ownText(auth, 'password') });
  if (!urlText(config.url)?.includes('@') && !urlText(config.baseURL)?.includes('@')) return undefined;
  const { username, password } = address();
  if (password !== '') return Object.freeze({ username: decode(username), password: decode(password) });
  return username === '' ? undefined : { username: decode(username) };
}

/** A URL without its userinfo. */
export function withoutUserinfo(url: string): string {
  return url.replace(USERINFO, '$1');
}

// The authority ends at the first "/", "?" or "#" (and "\" in http URLs); userinfo at its last "@" (RFC 3986 §3.2).
const USERINFO = /^([a-z][a-z\d+.-]*:[/\\]{2}|[/\\]{2})[^/?#\\]*@/i;

function ownText(auth: object, name: 'username' | 'password'): string {
  const value: unknown = Object.hasOwn(auth, name) ? (auth as Record<string, unknown>)[name] : undefined;
  return value === undefined || value === null ? '' : String(value);
}

/** Decodes once; what is no percent-encoding stays as it is, as in axios. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
