/** Remembers the passwords that a store gave or was offered. In a store, all realms of an origin share a password. */

import { createHmac, randomBytes } from 'node:crypto';
import { Lru } from '../base/lru.js';
import type { PasswordCredential } from '../model.js';

// A program with more accounts than this limit forgets the oldest: then an entry that was refused stays in the store.
const MAX_ACCOUNTS = 4096;
const MAX_REALMS = 64;

interface Kept {
  /** Recognizes the password without keeping it. */
  readonly hash: string;
  /** The realms that have not refused the password. */
  readonly realms: Lru<string, true>;
}

/** The last password seen for each account. */
export class Passwords {
  readonly #kept = new Lru<string, Kept>(MAX_ACCOUNTS);

  keep(service: string, { username, password }: PasswordCredential, realm: string): void {
    const key = keyOf(service, username);
    const known = this.#kept.get(key);
    const hash = hashed(password);
    const kept = known?.hash === hash ? known : { hash, realms: new Lru<string, true>(MAX_REALMS) };
    kept.realms.set(realm, true);
    this.#kept.set(key, kept);
  }

  has(service: string, credential: PasswordCredential): boolean {
    return this.#of(service, credential) !== undefined;
  }

  /** Notes that a realm refused the password. True if no other realm that got it may still accept it (SEC-38). */
  refuse(service: string, credential: PasswordCredential, realm: string): boolean {
    const realms = this.#of(service, credential)?.realms;
    realms?.delete(realm);
    return realms?.size === 0;
  }

  #of(service: string, { username, password }: PasswordCredential): Kept | undefined {
    const kept = this.#kept.get(keyOf(service, username));
    return kept?.hash === hashed(password) ? kept : undefined;
  }
}

const key = randomBytes(32);

function hashed(password: string): string {
  return createHmac('sha256', key).update(password).digest('base64');
}

function keyOf(service: string, username: string): string {
  return JSON.stringify([service, username]);
}
