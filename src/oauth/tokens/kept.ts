/** Reads and writes tokens in a store that may fail. */

import { Lru } from '../../base/lru.js';
import type { TokenStore } from './store/token-store.js';
import { formatStored, parseStored, type StoredToken } from './stored-token.js';
import { Unsaved } from './unsaved.js';

const MAX_KEYS = 1000;

export class KeptTokens {
  readonly #unsaved = new Unsaved();
  /** The access tokens that the store held when it was read last. */
  readonly #seen = new Lru<string, string>(MAX_KEYS);

  constructor(private readonly store: TokenStore) {}

  /** @throws AuthError `ERR_AUTH_PROVIDER` if the store fails, and no unsaved token is in memory */
  async read(key: string): Promise<StoredToken | undefined> {
    try {
      const stored = await this.#stored(key);
      return this.#unsaved.over(key, stored) ?? stored;
    } catch (error) {
      const token = this.#unsaved.anyway(key);
      if (token) return token;
      throw error;
    }
  }

  /** A second time, if the first one fails: it is worth a login. A token that is not taken stays in memory. @throws AuthError */
  async write(key: string, token: StoredToken): Promise<void> {
    const text = formatStored(token);
    try {
      await this.store.set(key, text).catch(() => this.store.set(key, text));
    } catch (error) {
      this.remember(key, token);
      throw error;
    }
    this.#unsaved.delete(key);
    this.#seen.set(key, token.access);
  }

  /** Keeps it in memory alone. */
  remember(key: string, token: StoredToken): void {
    this.#unsaved.keep(key, token, this.#seen.get(key));
  }

  async delete(key: string): Promise<void> {
    this.#unsaved.delete(key);
    await this.store.delete(key);
  }

  async #stored(key: string): Promise<StoredToken | undefined> {
    const stored = parseStored(await this.store.get(key));
    if (stored) this.#seen.set(key, stored.access);
    else this.#seen.delete(key);
    return stored;
  }
}
