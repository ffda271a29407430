/** What the servers of a client have said of credentials: which are not to be sent again for a while (SEC-36, SEC-37). */

import type { Credential } from '../../model.js';
import { OriginReputation, type Reputation } from './reputation.js';

// Of all origins. What a server refuses is one of a few passwords; a program with thousands of accounts has more.
const MAX_ACCOUNTS = 4096;

/** Where a credential is sent to. */
interface Place {
  readonly origin: string;
  readonly realm: string;
}

/** The memory of refusals: one for a client, whoever gives the credentials. */
export class Refusals {
  readonly #origins = new Map<string, Map<string, OriginReputation>>();
  #size = 0;

  /** `nameOf` gives the name under which a credential is remembered: a keyed hash, so that no password is kept here. */
  constructor(private readonly nameOf: (text: string) => string) {}

  /** How a credential stands with a realm. */
  of({ origin, realm }: Place, credential: Credential, now: number): Reputation {
    const name = this.nameOf(JSON.stringify(partsOf(credential)));
    const known = this.#origins.get(origin)?.get(name);
    if (known) return known.in(realm, now);
    if (this.#size >= MAX_ACCOUNTS) this.#makeRoom(now);
    const account = new OriginReputation();
    const accounts = this.#origins.get(origin) ?? new Map<string, OriginReputation>();
    this.#origins.set(origin, accounts.set(name, account));
    this.#size += 1;
    return account.in(realm, now);
  }

  /** Forgets everything, or one origin. */
  forget(origin?: string): void {
    for (const one of origin === undefined ? [...this.#origins.keys()] : [origin]) {
      this.#size -= this.#origins.get(one)?.size ?? 0;
      this.#origins.delete(one);
    }
  }

  /** What holds nothing back goes first; then the oldest of the origin that has most: no origin displaces another's. */
  #makeRoom(now: number): void {
    for (const [origin, accounts] of this.#origins) {
      for (const [name, account] of accounts) if (!account.isHeld(now)) this.#delete(origin, name);
    }
    if (this.#size < MAX_ACCOUNTS) return;
    const [largest] = [...this.#origins].sort(([, one], [, other]) => other.size - one.size);
    // The memory is full, so there is one.
    const [origin, accounts] = largest as [string, Map<string, OriginReputation>];
    this.#delete(origin, accounts.keys().next().value as string);
  }

  #delete(origin: string, name: string): void {
    const accounts = this.#origins.get(origin) as Map<string, OriginReputation>;
    accounts.delete(name);
    this.#size -= 1;
    if (accounts.size === 0) this.#origins.delete(origin);
  }
}

/** What a person holds, by own properties (SEC-28). */
export function partsOf(credential: Credential): readonly unknown[] {
  const { username, password, token } = Object.assign(Object.create(null), credential);
  return [username, password, token];
}
