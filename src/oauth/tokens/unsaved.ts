/** Tokens that a store did not take: this process goes on with them, until the store holds another one than it did then. */

import { Lru } from '../../base/lru.js';
import type { StoredToken } from './stored-token.js';

const MAX_KEYS = 1000;

interface Entry {
  readonly token: StoredToken;
  /** The access token that the store held, and could not replace. */
  readonly over: string | undefined;
}

export class Unsaved {
  readonly #entries = new Lru<string, Entry>(MAX_KEYS);

  keep(key: string, token: StoredToken, over: string | undefined): void {
    this.#entries.set(key, { token, over });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** `undefined` if there is none, or if `stored` is newer: another process has logged in, renewed, or logged out. */
  over(key: string, stored: StoredToken | undefined): StoredToken | undefined {
    const entry = this.#entries.get(key);
    if (entry && entry.over !== stored?.access) this.#entries.delete(key);
    return entry?.over === stored?.access ? entry?.token : undefined;
  }

  /** Where the store does not answer. */
  anyway(key: string): StoredToken | undefined {
    return this.#entries.get(key)?.token;
  }
}
