/** All connections of a client that are authenticated, by what they are authenticated with (SEC-34). */

import type { Bond } from '../../exchange/port/pinning.js';
import { bondName, ticketName } from './names.js';
import type { OwnConnection } from './own-connection.js';
import { Pool } from './pool.js';

/** How the connections of a bond are opened. */
export interface Way {
  readonly name: string;
  /** How many there may be at once. */
  readonly size: number;
  /** Whether the caller says so. */
  readonly isFirm: boolean;
  open(): OwnConnection;
}

interface Entry {
  readonly origins: readonly string[];
  /** The names of what the connections are authenticated with: by the origin, by the proxy, or by both. */
  readonly bonds: readonly string[];
  readonly pool: Pool;
}

/** The pools of one client. No other client gets at them. */
export class Pools {
  readonly #entries = new Map<string, Entry>();
  /** Whether nobody begins a request any more: what those on their way have in use is kept for nobody. */
  isOver = false;

  /** The pool of all these bonds at once, for one way of opening connections, new or known. */
  of(bonds: readonly Bond[], { name, size, isFirm, open }: Way): Pool {
    const names = bonds.map(bondName);
    const key = JSON.stringify([names, ticketName(bonds), name, size, isFirm]);
    const known = this.#entries.get(key);
    if (known) return known.pool;
    const pool: Pool = new Pool(size, open, () => this.#remove(key, pool), isFirm);
    this.#entries.set(key, { origins: bonds.map(({ origin }) => origin), bonds: names, pool });
    return pool;
  }

  /** Closes the connections of a bond, however they were opened. */
  close(bond: Bond): void {
    const bonded = bondName(bond);
    this.#close((entry) => entry.bonds.includes(bonded));
  }

  /** Closes the connections to one origin, or all. */
  forget(origin?: string): void {
    this.#close((entry) => origin === undefined || entry.origins.includes(origin));
  }

  /** Closes all, and keeps none from now on. */
  end(): void {
    this.isOver = true;
    this.forget();
  }

  #close(isMeant: (entry: Entry) => boolean): void {
    for (const [key, entry] of [...this.#entries]) {
      if (!isMeant(entry)) continue;
      this.#entries.delete(key);
      entry.pool.close();
    }
  }

  #remove(key: string, pool: Pool): void {
    if (this.#entries.get(key)?.pool === pool) this.#entries.delete(key);
  }
}
