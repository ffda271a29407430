/** Gets a token while a person logs in with the browser: an authorization code with PKCE (RFC 6749 §4.1, RFC 7636, RFC 8252). */

import { AuthError } from '../../errors.js';
import { isLoopback } from '../../syntax/loopback.js';
import { parseUrl } from '../../syntax/url.js';
import { phrase, visible } from '../../syntax/visible.js';
import { type Granted, grantedIn } from '../protocol/granted.js';
import { type Party, requestOptions, stepOf, targetOf, wishOf } from '../protocol/party.js';
import { issuerTrouble } from '../protocol/trouble.js';
import { type Callback, type CallbackPlace, openCallback } from './callback.js';
import type { Show } from './device.js';

/** What the flow needs of this machine. */
export interface BrowserPlace extends CallbackPlace {
  readonly show: Show;
  /** Opens the address; what it throws is passed over, because the address is shown as well. */
  readonly open: ((url: string) => unknown) | undefined;
}

/** @throws AuthError `ERR_AUTH_PROVIDER`; `ERR_AUTH_CANCELLED` if the person says no or the signal aborts */
export async function grantInBrowser(party: Party, place: BrowserPlace, signal?: AbortSignal): Promise<Granted> {
  const endpoint = authorizationEndpoint(party);
  assertPkce(party);
  const callback = await openCallback(place);
  try {
    return await conversation(party, place, callback, endpoint, signal);
  } finally {
    callback.close();
  }
}

async function conversation(
  party: Party,
  place: BrowserPlace,
  callback: Callback,
  endpoint: URL,
  signal?: AbortSignal,
) {
  const { library, clientId } = party;
  const [state, verifier] = [library.generateRandomState(), library.generateRandomCodeVerifier()];
  const address = addressOf(endpoint, {
    ...Object.fromEntries(endpoint.searchParams),
    ...wishOf(party),
    response_type: 'code',
    client_id: clientId,
    redirect_uri: callback.redirectUri,
    state,
    code_challenge: await library.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  place.show(`Log in at ${visible(endpoint.host)} with your browser:\n${visible(address)}\n`);
  // Not waited for: an `open` may end only when the browser does.
  Promise.resolve(address)
    .then(place.open)
    .catch(() => {});
  return redeemed(party, await callback.hit(signal), { state, verifier, redirectUri: callback.redirectUri });
}

function addressOf(endpoint: URL, parameters: Readonly<Record<string, string>>): string {
  const address = new URL(endpoint);
  address.search = new URLSearchParams(parameters).toString();
  return address.href;
}

interface Secrets {
  readonly state: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

async function redeemed(
  party: Party,
  hit: URLSearchParams,
  { state, verifier, redirectUri }: Secrets,
): Promise<Granted> {
  const { library, metadata, client, authentication } = party;
  const asked = Date.now();
  try {
    const callback = validated(party, hit, state);
    const options = { ...requestOptions(party), additionalParameters: targetOf(party) };
    const request = library.authorizationCodeGrantRequest(
      ...([metadata, client, authentication, callback, redirectUri, verifier, options] as const),
    );
    return grantedIn(
      await library.processAuthorizationCodeResponse(metadata, client, await request),
      asked,
      party,
      party.scope,
    );
  } catch (error) {
    throw issuerTrouble(error, stepOf(party, 'browser', hit.get('code') ?? '', state, verifier));
  }
}

/** First who answers (RFC 9207 §2.4) and to which question: the error of a stranger is not shown. */
function validated({ library, metadata, client }: Party, hit: URLSearchParams, state: string): URLSearchParams {
  try {
    return library.validateAuthResponse(metadata, client, hit, state);
  } catch (error) {
    if (Object(error).name === 'AuthorizationResponseError') throw error;
    throw trouble(
      metadata.issuer,
      'did not send this browser: iss or state of the callback is missing or another (RFC 9207)',
    );
  }
}

function authorizationEndpoint({ metadata }: Party): URL {
  const url = parseUrl(String(metadata.authorization_endpoint));
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url && isSafe && !url.hash) return url;
  throw trouble(metadata.issuer, 'has metadata without an authorization_endpoint over https');
}

/** RFC 7636 §4.2; without the announcement nothing says that the verifier is looked at (OAuth 2.1 §7.5). */
function assertPkce({ metadata }: Party): void {
  if (offersPkce(metadata)) return;
  throw trouble(metadata.issuer, 'has metadata without PKCE (code_challenge_methods_supported with S256)');
}

/** Whether the code of this issuer is safe from whoever sees it. */
export function offersPkce({ code_challenge_methods_supported: methods }: Party['metadata']): boolean {
  return Array.isArray(methods) && methods.includes('S256');
}

function trouble(issuer: string, reason: string): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `oauth: browser: ${phrase(issuer)} ${reason}`);
}
