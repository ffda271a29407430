/** The authenticated connections of one client; their code is loaded with the first challenge that asks for one. */

import type { Pins, PinsInput } from './connections/pins.js';
import type { Pools } from './connections/pools.js';

interface Loaded {
  readonly pools: Pools;
  readonly pins: typeof Pins;
}

/** Most clients never have one: only NTLM and Negotiate authenticate connections. */
export class BoundConnections {
  #loaded: Loaded | undefined;
  #isOver = false;

  async load(): Promise<void> {
    if (this.#loaded) return;
    const [{ Pins }, { Pools }] = await Promise.all([
      import('./connections/pins.js'),
      import('./connections/pools.js'),
    ]);
    this.#loaded ??= { pools: new Pools(), pins: Pins };
    if (this.#isOver) this.#loaded.pools.end();
  }

  /** Those that one request may have to itself; `undefined` before they are loaded. */
  of(input: Omit<PinsInput, 'pools'>): Pins | undefined {
    return this.#loaded && new this.#loaded.pins({ ...input, pools: this.#loaded.pools });
  }

  /** Closes the connections to one origin, or all. */
  forget(origin?: string): void {
    this.#loaded?.pools.forget(origin);
  }

  /** Closes all, and keeps none from now on. */
  end(): void {
    this.#isOver = true;
    this.#loaded?.pools.end();
  }
}
