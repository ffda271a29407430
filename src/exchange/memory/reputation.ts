/** How a credential stands with a realm, and with the whole origin: accepted, refused, or sent and not answered. */

import { detached } from '../../base/detached.js';

// In milliseconds. Directories lock an account after a few wrong passwords within minutes.
const LONG_MEMORY = 15 * 60_000;
const SHORT_MEMORY = 60_000;
/** How many realms may refuse a credential, or leave it unanswered, until the origin counts as having refused it. */
const FEW = 3;
const MAX_REALMS = 64;
// Characters of its name: a server may make it as long as a header.
const MAX_REALM = 200;

/** Why a credential is not sent now. */
export interface Caution {
  readonly reason: string;
}

/** What is wrong with a credential that the realm has refused. */
export const REFUSED_BEFORE: Caution = { reason: 'gave what the server has refused already' };
const REFUSED_BY_OTHERS: Caution = { reason: `gave what ${FEW} realms of this origin have refused` };

/** One request tries a credential of which nobody knows whether it is right. */
export class Trial {
  /** Whether it is on its way, or was and never got an answer: the server may have counted it as a wrong password. */
  isOut = false;
  /** Settles when the request that tries it knows more, or gives up. */
  readonly over: Promise<void>;
  settle = () => {};

  constructor() {
    this.over = new Promise((resolve) => {
      this.settle = resolve;
    });
  }
}

/** A credential at an origin: what its realms, taken together, have said of it. */
export class OriginReputation {
  readonly #realms = new Map<string, Reputation>();
  /** The trials under way, in whichever realm. */
  readonly trials = new Set<Trial>();
  /** How many sends in a row ended without an answer: a timeout, an abort, a connection that broke. */
  #unanswered = 0;
  #lastUnanswered = 0;
  #waitUntil = 0;

  /** How it stands with a realm. Realms that begin alike for very long count as one. */
  in(name: string, now: number): Reputation {
    const realm = detached(name.slice(0, MAX_REALM), name);
    const known = this.#realms.get(realm);
    if (known) return known;
    if (this.#realms.size >= MAX_REALMS) this.#makeRoom(now);
    const reputation = new Reputation(this);
    this.#realms.set(realm, reputation);
    return reputation;
  }

  /** Whether one more may try it now. A realm has one trial at a time, unless that takes too long. */
  mayTry(now: number): boolean {
    return this.trials.size === 0 || this.trials.size + this.#unansweredAt(now) + this.refusals(now) < FEW;
  }

  /** How many realms refuse it. */
  refusals(now: number): number {
    let count = 0;
    for (const reputation of this.#realms.values()) if (reputation.isRefused(now)) count += 1;
    return count;
  }

  /** A send got no answer. After a few it waits, longer each time, and then goes once (SEC-37). */
  miss(now: number): void {
    this.#unanswered = this.#unansweredAt(now) + 1;
    this.#lastUnanswered = now;
    const beyond = this.#unanswered - FEW;
    if (beyond >= 0) this.#waitUntil = now + Math.min(LONG_MEMORY, SHORT_MEMORY * 4 ** beyond);
  }

  /** What was not answered says nothing any more. */
  forgive(): void {
    this.#unanswered = 0;
    this.#waitUntil = 0;
  }

  /** What speaks against a send to a realm that has not accepted it. */
  objection(now: number): Caution | undefined {
    if (this.refusals(now) >= FEW) return REFUSED_BY_OTHERS;
    if (now >= this.#waitUntil) return undefined;
    return { reason: `gave what was sent ${this.#unanswered} times and never answered: it waits for a while` };
  }

  /** Whether anything is known of it that keeps it from being sent. */
  isHeld(now: number): boolean {
    return this.trials.size > 0 || this.#unansweredAt(now) > 0 || this.refusals(now) > 0;
  }

  #unansweredAt(now: number): number {
    return now - this.#lastUnanswered > 2 * LONG_MEMORY ? 0 : this.#unanswered;
  }

  #makeRoom(now: number): void {
    for (const [realm, reputation] of this.#realms) if (!reputation.isRefused(now)) this.#realms.delete(realm);
    if (this.#realms.size >= MAX_REALMS) this.#realms.delete(this.#realms.keys().next().value as string);
  }
}

/** A credential in a realm of an origin: the same for all requests of a client that hold it. */
export class Reputation {
  /** Whether the realm has accepted it, and not refused it since. */
  isProven = false;
  #refusedUntil = 0;
  readonly #trials = new Set<Trial>();

  constructor(readonly account: OriginReputation) {}

  /** The newest trial in this realm; where the origin allows no more of them, that of another realm. */
  trial(now: number): Trial | undefined {
    const own = last(this.#trials);
    return own || this.account.mayTry(now) ? own : last(this.account.trials);
  }

  begin(): Trial {
    const trial = new Trial();
    this.#trials.add(trial);
    this.account.trials.add(trial);
    return trial;
  }

  end(trial: Trial, now: number): void {
    this.#trials.delete(trial);
    this.account.trials.delete(trial);
    if (trial.isOut && !this.isProven) this.account.miss(now);
    trial.settle();
  }

  /** A send of the trial got no answer; says whether another may go at once. */
  miss(trial: Trial, now: number): boolean {
    trial.isOut = false;
    if (this.isProven) return true;
    this.account.miss(now);
    return this.account.objection(now) === undefined;
  }

  /** The realm let it in on proof. */
  accept(): void {
    if (!this.isProven) this.account.forgive();
    this.isProven = true;
    this.#refusedUntil = 0;
  }

  /** The realm refused it. What was right may be right again: a directory that is down refuses everybody. */
  refuse(now: number, wasRight: boolean): void {
    this.isProven = false;
    this.#refusedUntil = now + (wasRight ? SHORT_MEMORY : LONG_MEMORY);
  }

  isRefused(now: number): boolean {
    return now < this.#refusedUntil;
  }

  /** Why it is not to be sent to the realm now (account lock-out). */
  objection(now: number): Caution | undefined {
    if (this.isRefused(now)) return REFUSED_BEFORE;
    return this.isProven ? undefined : this.account.objection(now);
  }
}

function last<T>(set: ReadonlySet<T>): T | undefined {
  return [...set].at(-1);
}
