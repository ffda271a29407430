/** Sends one request with axios, and answers the challenge of its response. */

import type { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosProgressEvent, type AxiosResponse } from 'axios';
import { install } from '../../axios/install.js';
import type { ChallengeOption } from '../../axios/options/options.js';
import { defaultSchemes } from '../../defaults.js';
import type { AuthEvent } from '../../exchange/trace/events.js';
import type { Provider, Scheme } from '../../model.js';
import type { Address } from '../input/address.js';
import { ownVersion } from '../io/version.js';
import { type Connection, proxyFor } from './connection.js';
import { describeFailure } from './failure.js';
import type { Payload, RequestFields } from './plan.js';

/** A request, and how its challenge is answered. */
export interface SendOptions {
  readonly address: Address;
  readonly method?: string;
  readonly headers?: RequestFields;
  readonly data?: Payload;
  readonly signal: AbortSignal;
  /** The time limit of each send, in milliseconds; unlimited by default. */
  readonly timeout?: number;
  readonly connection?: Connection;
  readonly onUpload?: ((event: AxiosProgressEvent) => void) | undefined;
  readonly challenge: Answering;
}

interface Answering {
  readonly providers: readonly Provider[];
  readonly allowInsecure: boolean;
  readonly schemes?: readonly Scheme[] | undefined;
  readonly maxCredentials?: number;
  readonly onEvent?: ((event: AuthEvent) => void) | undefined;
}

/** Returns the response with any status, its body unread. @throws Stop when the request fails */
export async function sendRequest(sending: SendOptions): Promise<AxiosResponse<Readable>> {
  const { address, method = 'GET', headers = {}, data, signal, timeout = 0, connection, onUpload } = sending;
  try {
    return await client(sending).request({
      url: address.url,
      method,
      headers: { Accept: '*/*', 'User-Agent': `axios-challenge/${ownVersion()}`, ...headers },
      data,
      signal,
      timeout,
      responseType: 'stream',
      validateStatus: () => true,
      transformResponse: [],
      ...connection,
      ...(onUpload && { onUploadProgress: onUpload }),
    });
  } catch (error) {
    throw describeFailure(error, address, signal);
  }
}

function client({ address, connection = {}, challenge }: SendOptions): AxiosInstance {
  const instance = axios.create();
  const { allowInsecure, ...options } = challenge;
  const given: Exclude<ChallengeOption, false> = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  install(instance, {
    schemes: defaultSchemes(),
    providers: challenge.providers,
    allowInsecure: allowInsecure ? onTheWay(address, connection) : false,
    ...given,
  });
  return instance;
}

/** The origin that is addressed, and that of the proxy on the way. */
function onTheWay({ origin }: Address, connection: Connection): string[] {
  const proxy = proxyFor(origin, connection);
  return proxy === undefined ? [origin] : [origin, proxy];
}
