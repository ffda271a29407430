/** Remembers the issued nonces, and how each was used. */

import { randomBytes } from 'node:crypto';
import type { Session } from './digest-hash.js';
import { forbid } from './violation.js';

const MOST_NONCES = 10_000;
const MOST_GAPS = 1_024;

/** One issued nonce. */
export class Nonce {
  readonly value = randomBytes(24).toString('base64url');
  readonly issuedAt = Date.now();
  /** The number of accepted requests with this nonce. */
  uses = 0;
  /** The nonce and cnonce of the session key for each user name (RFC 7616 §3.4.2). */
  readonly sessions = new Map<string, Session>();
  #lastNc = 0;
  // Every nc up to the floor counts as used; each used nc above it is stored. So counting in order needs no memory.
  #floor = 0;
  readonly #above = new Set<number>();

  /** @param space the algorithm and the realm that the nonce was issued for */
  constructor(readonly space: string) {}

  /** Notes the nc; false when it breaks the order. RFC 7616 §3.4: the server detects replays by the nc. */
  count(nc: number, order: 'any' | 'strict'): boolean {
    if (order === 'strict' ? nc !== this.#lastNc + 1 : this.#seen(nc)) return false;
    this.#lastNc = nc;
    this.#above.add(nc);
    this.#raiseFloor();
    return true;
  }

  #seen(nc: number): boolean {
    return nc <= this.#floor || this.#above.has(nc);
  }

  #raiseFloor(): void {
    if (this.#above.size > MOST_GAPS) this.#floor = Math.min(...this.#above) - 1;
    while (this.#above.delete(this.#floor + 1)) this.#floor += 1;
  }
}

/** The issued nonces of one server. If there are too many, the oldest is forgotten. */
export class Nonces {
  readonly #issued = new Map<string, Nonce>();

  issue(space: string): Nonce {
    const nonce = new Nonce(space);
    this.#issued.set(nonce.value, nonce);
    if (this.#issued.size > MOST_NONCES) this.#forgetOldest();
    return nonce;
  }

  /** The nonce, if the server issued and remembers it; a nonce that was issued for another space is a Violation. */
  find(value: string, space: string): Nonce | undefined {
    const nonce = this.#issued.get(value);
    forbid(nonce !== undefined && nonce.space !== space, 'digest: the nonce was issued with another challenge');
    return nonce;
  }

  #forgetOldest(): void {
    const [oldest] = this.#issued.keys();
    if (oldest !== undefined) this.#issued.delete(oldest);
  }
}
