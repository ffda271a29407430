/** Sends one request with axios, and answers its challenge. */

import type { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { install } from '../axios/install.js';
import type { ChallengeOption } from '../axios/options.js';
import { defaultSchemes } from '../defaults.js';
import type { AuthEvent } from '../exchange/trace.js';
import type { Provider } from '../model.js';
import type { Address } from './address.js';
import { failureOf } from './failure.js';

/** A request, and how its challenge is answered. */
export interface Sending {
  readonly address: Address;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly data?: Buffer | undefined;
  readonly signal: AbortSignal;
  /** For each send, in milliseconds; by default for ever. */
  readonly timeout?: number;
  /** `false`: the challenge is only looked at. */
  readonly challenge: false | Answering;
}

interface Answering {
  readonly providers: readonly Provider[];
  readonly allowInsecure: boolean;
  readonly maxCredentials?: number;
  readonly onEvent?: ((event: AuthEvent) => void) | undefined;
}

/** The response, whatever its status, its body unread. @throws Stop when there is none */
export async function send(sending: Sending): Promise<AxiosResponse<Readable>> {
  const { address, method = 'GET', headers = {}, data, signal, timeout = 0 } = sending;
  try {
    return await client(sending).request({
      url: address.url,
      method,
      headers: { Accept: '*/*', ...headers },
      data,
      signal,
      timeout,
      responseType: 'stream',
      validateStatus: () => true,
      transformResponse: [],
    });
  } catch (error) {
    throw failureOf(error, address, signal);
  }
}

function client({ address, challenge }: Sending): AxiosInstance {
  const instance = axios.create();
  if (challenge === false) return instance;
  const { allowInsecure, ...options } = challenge;
  const given: Exclude<ChallengeOption, false> = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  install(instance, {
    schemes: defaultSchemes(),
    providers: challenge.providers,
    allowInsecure: allowInsecure ? [address.origin] : false,
    ...given,
  });
  return instance;
}
