/** How long the owner of a lock has shown no sign of life to a process that watches it. */

// A watcher that sleeps with its machine, or is stopped, has not watched: its owner may have slept, too.
const LONGEST_LOOK_MS = 1000;

export class Watch {
  #sign: string | undefined;
  #silence = 0;
  #last = 0;

  /** Milliseconds for which every look showed the same sign. `now` is in milliseconds of any clock that goes on. */
  look(sign: string, now: number): number {
    const passed = Math.min(now - this.#last, LONGEST_LOOK_MS);
    this.#silence = sign === this.#sign ? this.#silence + passed : 0;
    this.#sign = sign;
    this.#last = now;
    return this.#silence;
  }
}
