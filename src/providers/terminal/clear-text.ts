/** Whether the secret itself would be sent unencrypted. */

import { type CredentialRequest, wantsToken } from '../../model.js';
import { isLoopback } from '../../syntax/loopback.js';

/** True for Basic (RFC 7617 §4) and tokens (RFC 6750 §5.3) over http, except to this machine. */
export function travelsInClear(request: CredentialRequest): boolean {
  const { protocol, hostname } = new URL(request.origin);
  return (request.scheme === 'basic' || wantsToken(request)) && protocol === 'http:' && !isLoopback(hostname);
}
