/** Renews a token without a person (RFC 6749 §6). */

import { type Granted, grantedIn } from '../protocol/granted.js';
import { type Party, requestOptions, stepOf, targetOf } from '../protocol/party.js';
import { errorCodeOf, issuerTrouble } from '../protocol/trouble.js';
import { tokenWith } from '../tokens/stored-token.js';

/**
 * The new token, with the old refresh token if the issuer gave no other; `'gone'` if the issuer ended the login.
 * It takes no signal: an issuer that rotates has spent the refresh token before its response is there.
 *
 * @throws AuthError `ERR_AUTH_PROVIDER` for any other failure: the refresh token may still be good
 */
export async function renewGrant(party: Party, { refresh, scope }: Granted): Promise<Granted | 'gone'> {
  const { library, metadata, client, authentication } = party;
  const asked = Date.now();
  try {
    const options = { ...requestOptions(party), additionalParameters: targetOf(party) };
    const request = library.refreshTokenGrantRequest(metadata, client, authentication, refresh as string, options);
    const response = await library.processRefreshTokenResponse(metadata, client, await request);
    return tokenWith({ refresh: refresh as string, ...grantedIn(response, asked, party, scope) });
  } catch (error) {
    if (errorCodeOf(error) === 'invalid_grant') return 'gone';
    throw issuerTrouble(error, stepOf(party, 'renewal', refresh as string));
  }
}
