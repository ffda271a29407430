/** Finds users, and compares secrets. */

import { createHash, timingSafeEqual } from 'node:crypto';

/** A user name and its password, both in NFC (RFC 7617 §2.1, RFC 7616 §4). */
export interface User {
  readonly name: string;
  readonly password: string;
}

/**
 * The user whose name matches. The record is read at each call, so that a test can change a password. Only its own
 * properties are read, so that `constructor` is not a user.
 */
export function findUser(
  users: Readonly<Record<string, string>>,
  matches: (name: string) => boolean,
): User | undefined {
  for (const [key, password] of Object.entries(users)) {
    const name = key.normalize('NFC');
    if (matches(name)) return { name, password: password.normalize('NFC') };
  }
  return undefined;
}

/** Compares two secrets in a time that does not depend on where they differ. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(fingerprint(one), fingerprint(other));
}

function fingerprint(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
