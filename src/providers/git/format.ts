/** The input and the output of `git credential`, as lines of `key=value` (git-credential(1)). */

import { AuthError } from '../../errors.js';
import type { CredentialRequest } from '../../model.js';

/** `protocol`, `host`, `path`, `username`, `password`, and any other attribute that git prints. */
export type Attributes = ReadonlyMap<string, string>;

/**
 * The attributes of the origin for git; `undefined` if the origin has no host (SEC-13).
 *
 * No capability is announced, so no probe is needed: a git that knows `authtype` (2.46) then gives a user name and a
 * password, as every older git does, and not a ready-made `Authorization`, which Digest cannot use.
 */
export function descriptionOf({ origin, url, username }: CredentialRequest, withPath: boolean): Attributes | undefined {
  const { protocol, host } = new URL(origin);
  if (host === '') return undefined; // A socket path.
  const description = new Map([
    ['protocol', protocol.slice(0, -1)],
    ['host', host],
  ]);
  if (withPath) description.set('path', pathOf(url));
  if (username !== undefined) description.set('username', username);
  return description;
}

/** The path as git itself reads it from a URL: decoded, without the slashes around it. */
function pathOf(url: string): string {
  const path = new URL(url).pathname.replace(/^\//, '').replace(/\/+$/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // Not UTF-8.
  }
}

// A line break begins another attribute; a helper may decode a percent-encoded line break, too (CVE-2020-5260).
const breaking = /[\n\r\0]|%0a|%0d|%00/i;

/** The lines, ended by an empty line. Throws `ERR_AUTH_CREDENTIAL` for a value with a line break or NUL. */
export function format(attributes: Attributes): string {
  const lines = [...attributes].map(([key, value]) => {
    if (!breaking.test(value)) return `${key}=${value}\n`;
    const what = `a line break or NUL in the ${key}, raw or percent-encoded`;
    throw new AuthError('ERR_AUTH_CREDENTIAL', `git: ${what}, so git is not run`);
  });
  return `${lines.join('')}\n`;
}

/** The attributes of an answer; other lines are ignored, as git does. */
export function parse(text: string): Attributes {
  const lines = text.split('\n').filter((line) => line.indexOf('=') > 0);
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** Why an answer is not a credential for the request: a helper may print anything (SEC-16). */
export function mismatch(asked: Attributes, answer: Attributes): string | undefined {
  const other = ['protocol', 'host', 'username'].find((key) => asked.has(key) && asked.get(key) !== answer.get(key));
  if (other !== undefined) return `answered for another ${other}`;
  return answer.has('username') && answer.get('password') ? undefined : 'gave no password';
}
