/** Where a request goes, as predicted from its config and as read from its response. */

import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Target } from '../exchange/wire.js';
import type { Client } from './client.js';
import { fetchedResponse } from './fetch.js';

/** The URL that a config addresses, userinfo included; `undefined` when it is none, which axios will say itself. */
export function addressedUrl(config: InternalAxiosRequestConfig, sibling: Client): URL | undefined {
  const full = simpleUrl(config) ?? axiosUrl(config, sibling);
  const base = config.socketPath ? 'http://localhost' : undefined;
  try {
    return new URL(full, base);
  } catch {
    return undefined;
  }
}

/** The two common forms, on which there can be no doubt; axios's own joining merges a whole config for each. */
function simpleUrl({ baseURL, url, allowAbsoluteUrls }: InternalAxiosRequestConfig): string | undefined {
  if (!url) return undefined;
  if (!baseURL) return ABSOLUTE.test(url) ? url : undefined;
  if (ABSOLUTE.test(url)) return allowAbsoluteUrls === false ? undefined : url;
  const isPlain = url.startsWith('/') && !url.startsWith('//') && !baseURL.endsWith('/');
  return isPlain ? baseURL + url : undefined;
}

const ABSOLUTE = /^https?:\/\//i;

function axiosUrl({ baseURL, url, allowAbsoluteUrls }: InternalAxiosRequestConfig, sibling: Client): string {
  return sibling.getUri({ baseURL, url, allowAbsoluteUrls } as InternalAxiosRequestConfig);
}

/** What will be sent, exactly as the http adapter builds it: the params go behind the parsed path unparsed. */
export function predictedTarget(config: InternalAxiosRequestConfig, address: URL, sibling: Client): Target {
  const { params, paramsSerializer } = config;
  const { protocol, host, pathname, search } = address;
  const path = pathname + search;
  const query = { url: path, params, paramsSerializer } as InternalAxiosRequestConfig;
  const uri = params ? sibling.getUri(query) : path;
  const method = (config.method ?? 'get').toUpperCase();
  return { origin: originOf(address, config), url: `${protocol}//${host}${uri}`, pathname, method, uri };
}

/** The parts of `response.request` that tell who answered: a ClientRequest, an http2 stream, a fetch Request, or a mock. */
interface SentRequest {
  readonly path?: unknown;
  readonly method?: unknown;
  readonly res?: { readonly responseUrl?: unknown };
  readonly responseURL?: unknown;
  readonly sentHeaders?: Readonly<Record<string, unknown>>;
  readonly [Symbol.toStringTag]?: string;
}

/** Who answered, after redirects; `undefined` when the adapter hides it. */
export function effectiveTarget(
  response: AxiosResponse,
  sent: Target,
  config: InternalAxiosRequestConfig,
): Target | undefined {
  const request = (response.request ?? {}) as SentRequest;
  if (request[Symbol.toStringTag] === 'Request') return afterFetch(fetchedResponse(request), sent, config);
  const uri = text(request.path) ?? text(request.sentHeaders?.[':path']) ?? sent.uri;
  const method = text(request.method) ?? sent.method;
  const url = text(request.res?.responseUrl) ?? text(request.responseURL);
  if (url === undefined || isSame(url, sent.url)) return uri === sent.uri ? sent : { ...sent, uri, method };
  return { ...locate(new URL(url, sent.url), config), method, uri };
}

/** The same URL, though perhaps in the parser's spelling: a serializer's own is kept for the second send. */
function isSame(answered: string, sent: string): boolean {
  if (answered === sent || !URL.canParse(answered, sent)) return true;
  const url = new URL(answered, sent);
  url.hash = '';
  return url.href === new URL(sent).href;
}

/** fetch hides what a redirect made of the method (RFC 9110 §15.4): only GET and HEAD surely stay what they are. */
function afterFetch(
  fetched: Response | undefined,
  sent: Target,
  config: InternalAxiosRequestConfig,
): Target | undefined {
  const { method } = sent;
  if (!fetched || (fetched.redirected && method !== 'GET' && method !== 'HEAD')) return undefined;
  return { ...locate(new URL(fetched.url), config), method };
}

function locate(url: URL, config: InternalAxiosRequestConfig): Omit<Target, 'method'> {
  const { protocol, host, pathname, search } = url;
  const uri = pathname + search;
  return { origin: originOf(url, config), url: `${protocol}//${host}${uri}`, pathname, uri };
}

/** The target of a hop, as follow-redirects describes it; `undefined` when it is none. */
export function hopTarget(
  { href, path, method }: Readonly<Record<string, unknown>>,
  config: InternalAxiosRequestConfig,
): Target | undefined {
  if (typeof href !== 'string' || !URL.canParse(href)) return undefined;
  const located = locate(new URL(href), config);
  return { ...located, uri: text(path) ?? located.uri, method: text(method) ?? 'GET' };
}

/** The origin of RFC 6454. Two sockets are two servers, though both are called localhost. */
function originOf(url: URL, { socketPath }: InternalAxiosRequestConfig): string {
  return socketPath ? `unix:${socketPath}` : url.origin;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
