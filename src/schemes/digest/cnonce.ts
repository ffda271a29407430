/** cnonces: 128 bits each from the operating system's generator (RFC 7616 §3.4, SEC-23). */

import { randomFillSync } from 'node:crypto';

const BYTES = 16;
// One call to the generator serves many cnonces, because a call costs more than the hashes do.
const pool = Buffer.allocUnsafeSlow(BYTES * 128);
const DIGITS = BYTES * 2;
let digits = '';
let used = 0;

/** A cnonce that was never returned before. */
export function newCnonce(): string {
  if (used === digits.length) {
    digits = randomFillSync(pool).toString('hex');
    used = 0;
  }
  used += DIGITS;
  return digits.slice(used - DIGITS, used);
}
