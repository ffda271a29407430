/** What is kept of each nonce of a protection space: how many requests were sent with it (RFC 7616 §3.4: nc), and its key. */

import { createHash } from 'node:crypto';

/** What -sess keeps from the first request with a nonce. */
export interface SessionKey {
  /** H(user name, realm and password): the key is for this account. */
  readonly secret: string;
  readonly cnonce: string;
  readonly HA1: string;
}

/** The count of one nonce, whatever the credential, and the key of the account that used it last. */
export interface NonceCount {
  nc: number;
  sessionKey?: SessionKey;
}

// More nonces than are ever in use at the same time. A nonce that returns after so many others is counted from 1.
const MAX_NONCES = 256;

/** The counts; the least recently answered nonce is forgotten first. */
export class NonceCounts {
  readonly #counts = new Map<string, NonceCount>();

  of(nonce: string): NonceCount {
    const key = keyOf(nonce);
    const count = this.#counts.get(key) ?? { nc: 0 };
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size > MAX_NONCES) this.#counts.delete(this.#counts.keys().next().value as string);
    return count;
  }
}

const MAX_KEY = 64;

/** A server may send a nonce as long as a header, so a long nonce is kept as its hash. */
function keyOf(nonce: string): string {
  return nonce.length <= MAX_KEY ? nonce : createHash('sha256').update(nonce).digest('base64');
}
