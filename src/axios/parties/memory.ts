/** Selects the memory of a request: credentials of different sources, or for different accounts, are kept apart. */

import { Offers } from '../../exchange/memory/offers.js';
import { sameCredential } from '../../exchange/memory/space.js';
import { Spaces } from '../../exchange/memory/spaces.js';
import { newStores, type Stores } from '../../exchange/memory/stores.js';
import type { PasswordCredential, Provider } from '../../model.js';
import { fingerprint } from './fingerprint.js';

// Counts the memories for requests with their own providers, credentials or account names, not the client's own.
const MAX_MEMORIES = 64;

/** Challenges that origins and proxies have offered, shared by all clients and accounts of the process (SEC-39). */
export const OFFERS = { origins: new Offers(), proxies: new Offers() } as const;

/** What distinguishes one memory from another. */
interface Source {
  readonly providers: readonly Provider[];
  /** The account that the URL names. */
  readonly username: string | undefined;
  /** The credential that the caller put into `config.auth` or the URL. */
  readonly credential: PasswordCredential | undefined;
  /** The origin that this credential or account is for (SEC-45). */
  readonly origin: string | undefined;
  /** The host of the caller's own Host field, if it differs from the URL's host (SEC-46). */
  readonly host: string | undefined;
}

/** The protection spaces of a client. */
export class Memory {
  /** Shared by all requests: a refused credential stays refused, whichever provider gives it. */
  readonly #stores: Stores;
  /** For requests that bring no provider, credential, account name or host of their own. */
  readonly own: Spaces;
  /** The least recently used first. */
  readonly #others: Array<{ readonly source: Source; readonly spaces: Spaces }> = [];

  /** `providers` are those of the client itself. */
  constructor(
    private readonly providers: readonly Provider[],
    offers: Offers,
  ) {
    this.#stores = newStores(offers, fingerprint);
    this.own = new Spaces(this.#stores);
  }

  /**
   * Returns the memory for a source. Two sources share a memory if they have the same account, origin and host, and the
   * same credential or, without a credential, the same providers in the same order.
   */
  of(source: Source): Spaces {
    const { providers, username, credential, host } = source;
    const isOwn = providers === this.providers && username === undefined && !credential && host === undefined;
    if (isOwn) return this.own;
    const index = this.#others.findIndex((one) => isSame(one.source, source));
    const [known] = index < 0 ? [] : this.#others.splice(index, 1);
    const memory = known ?? { source, spaces: new Spaces(this.#stores) };
    this.#others.push(memory);
    if (this.#others.length > MAX_MEMORIES) this.#others.shift()?.spaces.release();
    return memory.spaces;
  }

  /** Whether the client's own memory is empty: then no request that uses it can be authorized before a challenge. */
  get isEmpty(): boolean {
    return this.own.size === 0;
  }

  /** Forgets everything, or one origin. A memory that is then empty is dropped, together with its credential. */
  forget(origin?: string): void {
    this.#stores.refusals.forget(origin);
    for (const spaces of [this.own, ...this.#others.map((one) => one.spaces)]) spaces.forget(origin);
    const left = origin === undefined ? [] : this.#others.filter((one) => one.spaces.size > 0);
    this.#others.length = 0;
    this.#others.push(...left);
  }
}

function isSame(one: Source, other: Source): boolean {
  if (one.username !== other.username) return false;
  if (one.origin !== other.origin || one.host !== other.host) return false;
  if (one.credential || other.credential) return isSameCredential(one.credential, other.credential);
  return one.providers.length === other.providers.length && one.providers.every((p, i) => p === other.providers[i]);
}

function isSameCredential(one: PasswordCredential | undefined, other: PasswordCredential | undefined): boolean {
  return one !== undefined && other !== undefined && sameCredential(one, other);
}
