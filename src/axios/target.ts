/** Where a request goes, as predicted from its config and as read from its response. */

import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Target } from '../exchange/wire.js';
import type { Client } from './client.js';

/** The URL that a config addresses, userinfo included; `undefined` when it is none, which axios will say itself. */
export function addressedUrl(config: InternalAxiosRequestConfig, sibling: Client): URL | undefined {
  const { baseURL, url, allowAbsoluteUrls, socketPath } = config;
  const address = { baseURL, url, allowAbsoluteUrls } as InternalAxiosRequestConfig;
  const full = sibling.getUri(address);
  const base = socketPath ? 'http://localhost' : undefined;
  return URL.canParse(full, base) ? new URL(full, base) : undefined;
}

/** What will be sent, exactly as the http adapter builds it: the params go behind the parsed path unparsed. */
export function predictedTarget(config: InternalAxiosRequestConfig, address: URL, sibling: Client): Target {
  const { params, paramsSerializer } = config;
  const path = `${address.pathname}${address.search}`;
  const query = { url: path, params, paramsSerializer } as InternalAxiosRequestConfig;
  const uri = params ? sibling.getUri(query) : path;
  const method = (config.method ?? 'get').toUpperCase();
  const { pathname } = address;
  return {
    origin: originOf(address, config),
    url: `${address.protocol}//${address.host}${uri}`,
    pathname,
    method,
    uri,
  };
}

/** The parts of `response.request` that tell who answered: a ClientRequest, an http2 stream, a fetch Request, or a mock. */
interface SentRequest {
  readonly path?: unknown;
  readonly method?: unknown;
  readonly res?: { readonly responseUrl?: unknown };
  readonly responseURL?: unknown;
  readonly sentHeaders?: Readonly<Record<string, unknown>>;
  readonly url?: unknown;
}

/** Who answered, after redirects; `undefined` when the adapter hides it. */
export function effectiveTarget(
  response: AxiosResponse,
  predicted: Target,
  config: InternalAxiosRequestConfig,
  fetched: Response | undefined,
): Target | undefined {
  const request = (response.request ?? {}) as SentRequest;
  const isFetch = typeof Request === 'function' && response.request instanceof Request;
  if (isFetch) return fetched && afterFetch(fetched, predicted, config);
  const uri = text(request.path) ?? text(request.sentHeaders?.[':path']) ?? predicted.uri;
  const method = text(request.method) ?? predicted.method;
  const url = text(request.res?.responseUrl) ?? text(request.responseURL);
  if (url === undefined || !URL.canParse(url, predicted.url)) return { ...predicted, uri, method };
  const answered = new URL(url, predicted.url);
  answered.hash = '';
  // The same URL, though perhaps in the parser's spelling: a serializer's own is kept for the second send.
  if (answered.href === new URL(predicted.url).href) return { ...predicted, uri, method };
  return { ...locate(answered, config), method, uri };
}

/** fetch hides what a redirect made of the method (RFC 9110 §15.4): only GET and HEAD surely stay what they are. */
function afterFetch(fetched: Response, predicted: Target, config: InternalAxiosRequestConfig): Target | undefined {
  const { method } = predicted;
  if (fetched.redirected && method !== 'GET' && method !== 'HEAD') return undefined;
  return { ...locate(new URL(fetched.url), config), method };
}

function locate(url: URL, config: InternalAxiosRequestConfig): Omit<Target, 'method'> {
  const uri = `${url.pathname}${url.search}`;
  return { origin: originOf(url, config), url: `${url.protocol}//${url.host}${uri}`, pathname: url.pathname, uri };
}

/** The origin of RFC 6454. Two sockets are two servers, though both are called localhost. */
function originOf(url: URL, { socketPath }: InternalAxiosRequestConfig): string {
  return socketPath ? `unix:${socketPath}` : url.origin;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
