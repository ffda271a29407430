/** Ends a login at the issuer (RFC 7009). */

import type { Granted } from '../protocol/granted.js';
import { type Party, requestOptions, stepOf } from '../protocol/party.js';
import { issuerTrouble } from '../protocol/trouble.js';

/**
 * Revokes the refresh token first: it is worth more, and an issuer ends its access tokens with it (RFC 7009 §2.1).
 *
 * @returns whether the access token was revoked as well; an issuer may not be able to (RFC 7009 §2.2.1)
 * @throws AuthError `ERR_AUTH_PROVIDER`: the login may still be good
 */
export async function revokeLogin(party: Party, { access, refresh }: Granted, signal?: AbortSignal): Promise<boolean> {
  if (refresh !== undefined) await revoke(party, refresh, 'refresh_token', signal);
  try {
    await revoke(party, access, 'access_token', signal);
    return true;
  } catch (error) {
    if (refresh === undefined) throw error;
    return false;
  }
}

async function revoke(party: Party, token: string, hint: string, signal?: AbortSignal): Promise<void> {
  const { library, metadata, client, authentication } = party;
  try {
    const options = { ...requestOptions(party, signal), additionalParameters: { token_type_hint: hint } };
    const response = await library.revocationRequest(metadata, client, authentication, token, options);
    await library.processRevocationResponse(response);
  } catch (error) {
    const { secrets, ...step } = stepOf(party, 'logout');
    // An error code may repeat what was sent.
    throw issuerTrouble(error, { ...step, secrets: [...secrets, token] });
  }
}
