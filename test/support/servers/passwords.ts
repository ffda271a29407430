/** The people the real servers know, and the password files that say so. Hashed by node:crypto, not by our code. */

import { createHash } from 'node:crypto';
import type { PasswordCredential } from '../../../src/model.js';

export const alice: PasswordCredential = { username: 'alice', password: 'wonder land' };
/** Neither name nor password fits into ASCII, the password not even into Latin-1. */
export const juergen: PasswordCredential = { username: 'jürgen', password: 'pässwörd €' };
/** Alice with a typing error. */
export const mistyped: PasswordCredential = { ...alice, password: 'wonderland' };

/** An htpasswd file of both: Apache and nginx read `{SHA}`. */
export function htpasswd(): string {
  return htpasswdOf((password) => `{SHA}${createHash('sha1').update(password).digest('base64')}`);
}

/** The same with another hash. */
export function htpasswdOf(hashed: (password: string) => string): string {
  return lines(({ username, password }) => [`${username}:${hashed(password)}`]);
}

/** An htdigest file of both. */
export function htdigest(...realms: string[]): string {
  return lines(({ username, password }) =>
    realms.map((realm) => `${username}:${realm}:${hash('md5', `${username}:${realm}:${password}`)}`),
  );
}

/** lighttpd's kind: one line an algorithm, told apart by its length, and the userhash as a fourth field. */
export function htdigestWithUserhash(realm: string): string {
  return lines(({ username, password }) =>
    ['md5', 'sha256'].map(
      (algorithm) =>
        `${username}:${realm}:${hash(algorithm, `${username}:${realm}:${password}`)}:${hash(algorithm, `${username}:${realm}`)}`,
    ),
  );
}

function lines(of: (person: PasswordCredential) => string[]): string {
  return [alice, juergen]
    .flatMap(of)
    .map((line) => `${line}\n`)
    .join('');
}

function hash(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}
