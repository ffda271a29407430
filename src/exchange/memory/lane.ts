/**
 * A nonce in use: how many requests are on their way with it, and which nonces only one request may use at a time.
 *
 * Trials (`reputation.ts`) have one request at a time as well, but for another reason, and they last differently. A trial
 * is about a credential, counts over all realms of an origin, and outlives the session (SEC-36, SEC-37). A lane is about a
 * nonce of one session, and there are as many lanes as the server gave nonces. One queue for both would serve a server that
 * wants nc in order one request at a time.
 */

import type { Answer } from '../../model.js';

/** Waits for a lane as long as is reasonable. */
export type Patience = (lane: Promise<Lane | undefined>) => Promise<Lane | undefined | 'timeout'>;

/** An answer, and who is on the way with it. */
export class Lane {
  inFlight = 0;
  /** Whether two requests were on their way with it at once, so that the server may have seen them out of order. */
  overlapped = false;

  constructor(
    /** `nextnonce` replaces it where one request has the lane to itself. */
    public answer: Answer,
  ) {}

  enter(): void {
    this.inFlight += 1;
    if (this.inFlight > 1) this.overlapped = true;
  }

  leave(): void {
    this.inFlight -= 1;
  }
}

const MAX_LANES = 64;

/**
 * The lanes of a server that refuses nc out of order: one request on each, the others wait.
 *
 * Responses to concurrent refusals bring a nonce each, so there are as many lanes as there was concurrency.
 */
export class Lanes {
  /** Whether a request has been let in since nonces are kept apart: then a plain 401 is about the nonce. */
  proven = false;
  readonly #all = new Set<Lane>();
  readonly #idle: Lane[] = [];
  #renewing = 0;
  readonly #waiting: Array<(lane: Lane | undefined) => void> = [];

  /** A lane to oneself; `undefined` when there is none at all: the next 401 brings one. */
  async take(patience: Patience): Promise<Lane | undefined> {
    // The one used last: the others may have grown stale.
    const idle = this.#idle.pop();
    if (idle || this.#isGone) return idle;
    let hand: (lane: Lane | undefined) => void = () => {};
    const handed = new Promise<Lane | undefined>((resolve) => {
      hand = resolve;
    });
    this.#waiting.push(hand);
    let lane: Lane | undefined | 'timeout' = 'timeout';
    try {
      lane = await patience(handed);
    } finally {
      if (lane === 'timeout') this.#leaveQueue(hand, handed);
    }
    return lane === 'timeout' ? undefined : lane;
  }

  /** The lane of a fresh nonce, taken at once if it is new here; one that others use already is waited for. */
  async enter(lane: Lane, patience: Patience): Promise<Lane | undefined> {
    if (this.#all.has(lane)) return this.take(patience);
    // Beyond the limit a nonce serves one request, and is left.
    if (this.#all.size < MAX_LANES) this.#all.add(lane);
    return lane;
  }

  /** Whether a lane is one of these: one request at a time has it, and others wait for it. */
  isTaken(lane: Lane): boolean {
    return this.#all.has(lane);
  }

  /** Hands a lane on to who waits longest. */
  give(lane: Lane): void {
    if (!this.#all.has(lane)) return;
    const next = this.#waiting.shift();
    if (next) next(lane);
    else this.#idle.push(lane);
  }

  /** The nonce is used up, and the caller is after a new one: who waits, waits for that. */
  close(lane: Lane): void {
    this.#all.delete(lane);
    this.#renewing += 1;
  }

  /** The caller has a new nonce, or has given up. Who waits for the last lane then goes on without one. */
  renewed(): void {
    this.#renewing -= 1;
    if (this.#isGone) this.dissolve();
  }

  /** No lane is left, for anyone. */
  dissolve(): void {
    this.#all.clear();
    this.#idle.length = 0;
    for (const next of this.#waiting.splice(0)) next(undefined);
  }

  /** Whether there is none, and none to come. */
  get #isGone(): boolean {
    return this.#all.size === 0 && this.#renewing === 0;
  }

  #leaveQueue(hand: (lane: Lane | undefined) => void, handed: Promise<Lane | undefined>): void {
    const place = this.#waiting.indexOf(hand);
    if (place >= 0) this.#waiting.splice(place, 1);
    // It was handed over in the same moment: the next one gets it.
    else handed.then((lane) => lane && this.give(lane));
  }
}
