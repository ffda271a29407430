/** Reads a token out of the response to a token request (RFC 6749 §5.1). */

import { AuthError } from '../../errors.js';
import { phrase } from '../../syntax/visible.js';
import { tokenWith } from '../tokens/stored-token.js';
import type { Party } from './party.js';

/** What the issuer gave. Times are in milliseconds since 1970. */
export interface Granted {
  readonly access: string;
  readonly refresh?: string;
  readonly expires?: number;
  readonly scope?: string;
}

type TokenResponse = import('oauth4webapi').TokenEndpointResponse;

/**
 * `asked`: when the request was sent, so that a slow response makes no token last longer. `scope`: what was asked for,
 * or granted before, which holds if the response names none (RFC 6749 §5.1, §6).
 */
export function grantedIn(received: TokenResponse, asked: number, { metadata }: Party, scope?: string): Granted {
  const response: TokenResponse = Object.assign(Object.create(null), received);
  if (response.token_type !== 'bearer')
    throw new AuthError(
      'ERR_AUTH_PROVIDER',
      `oauth: ${phrase(metadata.issuer)} gives a token of another type than Bearer`,
    );
  const granted = response.scope ?? scope;
  const expires = asked + Math.floor((response.expires_in ?? Number.NaN) * 1000);
  return tokenWith({
    access: response.access_token,
    ...(response.refresh_token !== undefined && { refresh: response.refresh_token }),
    // RFC 6749 §5.1: recommended, not required. What is no time does not end.
    ...(Number.isSafeInteger(expires) && { expires }),
    ...(granted !== undefined && { scope: granted }),
  });
}
