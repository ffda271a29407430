/** Where a request goes, as predicted from its config and as read from its response. */

import { ClientRequest } from 'node:http';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Target } from '../../exchange/port/transport.js';
import { parseUrl } from '../../syntax/url.js';
import { usesFetch } from '../client/adapter.js';
import type { Client } from '../client/client.js';
import { fetchTarget } from './fetch-target.js';
import { type AddressParts, mayBeAbsolute } from './plain-url.js';

/** The URL that a config addresses, userinfo included; `undefined` if it is invalid, which axios will report itself. */
export function addressedUrl(config: InternalAxiosRequestConfig, sibling: Client): URL | undefined {
  const base = config.socketPath ? 'http://localhost' : undefined;
  try {
    // For some malformed URLs, `getUri` throws an error of axios's, with a config that is not the caller's.
    return new URL(simpleUrl(config) ?? sibling.getUri(addressOf(config)), base);
  } catch {
    return undefined;
  }
}

/** The two common forms, which are unambiguous. A fast path: axios's own joining merges a whole config for each URL. */
function simpleUrl(config: InternalAxiosRequestConfig): string | undefined {
  const { baseURL, url, allowAbsoluteUrls } = addressOf(config);
  if (!url) return undefined;
  if (!baseURL) return ABSOLUTE.test(url) ? url : undefined;
  if (ABSOLUTE.test(url)) return mayBeAbsolute(allowAbsoluteUrls) ? url : undefined;
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

/** The target that will be sent. */
export function predictedTarget(config: InternalAxiosRequestConfig, address: URL, sibling: Client): Target {
  if (!usesFetch(config.adapter)) return httpTarget(config, address, sibling);
  // fetch also parses the params.
  const built = new URL(withParams(address.href, config, sibling));
  return targetOf(config, address, fetchTarget(built));
}

/** The target that the http adapter will send: it appends the params to the parsed path, and does not parse them. */
export function httpTarget(config: InternalAxiosRequestConfig, address: AddressParts, sibling: Client): Target {
  return targetOf(config, address, withParams(address.pathname + address.search, config, sibling));
}

function targetOf(config: InternalAxiosRequestConfig, address: AddressParts, uri: string): Target {
  const { protocol, host, pathname } = address;
  const method = (config.method ?? 'get').toUpperCase();
  return { origin: originFor(address, config), url: `${protocol}//${host}${uri}`, pathname, method, uri };
}

/** The params as they are sent; `undefined` if the serializer throws. */
export function serialized(
  { params, paramsSerializer }: InternalAxiosRequestConfig,
  sibling: Client,
): string | undefined {
  try {
    return sibling.getUri({ url: '', params, paramsSerializer } as InternalAxiosRequestConfig).replace(/^\?/, '');
  } catch {
    return undefined;
  }
}

/** If the serializer throws, axios reports the error. */
function withParams(url: string, { params, paramsSerializer }: InternalAxiosRequestConfig, sibling: Client): string {
  if (!params) return url;
  try {
    return sibling.getUri({ url, params, paramsSerializer } as InternalAxiosRequestConfig);
  } catch {
    return url;
  }
}

/**
 * The parts of `response.request` that tell which server answered: a ClientRequest, an http2 stream, a fetch Request,
 * or a mock.
 */
interface SentRequest {
  readonly path?: unknown;
  readonly method?: unknown;
  readonly protocol?: unknown;
  readonly res?: { readonly responseUrl?: unknown; readonly statusCode?: unknown };
  readonly responseURL?: unknown;
  readonly sentHeaders?: Readonly<Record<string, unknown>>;
  readonly [Symbol.toStringTag]?: string;
}

/** The target that answered, after redirects; `undefined` if the adapter does not tell. */
export function effectiveTarget(
  response: AxiosResponse,
  sent: Target,
  config: InternalAxiosRequestConfig,
  answeredAs: (request: object) => Pick<Target, 'url' | 'method'> | undefined,
): Target | undefined {
  const request = (response.request ?? {}) as SentRequest;
  if (request[Symbol.toStringTag] === 'Request') return afterFetch(answeredAs(request), config);
  const uri = originForm(text(request.path)) ?? text(request.sentHeaders?.[':path']) ?? sent.uri;
  const method = text(request.method) ?? sent.method;
  const url = saidUrl(request, response.status, sent, config);
  // An adapter function may follow redirects by itself, so without a reported URL the target is unknown.
  if (url === undefined && typeof config.adapter === 'function') return undefined;
  if (url === undefined || isSame(url, sent.url)) return uri === sent.uri ? sent : { ...sent, uri, method };
  return { ...locate(new URL(url, sent.url), config), method, uri };
}

/**
 * The URL that the response reports. follow-redirects calls the host of every Unix socket "::1"; axios-mock-adapter
 * repeats `config.url`, which may be relative.
 */
function saidUrl(
  request: SentRequest,
  status: number,
  sent: Target,
  config: InternalAxiosRequestConfig,
): string | undefined {
  const served = text(request.res?.responseUrl);
  if (served && config.socketPath) return served.replace(/^https?:\/\/\[::1\](?=[/?])/, new URL(sent.url).origin);
  const said = served ?? text(request.responseURL);
  if (said !== undefined) return said === urlText(config.url) ? sent.url : said;
  return typeof config.adapter === 'function' ? askedUrl(request, status) : undefined;
}

/** The URL of a Node request. Node follows no redirects, so the URL that was requested is the URL that answered. */
function askedUrl(request: SentRequest, status: number): string | undefined {
  const { protocol, res, sentHeaders: sent } = request;
  if (sent) return `${sent[':scheme']}://${sent[':authority']}${sent[':path']}`;
  // If the statuses differ, this request was redirected, and the response belongs to a later request.
  if (res && res.statusCode !== status) return undefined;
  const path = text(request.path);
  if (path && ABSOLUTE.test(path)) return path;
  return request instanceof ClientRequest ? `${protocol}//${request.getHeader('host')}${path}` : undefined;
}

/** Whether two URLs are equal when parsed: the second send then keeps the spelling that a serializer gave the first. */
function isSame(answered: string, sent: string): boolean {
  const url = answered === sent ? undefined : parseUrl(answered, sent);
  if (!url) return true;
  url.hash = '';
  return url.href === new URL(sent).href;
}

/** The origin-form. A plain proxy gets the absolute-form, but sends the origin-form on, which the origin compares. */
function originForm(path: string | undefined): string | undefined {
  if (path === undefined || !ABSOLUTE.test(path)) return path;
  return path.replace(/^[^/]*\/\/[^/?]*/, '') || '/';
}

function afterFetch(
  as: Pick<Target, 'url' | 'method'> | undefined,
  config: InternalAxiosRequestConfig,
): Target | undefined {
  if (as === undefined) return undefined;
  const answered = new URL(as.url);
  const uri = fetchTarget(answered);
  return { ...locate(answered, config, uri), method: as.method };
}

function locate(url: URL, config: InternalAxiosRequestConfig, uri = url.pathname + url.search): Omit<Target, 'method'> {
  const { protocol, host, pathname } = url;
  return { origin: originFor(url, config), url: `${protocol}//${host}${uri}`, pathname, uri };
}

/** A hop of a redirect, before it is sent. */
export interface RedirectOptions {
  readonly href?: unknown;
  readonly path?: unknown;
  readonly method?: unknown;
  readonly headers?: Record<string, unknown>;
}

/** The target of a hop, as follow-redirects describes it; `undefined` if its URL is invalid. */
export function hopTarget(
  { href, path, method }: RedirectOptions,
  config: InternalAxiosRequestConfig,
): Target | undefined {
  const url = typeof href === 'string' ? parseUrl(href) : undefined;
  if (!url) return undefined;
  const located = locate(url, config);
  return { ...located, uri: originForm(text(path)) ?? located.uri, method: text(method) ?? 'GET' };
}

/** The origin of RFC 6454. Two Unix sockets are two servers, although both have the host localhost. */
export function originFor(url: Pick<URL, 'origin'>, { socketPath }: InternalAxiosRequestConfig): string {
  return socketPath ? `unix:${socketPath}` : url.origin;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
