/** Gets a token for the program itself (RFC 6749 §4.4). */

import { type Granted, grantedIn } from '../protocol/granted.js';
import { type Party, requestOptions, stepOf, wishOf } from '../protocol/party.js';
import { issuerTrouble } from '../protocol/trouble.js';

/** @throws AuthError `ERR_AUTH_PROVIDER` */
export async function grantForProgram(party: Party, signal?: AbortSignal): Promise<Granted> {
  const { library, metadata, client, authentication } = party;
  const asked = Date.now();
  try {
    const options = requestOptions(party, signal);
    const request = library.clientCredentialsGrantRequest(metadata, client, authentication, wishOf(party), options);
    return grantedIn(
      await library.processClientCredentialsResponse(metadata, client, await request),
      asked,
      party,
      party.scope,
    );
  } catch (error) {
    throw issuerTrouble(error, stepOf(party, 'client credentials'));
  }
}
