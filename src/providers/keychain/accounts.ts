/** What this process knows about the accounts in a keychain. */

import { Lru } from '../../base/lru.js';
import type { UsernameHint } from '../../model.js';
import { Passwords } from '../passwords.js';

const MAX_SERVICES = 1000;

export class Accounts {
  /** Passwords that the keychain gave or has saved. */
  readonly given = new Passwords();
  /** Typed passwords for which saving is already decided. */
  readonly settled = new Passwords();
  /** The accounts of each service that has several. */
  readonly several = new Lru<string, readonly string[]>(MAX_SERVICES);
  /** The account of each service whose password was refused last. */
  readonly refused = new Lru<string, string>(MAX_SERVICES);
  readonly #chosen = new Lru<string, string>(MAX_SERVICES);

  found(service: string, entries: readonly { readonly account: string }[]): void {
    if (entries.length < 2) this.several.delete(service);
    else
      this.several.set(
        service,
        entries.map(({ account }) => account),
      );
  }

  /** The choice is kept for this realm only: another realm may need another account. */
  choose(service: string, realm: string, username: string): void {
    this.#chosen.set(JSON.stringify([service, realm]), username);
  }

  chosen(service: string, realm: string): string | undefined {
    return this.#chosen.get(JSON.stringify([service, realm]));
  }

  /** Suggests the refused account once: a person who is asked again has another user name in mind. */
  takeRefused(service: string): UsernameHint | undefined {
    const username = this.refused.get(service);
    this.refused.delete(service);
    return username === undefined ? undefined : { username };
  }
}
