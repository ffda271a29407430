/** Knows which of the kept tokens may be given: none that is about to run out, or that a server has refused. */

import { unlessAborted } from '../base/abort.js';
import { Lru } from '../base/lru.js';
import { SingleFlight } from '../base/single-flight.js';
import { IssuerUnreachable } from './protocol/http.js';
import { isFresh, type StoredToken } from './tokens/stored-token.js';
import type { Tokens } from './tokens/tokens.js';

const MAX_TOKENS = 1000;
// How long no token is got in place of one that was refused as soon as it was new.
const VAIN_MS = 60_000;
const CUT_OFF_MS = 30_000;

interface Refusals {
  /** The token that was refused last. */
  readonly access: string;
  /** The token that was got in its place, and that no server has accepted yet. */
  readonly unproven?: string;
  /** Until when it is in vain to get another. */
  readonly vainUntil?: number;
}

/** What a program needs, and how it gets it. */
interface Want {
  /** Whether a token that another request has got will do. */
  fits(known: StoredToken): boolean;
  get(signal: AbortSignal): Promise<StoredToken>;
}

type Renew = (stored: StoredToken) => Promise<StoredToken | 'gone'>;

export class Keeper {
  readonly #keys = new Lru<string, string>(MAX_TOKENS);
  readonly #refusals = new Lru<string, Refusals>(MAX_TOKENS);
  readonly #flights = new Lru<string, SingleFlight<StoredToken | undefined>>(MAX_TOKENS);
  /** When the issuer could not be reached. */
  readonly #cutOff = new Lru<string, number>(MAX_TOKENS);

  constructor(private readonly tokens: Tokens) {}

  read(key: string, signal?: AbortSignal): Promise<StoredToken | undefined> {
    return this.tokens.read(key, signal);
  }

  isUsable(key: string, token: StoredToken): boolean {
    return token.access !== this.#refusals.get(key)?.access && isFresh(token, Date.now());
  }

  /** Whether a token that was got in place of a refused one was refused itself, a short time ago. */
  isVain(key: string): boolean {
    return (this.#refusals.get(key)?.vainUntil ?? 0) > Date.now();
  }

  /** A new token, got once for all who wait. */
  async get(key: string, { fits, get }: Want, signal?: AbortSignal): Promise<StoredToken> {
    const task = async (leaving: AbortSignal) => {
      // Another request may have got it since this one looked.
      const known = await this.tokens.read(key);
      if (known && fits(known)) return known;
      const token = await get(leaving);
      await this.tokens.write(key, token);
      return token;
    };
    return this.#fresh(key, (await this.#flight(key).join(task, signal)) as StoredToken);
  }

  /** The renewal is not given up when its last waiter leaves: what the issuer has given out must be kept. */
  async renew(key: string, held: StoredToken, renew: Renew, signal?: AbortSignal): Promise<StoredToken | undefined> {
    const task = () => this.tokens.renew(key, held, renew);
    try {
      const token = await unlessAborted(this.#flight(key).join(task, undefined), signal);
      return token && this.#fresh(key, token);
    } catch (error) {
      if (error instanceof IssuerUnreachable) this.#cutOff.set(key, Date.now());
      throw error;
    }
  }

  /** Whether the issuer could not be reached a moment ago: a person who is sent there would not reach it either. */
  isCutOff(key: string): boolean {
    return Date.now() - (this.#cutOff.get(key) ?? 0) < CUT_OFF_MS;
  }

  /** Keeps what a person has logged in for: in memory if the store fails. @returns what the store threw */
  async keep(key: string, token: StoredToken): Promise<unknown> {
    this.#refusals.delete(key);
    try {
      await this.tokens.write(key, token);
      return undefined;
    } catch (error) {
      return error ?? new Error('the store failed');
    }
  }

  /** Remembers what a token is of, for the verdict on it. */
  given(key: string, token: StoredToken): StoredToken {
    this.#keys.set(token.access, key);
    return token;
  }

  refused(access: string): void {
    const key = this.#keys.get(access);
    if (key === undefined) return;
    const isNew = this.#refusals.get(key)?.unproven === access;
    this.#refusals.set(key, { access, ...(isNew && { vainUntil: Date.now() + VAIN_MS }) });
  }

  accepted(access: string): void {
    const key = this.#keys.get(access);
    const known = key === undefined ? undefined : this.#refusals.get(key);
    if (key !== undefined && known?.unproven === access) this.#refusals.set(key, { access: known.access });
  }

  #fresh(key: string, token: StoredToken): StoredToken {
    const known = this.#refusals.get(key);
    if (known && known.access !== token.access) this.#refusals.set(key, { ...known, unproven: token.access });
    return token;
  }

  #flight(key: string): SingleFlight<StoredToken | undefined> {
    const flight = this.#flights.get(key) ?? new SingleFlight();
    this.#flights.set(key, flight);
    return flight;
  }
}
