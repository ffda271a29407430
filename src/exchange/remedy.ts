/** What a person can do about each code. */

import type { AuthErrorCode } from '../errors.js';

const REMEDIES: Readonly<Record<AuthErrorCode, string>> = {
  ERR_AUTH_INSTALLED: 'keep the first handle, or eject() it before the next installAuth',
  ERR_AUTH_OPTION: 'correct the option or the variable that the message names',
  ERR_AUTH_CHALLENGE: 'ask for Digest, Basic or Bearer on the server, or give `schemes` one that answers it',
  ERR_AUTH_CREDENTIAL: 'use a credential that the scheme can carry: the message says what is in its way',
  ERR_AUTH_NONE: 'give a credential: AXIOS_CHALLENGE_USERNAME and _PASSWORD, a terminal to ask on, or `providers`',
  ERR_AUTH_REFUSED: 'check the user name and the password; what was refused is not sent again for a while',
  ERR_AUTH_INSECURE: 'use https, or name the origin in `allowInsecure`',
  ERR_AUTH_ORIGIN: 'address that origin yourself, or name it in `trustOrigins`',
  ERR_AUTH_BODY:
    'give it by a function (`challenge: { body }`), let `bufferBody` keep it, or log in before with `prime()`',
  ERR_AUTH_DOWNGRADE: 'find out who takes the stronger challenge away; `allowInsecure` for the origin permits it',
  ERR_AUTH_MUTUAL: 'do not trust what came, or ask for less proof with `mutual`',
  ERR_AUTH_PROVIDER: 'repair the provider that the message names, or leave it out of `providers`',
  ERR_AUTH_STALE: 'the nonces of the server expire before they can be used: its administrator can tell why',
};

/** In one line, without a full stop. */
export function remedyFor(code: AuthErrorCode): string {
  return REMEDIES[code];
}
