/** The port to where tokens are kept, and the store that is the memory of this process. */

/**
 * Keeps tokens, in place of the keychain of the operating system. A key and its value are text, the value is a secret.
 * Calls for one key are made by one process at a time, whatever the store.
 *
 * @example
 * const kept = new Map<string, string>();
 * const store: TokenStore = {
 *   get: async (key) => kept.get(key),
 *   set: async (key, value) => void kept.set(key, value),
 *   delete: async (key) => void kept.delete(key),
 * };
 */
export interface TokenStore {
  /** `undefined` if there is none. */
  get(key: string): Promise<string | undefined>;
  /** In place of an existing value. All or nothing: a reader gets the old value or the new one. */
  set(key: string, value: string): Promise<void>;
  /** Does nothing if there is none. */
  delete(key: string): Promise<void>;
}

export class MemoryTokens implements TokenStore {
  readonly #values = new Map<string, string>();

  async get(key: string): Promise<string | undefined> {
    return this.#values.get(key);
  }

  async set(key: string, value: string): Promise<void> {
    this.#values.set(key, value);
  }

  async delete(key: string): Promise<void> {
    this.#values.delete(key);
  }
}
