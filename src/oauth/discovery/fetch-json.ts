/** Sends the GETs of a discovery through a client of axios. */

import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { withoutDefaults } from '../protocol/default-headers.js';
import { type FetchJson, MAX_METADATA, METADATA_TIME } from './source.js';

/**
 * A `FetchJson` that sends through `http`, with its proxy, agents and certificates, but with nothing else that it adds
 * by default: no credential, no params, no base URL. No redirect is followed, and at most 64 KiB are read.
 *
 * Through a proxy the address is the proxy's affair: `lookup` is then asked for the name of the proxy only, if for any.
 * The same is true of an agent with a `lookup` of its own.
 *
 * @param http - any client of axios, also one on which `installAuth` was called: its 401s are left alone here
 * @returns rejects with the error of axios where there is no response, or one that is too long
 * @example
 * await discover(question, fetchJsonOf(axios.create()));
 */
export function fetchJsonOf(http: AxiosInstance): FetchJson {
  return async (url, { signal, lookup }) => {
    const { status, headers, data } = await http.request<Uint8Array>({
      ...SETTINGS,
      url,
      headers: { ...withoutDefaults(http, HEADERS), ...HEADERS },
      ...(signal && { signal }),
      ...(lookup !== undefined && { lookup: lookup as never }),
    });
    const type = headers['content-type'] as unknown;
    return { status, contentType: typeof type === 'string' ? type : undefined, body: data };
  };
}

const HEADERS = { Accept: 'application/json', 'Accept-Encoding': 'identity' } as const;

const SETTINGS = {
  method: 'GET',
  baseURL: '',
  params: null,
  // Only this adapter asks a `lookup`.
  adapter: 'http',
  auth: null,
  maxRedirects: 0,
  maxContentLength: MAX_METADATA,
  timeout: METADATA_TIME,
  responseType: 'arraybuffer',
  transformResponse: [(data: unknown) => data],
  validateStatus: () => true,
  challenge: false,
} as unknown as AxiosRequestConfig;
