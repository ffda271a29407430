/** Sends the requests to an issuer: through axios, over TLS or to loopback, without redirects, within limits. */

import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { follow, unlessAborted } from '../../base/abort.js';
import { AuthError } from '../../errors.js';
import { isLoopback } from '../../syntax/loopback.js';
import { isOurs, kindOf } from '../../syntax/said.js';
import { parseUrl } from '../../syntax/url.js';
import { withoutDefaults } from './default-headers.js';

/** What is sent. */
export interface IssuerRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** As the `customFetch` of oauth4webapi. @throws AuthError `ERR_AUTH_PROVIDER` without a cause: axios's errors hold what was sent. */
export type IssuerFetch = (url: string, request: IssuerRequest) => Promise<Response>;

/** The issuer did not answer, this time. */
export class IssuerUnreachable extends AuthError {}

/** How long a response is waited for, and how large it may be. */
export interface IssuerLimits {
  readonly milliseconds: number;
  readonly bytes: number;
}

const LIMITS: IssuerLimits = { milliseconds: 10_000, bytes: 64 * 1024 };

/** How a URL is reached, beyond what the client says. @throws AuthError if it must not be asked */
export type RouteTo = (url: URL) => Promise<{ readonly adapter: 'http'; readonly lookup: unknown }>;

/** `http`: a client of the user's, with its proxy, CA and agent. */
export function issuerFetch(http: AxiosInstance, limits = LIMITS, routeTo?: RouteTo): IssuerFetch {
  return async (url, request) => {
    const host = allowedHost(url);
    const leaving = follow(request.signal);
    // The limit of axios is one of silence: a response that comes byte by byte would keep it from ever running out.
    const timer = setTimeout(leaving.abort, limits.milliseconds);
    try {
      const config = configOf(http, url, { ...request, signal: leaving.signal }, limits);
      const route = routeTo ? await unlessAborted(routeTo(new URL(url)), leaving.signal) : {};
      return answerOf(await http.request<unknown>({ ...config, ...route }), host, limits);
    } catch (error) {
      const isLate = leaving.signal.aborted && !request.signal?.aborted;
      throw isLate
        ? unreachable(host, `does not answer within ${limits.milliseconds / 1000} s`)
        : failureOf(error, host, limits);
    } finally {
      clearTimeout(timer);
      leaving.release();
    }
  };
}

/** The host, as it may be shown. OAuth 2.1 §1.5: TLS, or this machine. */
function allowedHost(url: string): string {
  const parsed = parseUrl(url);
  if (parsed?.protocol === 'https:') return parsed.host;
  if (parsed?.protocol === 'http:' && isLoopback(parsed.hostname)) return parsed.host;
  throw new AuthError('ERR_AUTH_PROVIDER', 'oauth: an address of the issuer is neither https nor on this machine');
}

/** What the client's own defaults say is overruled, except for how the issuer is reached. */
function configOf(
  http: AxiosInstance,
  url: string,
  { method, headers, body, signal }: IssuerRequest,
  limits: IssuerLimits,
): object {
  const own = { Authorization: false, Cookie: false, ...byTitle(headers) };
  const config: Omit<AxiosRequestConfig, 'auth' | 'headers'> & Record<'auth' | 'challenge' | 'headers', unknown> = {
    url,
    method,
    baseURL: '',
    allowAbsoluteUrls: true,
    // Headers that the client has for another server are not for this one.
    headers: { ...withoutDefaults(http, own), ...own },
    params: null,
    auth: null,
    challenge: false,
    data: body?.toString(),
    transformRequest: (data: unknown) => data,
    transformResponse: (data: unknown) => data,
    responseType: 'arraybuffer',
    validateStatus: () => true,
    maxRedirects: 0,
    maxContentLength: limits.bytes,
    timeout: 0,
    ...(signal && { signal }),
  };
  return config;
}

/** `authorization` would not replace `Authorization: false`. */
function byTitle(headers: Readonly<Record<string, string>>): Record<string, string> {
  const titles: Record<string, string> = { authorization: 'Authorization', cookie: 'Cookie' };
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [titles[name] ?? name, value]));
}

interface Received {
  readonly status: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

function answerOf(received: unknown, host: string, { bytes }: IssuerLimits): Response {
  if (!isResponse(received)) throw trouble(host, 'cannot be asked: an interceptor of `http` gives no response');
  const { status } = received;
  if (status >= 300 && status < 400) throw trouble(host, `answers with a redirect (${status}), which is not followed`);
  const body = bytesOf(received.data);
  if (body.byteLength > bytes) throw tooLarge(host, bytes);
  // Only the media type: a WWW-Authenticate beside `invalid_client` would hide the error code of the body (RFC 6749 §5.2).
  const type = received.headers?.['content-type'];
  const headers = typeof type === 'string' ? { 'content-type': type } : {};
  const isBodiless = status === 204 || status === 205;
  return new Response(isBodiless ? null : Uint8Array.from(body), { status, headers });
}

function isResponse(received: unknown): received is Received {
  if (typeof received !== 'object' || received === null) return false;
  const { status } = received as Partial<Received>;
  return Number.isInteger(status) && (status as number) >= 200 && (status as number) < 600;
}

/** An adapter of the user's may give text, or what it has read out of JSON. */
function bytesOf(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  // An ArrayBuffer of another realm is no instance of this one.
  if (Object.prototype.toString.call(data) === '[object ArrayBuffer]') return new Uint8Array(data as ArrayBuffer);
  return new TextEncoder().encode(typeof data === 'string' ? data : (JSON.stringify(data) ?? ''));
}

function failureOf(error: unknown, host: string, limits: IssuerLimits): AuthError {
  if (isOurs(error)) return error;
  const { code, message, cause } = Object(error) as { code?: unknown; message?: unknown; cause?: unknown };
  // What a `lookup` has refused, axios has wrapped.
  if (isOurs(cause)) return cause;
  if (code === 'ERR_BAD_RESPONSE' && String(message).includes('maxContentLength')) return tooLarge(host, limits.bytes);
  return unreachable(
    host,
    `cannot be reached (${nameOfTrouble(code) ?? kindOf(error) ?? 'it threw something that is not an error'})`,
  );
}

/** A code of Node or of axios: `ECONNREFUSED`. */
function nameOfTrouble(code: unknown): string | undefined {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : undefined;
}

function tooLarge(host: string, bytes: number): AuthError {
  return trouble(host, `answers with more than ${bytes / 1024} KiB`);
}

function unreachable(host: string, reason: string): AuthError {
  return new IssuerUnreachable('ERR_AUTH_PROVIDER', `oauth: ${host} ${reason}`);
}

function trouble(host: string, reason: string): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `oauth: ${host} ${reason}`);
}
