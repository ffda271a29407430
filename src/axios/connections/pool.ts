/** The connections of one bond: no more than a few at once, each for one request at a time (SEC-34, SEC-35). */

import { clock } from '../client/clock.js';
import type { OwnConnection } from './own-connection.js';

// In milliseconds. Many servers close an idle connection after five seconds, and one that is closed is of no use.
const MAX_IDLE = 4000;

type Hand = (connection: OwnConnection | undefined) => void;

/** How long a request waits for a connection. */
export interface Wait {
  /** In milliseconds; 0: as long as it takes. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

/** The connections of one bond. */
export class Pool {
  /** The one used last comes last: the others may be closed sooner. */
  readonly #idle = new Map<OwnConnection, NodeJS.Timeout>();
  readonly #busy = new Set<OwnConnection>();
  /** Given back, while their responses are still read, which may take for ever: without a firm limit they take no place. */
  readonly #reading = new Set<OwnConnection>();
  readonly #waiting: Hand[] = [];
  #isClosed = false;

  constructor(
    private readonly size: number,
    private readonly make: () => OwnConnection,
    private readonly emptied: () => void,
    /** Whether the caller has set the limit, which then holds for what is still read as well, as in Node's own agent. */
    private readonly isFirm = true,
  ) {}

  /**
   * A connection for one request.
   *
   * @param isNew - whether one that others have used will not do
   * @returns `undefined` if none became free in time, or if the pool has been closed meanwhile
   * @throws Abandoned
   */
  async take(isNew: boolean, patience: Wait): Promise<OwnConnection | undefined> {
    const taken = this.#takeAtOnce(isNew) ?? (await this.#wait(patience));
    if (!taken || !isNew || !taken.isAuthenticated) return taken;
    const opened = this.#open();
    this.#forget(taken);
    taken.close();
    return opened;
  }

  /** The request is over; the connection is kept for the next one if its server has let the request in. */
  give(connection: OwnConnection, isKept: boolean): void {
    if (isKept && !this.#isClosed && !connection.isClosed) {
      if (!this.isFirm) {
        this.#busy.delete(connection);
        this.#reading.add(connection);
      }
      connection.giveBack();
      if (!this.isFirm) this.#next();
      return;
    }
    this.#forget(connection);
    connection.retire();
    this.#next();
  }

  /** Closes what is idle, and what is in use after its response. */
  close(): void {
    this.#isClosed = true;
    for (const connection of [...this.#idle.keys()]) connection.close();
    for (const hand of this.#waiting.splice(0)) hand(undefined);
    this.#tell();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  #takeAtOnce(isNew: boolean): OwnConnection | undefined {
    if (this.#isClosed) return undefined;
    const idle = [...this.#idle.keys()];
    if (!isNew) {
      const newest = idle.findLast(({ isClosed }) => !isClosed);
      if (newest) return this.#lease(newest);
    }
    if (this.#idle.size + this.#busy.size < this.size) return this.#open();
    idle[0]?.close();
    return idle.length > 0 ? this.#open() : undefined;
  }

  async #wait({ timeout, signal }: Wait): Promise<OwnConnection | undefined> {
    if (this.#isClosed) return undefined;
    let hand: Hand = () => {};
    const handed = new Promise<OwnConnection | undefined>((resolve) => {
      hand = resolve;
    });
    this.#waiting.push(hand);
    let given: OwnConnection | undefined | 'timeout' = 'timeout';
    try {
      given = await clock.within(timeout > 0 ? timeout : LONGEST, handed, signal);
    } finally {
      if (given === 'timeout') this.#leave(hand, handed);
    }
    return given === 'timeout' ? undefined : given;
  }

  #leave(hand: Hand, handed: Promise<OwnConnection | undefined>): void {
    const place = this.#waiting.indexOf(hand);
    if (place >= 0) this.#waiting.splice(place, 1);
    // It was handed over in the same moment: the next one gets it.
    else handed.then((connection) => connection && this.give(connection, connection.isAuthenticated));
  }

  #open(): OwnConnection {
    const connection = this.make();
    connection.onClose = () => {
      this.#forget(connection);
      this.#next();
    };
    connection.onIdle = () => this.#rest(connection);
    this.#busy.add(connection);
    return connection;
  }

  #lease(connection: OwnConnection): OwnConnection {
    clearTimeout(this.#idle.get(connection));
    this.#idle.delete(connection);
    this.#busy.add(connection);
    connection.lease();
    return connection;
  }

  /** Its response has been read. */
  #rest(connection: OwnConnection): void {
    this.#busy.delete(connection);
    this.#reading.delete(connection);
    if (this.#isClosed || this.#idle.size + this.#busy.size >= this.size) {
      connection.close();
      return;
    }
    const timer = setTimeout(() => connection.close(), MAX_IDLE);
    timer.unref();
    this.#idle.set(connection, timer);
    const hand = this.#waiting.shift();
    if (hand) hand(this.#lease(connection));
  }

  /** A place has become free. */
  #next(): void {
    const isFull = this.#isClosed || this.#idle.size + this.#busy.size >= this.size;
    const hand = isFull ? undefined : this.#waiting.shift();
    if (hand) hand(this.#open());
    this.#tell();
  }

  #forget(connection: OwnConnection): void {
    clearTimeout(this.#idle.get(connection));
    this.#idle.delete(connection);
    this.#busy.delete(connection);
    this.#reading.delete(connection);
  }

  #tell(): void {
    const held = this.#idle.size + this.#busy.size + this.#reading.size;
    if (held + this.#waiting.length === 0) this.emptied();
  }
}

// The longest that a timer of Node can be set to, in milliseconds.
const LONGEST = 2 ** 31 - 1;
