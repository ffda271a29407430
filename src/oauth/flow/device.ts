/** Gets a token while a person logs in on another device (RFC 8628). */

import { AuthError } from '../../errors.js';
import { isLoopback } from '../../syntax/loopback.js';
import { parseUrl } from '../../syntax/url.js';
import { phrase, visible } from '../../syntax/visible.js';
import { type Granted, grantedIn } from '../protocol/granted.js';
import { IssuerUnreachable } from '../protocol/http.js';
import { type Party, requestOptions, stepOf, targetOf, wishOf } from '../protocol/party.js';
import { errorCodeOf, issuerTrouble } from '../protocol/trouble.js';
import { type FlowTime, REAL_TIME } from './time.js';

/** Shows a text to the person. */
export type Show = (text: string) => void;

interface DeviceCode {
  readonly code: string;
  readonly userCode: string;
  readonly address: string;
  /** In milliseconds since 1970. */
  readonly until: number;
  /** In milliseconds. */
  readonly interval: number;
}

// RFC 8628 §3.2, §3.5. An issuer that names less than a second is not asked more often than that.
const INTERVAL_MS = 5000;
const SHORTEST_MS = 1000;
const SLOWER_MS = 5000;
// Nobody enters a code after an hour, whatever the issuer says: others wait for their turn at the terminal.
const LONGEST_WAIT_MS = 3_600_000;

/** @throws AuthError `ERR_AUTH_PROVIDER`; `ERR_AUTH_CANCELLED` if the person says no; Abandoned */
export async function grantOnDevice(
  party: Party,
  show: Show,
  signal?: AbortSignal,
  time: FlowTime = REAL_TIME,
): Promise<Granted> {
  const device = await deviceCode(party, time, signal);
  show(`Open ${visible(device.address)} and enter ${phrase(device.userCode, 64)}\n`);
  show(`Waiting for the login; the code is valid for ${span(device.until - time.now())}.\n`);
  let { interval } = device;
  for (;;) {
    await time.wait(Math.min(interval, Math.max(0, device.until - time.now())), signal);
    if (time.now() >= device.until) throw expired(party);
    const answer = await poll(party, device.code, signal);
    if (typeof answer !== 'string') return answer;
    if (answer === 'slow_down') interval += SLOWER_MS;
    // RFC 8628 §3.5: after a lost connection, less often.
    if (answer === 'lost') interval *= 2;
  }
}

function span(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  return minutes > 1 ? `${minutes} minutes` : `${Math.round(milliseconds / 1000)} seconds`;
}

async function deviceCode(party: Party, time: FlowTime, signal?: AbortSignal): Promise<DeviceCode> {
  const { library, metadata, client, authentication } = party;
  const asked = time.now();
  try {
    const options = requestOptions(party, signal);
    const request = library.deviceAuthorizationRequest(metadata, client, authentication, wishOf(party), options);
    const given = await library.processDeviceAuthorizationResponse(metadata, client, await request);
    return {
      code: given.device_code,
      userCode: given.user_code,
      address: addressFrom(given.verification_uri, party),
      until: asked + Math.min(given.expires_in * 1000, LONGEST_WAIT_MS),
      interval: given.interval === undefined ? INTERVAL_MS : Math.max(SHORTEST_MS, given.interval * 1000),
    };
  } catch (error) {
    throw issuerTrouble(error, stepOf(party, 'device code'));
  }
}

/** What a person is sent to is a page of the web (SEC-63). */
function addressFrom(text: string, { metadata }: Party): string {
  const url = parseUrl(text);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))) return url.href;
  const reason = 'names an address for the person that is not https';
  throw new AuthError('ERR_AUTH_PROVIDER', `oauth: device code: ${phrase(metadata.issuer)} ${reason}`);
}

type Pending = 'authorization_pending' | 'slow_down' | 'lost';

async function poll(party: Party, code: string, signal?: AbortSignal): Promise<Granted | Pending> {
  const { library, metadata, client, authentication } = party;
  const asked = Date.now();
  try {
    const options = { ...requestOptions(party, signal), additionalParameters: targetOf(party) };
    const request = library.deviceCodeGrantRequest(metadata, client, authentication, code, options);
    return grantedIn(
      await library.processDeviceCodeResponse(metadata, client, await request),
      asked,
      party,
      party.scope,
    );
  } catch (error) {
    const said = errorCodeOf(error);
    if (said === 'authorization_pending' || said === 'slow_down') return said;
    if (signal?.aborted !== true && isPassing(error)) return 'lost';
    throw issuerTrouble(error, stepOf(party, 'device code', code));
  }
}

/** The connection failed, or the issuer has trouble of its own (5xx): the person may still be typing. */
function isPassing(error: unknown): boolean {
  if (error instanceof IssuerUnreachable) return true;
  const { code, cause } = Object(error) as { code?: unknown; cause?: unknown };
  return code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' && Number(Object(cause).status) >= 500;
}

function expired({ metadata }: Party): AuthError {
  const reason = 'has expired: nobody entered it in time';
  return new AuthError('ERR_AUTH_PROVIDER', `oauth: device code: the code of ${phrase(metadata.issuer)} ${reason}`);
}
