/** Where a request goes, as predicted from its config and as read from its response. */

import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Target } from '../exchange/wire.js';
import { parseUrl } from '../syntax/url.js';
import { usesFetch } from './adapter.js';
import type { Client } from './client.js';
import { fetchTarget } from './fetch-target.js';

/** The URL that a config addresses, userinfo included; `undefined` when it is none, which axios will say itself. */
export function addressedUrl(config: InternalAxiosRequestConfig, sibling: Client): URL | undefined {
  const full = simpleUrl(config) ?? sibling.getUri(addressOf(config));
  const base = config.socketPath ? 'http://localhost' : undefined;
  try {
    return new URL(full, base);
  } catch {
    return undefined;
  }
}

/** The two common forms, on which there can be no doubt; axios's own joining merges a whole config for each. */
function simpleUrl(config: InternalAxiosRequestConfig): string | undefined {
  const { baseURL, url, allowAbsoluteUrls } = addressOf(config);
  if (!url) return undefined;
  if (!baseURL) return ABSOLUTE.test(url) ? url : undefined;
  if (ABSOLUTE.test(url)) return allowAbsoluteUrls === false ? undefined : url;
  const isPlain = url.startsWith('/') && !url.startsWith('//') && !baseURL.endsWith('/');
  return isPlain ? baseURL + url : undefined;
}

const ABSOLUTE = /^https?:\/\//i;

/** The parts of a config that make its URL. JavaScript callers give URL objects, too. */
function addressOf({ baseURL, url, allowAbsoluteUrls }: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  return { baseURL: urlText(baseURL), url: urlText(url), allowAbsoluteUrls } as InternalAxiosRequestConfig;
}

/** A URL of a config as text. */
export function urlText(url: unknown): string | undefined {
  return url === undefined || url === null ? undefined : String(url);
}

/** What will be sent, exactly as the http adapter builds it: the params go behind the parsed path unparsed. */
export function predictedTarget(config: InternalAxiosRequestConfig, address: URL, sibling: Client): Target {
  const { params, paramsSerializer } = config;
  const { protocol, host, pathname, search } = address;
  const fetches = usesFetch(config.adapter);
  const path = fetches ? address.href : pathname + search;
  const query = { url: path, params, paramsSerializer } as InternalAxiosRequestConfig;
  const built = params ? withParams(sibling, query) : path;
  // fetch parses the whole of it.
  const uri = fetches ? fetchTarget(new URL(built, address)) : built;
  const method = (config.method ?? 'get').toUpperCase();
  return { origin: originOf(address, config), url: `${protocol}//${host}${uri}`, pathname, method, uri };
}

/** A serializer that throws is for axios to report. */
function withParams(sibling: Client, query: InternalAxiosRequestConfig): string {
  try {
    return sibling.getUri(query);
  } catch {
    return query.url ?? '';
  }
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
  answeredUrl: (request: object) => string | undefined,
): Target | undefined {
  const request = (response.request ?? {}) as SentRequest;
  if (request[Symbol.toStringTag] === 'Request') return afterFetch(answeredUrl(request), sent, config);
  const uri = originForm(text(request.path)) ?? text(request.sentHeaders?.[':path']) ?? sent.uri;
  const method = text(request.method) ?? sent.method;
  const url = saidUrl(request, sent, config);
  if (url === undefined || isSame(url, sent.url)) return uri === sent.uri ? sent : { ...sent, uri, method };
  return { ...locate(new URL(url, sent.url), config), method, uri };
}

/** follow-redirects calls the host of every socket "::1"; axios-mock-adapter repeats `config.url`, wherever it led. */
function saidUrl(request: SentRequest, sent: Target, config: InternalAxiosRequestConfig): string | undefined {
  const served = text(request.res?.responseUrl);
  if (served && config.socketPath) return served.replace(/^https?:\/\/\[::1\](?=[/?])/, new URL(sent.url).origin);
  return served ?? (request.responseURL === urlText(config.url) ? undefined : text(request.responseURL));
}

/** The same URL, though perhaps in the parser's spelling: a serializer's own is kept for the second send. */
function isSame(answered: string, sent: string): boolean {
  const url = answered === sent ? undefined : parseUrl(answered, sent);
  if (!url) return true;
  url.hash = '';
  return url.href === new URL(sent).href;
}

/** A plain proxy is sent the absolute-form, and sends the origin-form on: that is what the origin compares. */
function originForm(path: string | undefined): string | undefined {
  if (path === undefined || !ABSOLUTE.test(path)) return path;
  return path.replace(/^[^/]*\/\/[^/?]*/, '') || '/';
}

function afterFetch(url: string | undefined, sent: Target, config: InternalAxiosRequestConfig): Target | undefined {
  if (url === undefined) return undefined;
  const answered = new URL(url);
  const uri = fetchTarget(answered);
  return { ...locate(answered, config, uri), method: sent.method };
}

function locate(url: URL, config: InternalAxiosRequestConfig, uri = url.pathname + url.search): Omit<Target, 'method'> {
  const { protocol, host, pathname } = url;
  return { origin: originOf(url, config), url: `${protocol}//${host}${uri}`, pathname, uri };
}

/** A hop of a redirect, before it is sent. */
export interface Hop {
  readonly href?: unknown;
  readonly path?: unknown;
  readonly method?: unknown;
  readonly headers?: Record<string, unknown>;
}

/** The target of a hop, as follow-redirects describes it; `undefined` when it is none. */
export function hopTarget({ href, path, method }: Hop, config: InternalAxiosRequestConfig): Target | undefined {
  const url = typeof href === 'string' ? parseUrl(href) : undefined;
  if (!url) return undefined;
  const located = locate(url, config);
  return { ...located, uri: originForm(text(path)) ?? located.uri, method: text(method) ?? 'GET' };
}

/** The origin of RFC 6454. Two sockets are two servers, though both are called localhost. */
function originOf(url: URL, { socketPath }: InternalAxiosRequestConfig): string {
  return socketPath ? `unix:${socketPath}` : url.origin;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
