/** The question that `git credential` is asked and the answer it gives, as lines of `key=value` (git-credential(1)). */

import { AuthError } from '../errors.js';
import type { CredentialRequest } from '../model.js';

/** `protocol`, `host`, `path`, `username`, `password`, and what else git may say of a credential. */
export type Attributes = ReadonlyMap<string, string>;

/**
 * What git is told of the origin; `undefined` where there is no host to tell (SEC-13).
 *
 * No capability is announced, so none has to be probed: a git that knows `authtype` (2.46) then gives a user name and a
 * password, as every git before it, and no ready-made `Authorization`, which is of no use to Digest.
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

/** As git takes it from a URL itself: decoded, without slashes around it. */
function pathOf(url: string): string {
  const path = new URL(url).pathname.replace(/^\//, '').replace(/\/+$/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // Not UTF-8.
  }
}

// A line break ends an attribute and begins another, which a helper may decode it to as well (CVE-2020-5260).
const breaking = /[\n\r\0]|%0a|%0d|%00/i;

/** The lines, and the empty one that ends them. Throws `ERR_AUTH_CREDENTIAL` for a value that would be more than one. */
export function format(attributes: Attributes): string {
  const lines = [...attributes].map(([key, value]) => {
    if (!breaking.test(value)) return `${key}=${value}\n`;
    const what = `a line break or NUL in the ${key}, raw or percent-encoded`;
    throw new AuthError('ERR_AUTH_CREDENTIAL', `git: ${what}, which git must not be told`);
  });
  return `${lines.join('')}\n`;
}

/** The attributes of an answer; what is no attribute is passed over, as git does. */
export function parse(text: string): Attributes {
  const lines = text.split('\n').filter((line) => line.indexOf('=') > 0);
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** Why an answer is no credential for what was asked; a helper may say anything (SEC-16). */
export function mismatch(asked: Attributes, answer: Attributes): string | undefined {
  const other = ['protocol', 'host', 'username'].find((key) => asked.has(key) && asked.get(key) !== answer.get(key));
  if (other !== undefined) return `answered for another ${other}`;
  return answer.has('username') && answer.get('password') ? undefined : 'gave no password';
}
