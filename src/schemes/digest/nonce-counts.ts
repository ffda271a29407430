/** How many requests were sent with each nonce of a protection space, whatever the credential (RFC 7616 §3.4: nc). */

/** The count of one nonce. */
export interface NonceCount {
  nc: number;
}

// More than are ever alive at once; a nonce that comes back after so many others counts from the start.
const MAX_NONCES = 256;

/** The counts, the least recently answered nonce forgotten first. */
export class NonceCounts {
  readonly #counts = new Map<string, NonceCount>();

  of(nonce: string): NonceCount {
    const count = this.#counts.get(nonce) ?? { nc: 0 };
    this.#counts.delete(nonce);
    this.#counts.set(nonce, count);
    if (this.#counts.size > MAX_NONCES) this.#counts.delete(this.#counts.keys().next().value as string);
    return count;
  }
}
