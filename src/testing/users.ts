/** Who may come in, and whether what they said is what they hold. */

import { createHash, timingSafeEqual } from 'node:crypto';

/** A user name and its password, both in NFC (RFC 7617 §2.1, RFC 7616 §4). */
export interface User {
  readonly name: string;
  readonly password: string;
}

/**
 * The user whose name matches. The record is read anew each time, so that a test can change a password; own
 * properties only, so that nobody is called `constructor`.
 */
export function findUser(
  users: Readonly<Record<string, string>>,
  matches: (name: string) => boolean,
): User | undefined {
  for (const key of Object.keys(users)) {
    const name = key.normalize('NFC');
    if (matches(name)) return { name, password: (users[key] ?? '').normalize('NFC') };
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
