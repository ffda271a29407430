/** Computes the keyed hash under which a secret is remembered; the secret cannot be recovered from it. */

import { createHmac, randomBytes } from 'node:crypto';

// Random for each process: a memory dump cannot be compared with a table of passwords computed in advance.
const KEY = randomBytes(32);

export function fingerprint(text: string): string {
  return createHmac('sha256', KEY).update(text).digest('base64');
}
