/** What a process has seen of the accounts in a keychain. */

import type { PasswordCredential, UsernameHint } from '../model.js';

export class Accounts {
  /** What the keychain gave. */
  readonly given = new Passwords();
  /** What a person typed and was asked about. */
  readonly settled = new Passwords();
  /** The accounts of the services that have several. */
  readonly several = new Map<string, readonly string[]>();
  /** The account of a service whose password was refused last. */
  readonly refused = new Map<string, string>();
  readonly #chosen = new Map<string, string>();

  found(service: string, entries: readonly { readonly account: string }[]): void {
    if (entries.length < 2) this.several.delete(service);
    else
      this.several.set(
        service,
        entries.map(({ account }) => account),
      );
  }

  /** The choice holds for the realm: another one may want another account. */
  choose(service: string, realm: string, username: string): void {
    this.#chosen.set(JSON.stringify([service, realm]), username);
  }

  chosen(service: string, realm: string): string | undefined {
    return this.#chosen.get(JSON.stringify([service, realm]));
  }

  /** Once: after that, whoever is asked has a name of their own in mind. */
  takeRefused(service: string): UsernameHint | undefined {
    const username = this.refused.get(service);
    this.refused.delete(service);
    return username === undefined ? undefined : { username };
  }
}

/** The last password seen of each account. */
class Passwords {
  readonly #passwords = new Map<string, string>();

  keep(service: string, { username, password }: PasswordCredential): void {
    this.#passwords.set(JSON.stringify([service, username]), password);
  }

  has(service: string, { username, password }: PasswordCredential): boolean {
    return this.#passwords.get(JSON.stringify([service, username])) === password;
  }
}
