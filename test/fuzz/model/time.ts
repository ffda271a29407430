import { unlessAborted } from '../../../src/base/abort.js';
import type { Clock } from '../../../src/exchange/port/clock.js';

interface Timer {
  readonly due: number;
  readonly ring: () => void;
}

/** A clock for an exchange, and the only source of delays for those it talks to. */
export class VirtualTime implements Clock {
  /** How often someone who waited for another one has run out of patience. */
  impatience = 0;
  readonly epoch = 0;
  #now = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  date(): number {
    return this.#now;
  }

  /** Calls `ring` later, unless it is taken back. */
  after(milliseconds: number, ring: () => void): () => void {
    const timer = { due: this.#now + milliseconds, ring };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.after(milliseconds, resolve));
  }

  async within<T>(milliseconds: number, promise: Promise<T>, signal: AbortSignal | undefined): Promise<T | 'timeout'> {
    let takeBack = () => {};
    const timeout = new Promise<'timeout'>((resolve) => {
      takeBack = this.after(milliseconds, () => resolve('timeout'));
    });
    try {
      const outcome = await unlessAborted(Promise.race([promise, timeout]), signal);
      if (outcome === 'timeout') this.impatience += 1;
      return outcome;
    } finally {
      takeBack();
    }
  }

  /** Lets everything happen that will ever happen. What has not settled then never will. */
  async run(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#next();
      if (!next) return;
      this.#timers.delete(next);
      this.#now = next.due;
      next.ring();
    }
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (!next || timer.due < next.due) next = timer;
    return next;
  }
}
