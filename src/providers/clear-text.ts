/** Whether the secret itself would travel for others to read. */

import type { CredentialRequest } from '../model.js';
import { isLoopback } from '../syntax/loopback.js';

/** Basic (RFC 7617 §4) and Bearer (RFC 6750 §5.3) over http, to another machine than this. */
export function travelsInClear({ scheme, origin }: CredentialRequest): boolean {
  const { protocol, hostname } = new URL(origin);
  return (scheme === 'basic' || scheme === 'bearer') && protocol === 'http:' && !isLoopback(hostname);
}
