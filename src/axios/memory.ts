/** Which memory a request uses: credentials of different sources, and for different accounts, never meet. */

import { sameCredential } from '../exchange/space.js';
import { Spaces } from '../exchange/spaces.js';
import type { PasswordCredential, Provider } from '../model.js';

// Beyond the client's own: for requests with providers, credentials or account names of their own.
const MAX_MEMORIES = 64;

/** What sets a memory apart. */
interface Source {
  readonly providers: readonly Provider[];
  /** The account that the URL names. */
  readonly username: string | undefined;
  /** What the caller put into `config.auth` or the URL. */
  readonly credential: PasswordCredential | undefined;
}

/** The protection spaces of a client. */
export class Memory {
  /** Of the client's own requests. */
  readonly own = new Spaces();
  /** The least recently used first. */
  readonly #others: Array<{ readonly source: Source; readonly spaces: Spaces }> = [];

  /** `providers` are those of the client itself. */
  constructor(private readonly providers: readonly Provider[]) {}

  /** The memory of a source: the same providers in the same order, the same account, the same credential. */
  of(source: Source): Spaces {
    const { providers, username, credential } = source;
    if (providers === this.providers && username === undefined && !credential) return this.own;
    const index = this.#others.findIndex((one) => isSame(one.source, source));
    const [known] = index < 0 ? [] : this.#others.splice(index, 1);
    const memory = known ?? { source, spaces: new Spaces() };
    this.#others.push(memory);
    if (this.#others.length > MAX_MEMORIES) this.#others.shift();
    return memory.spaces;
  }

  /** Whether no request of the client's own can be authorized before it is challenged. */
  get isEmpty(): boolean {
    return this.own.size === 0;
  }

  /** Forgets everything, or one origin. */
  forget(origin?: string): void {
    for (const spaces of [this.own, ...this.#others.map((one) => one.spaces)]) spaces.forget(origin);
  }
}

function isSame(one: Source, other: Source): boolean {
  if (one.username !== other.username) return false;
  if (one.credential || other.credential) return isSameCredential(one.credential, other.credential);
  return one.providers.length === other.providers.length && one.providers.every((p, i) => p === other.providers[i]);
}

function isSameCredential(one: PasswordCredential | undefined, other: PasswordCredential | undefined): boolean {
  return one !== undefined && other !== undefined && sameCredential(one, other);
}
