/** Determines whether anyone but the origin can read a request: a proxy, or others beyond this machine. */

import http from 'node:http';
import { Socket } from 'node:net';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Target } from '../../exchange/port/transport.js';
import { isLoopback, isLoopbackAddress } from '../../syntax/loopback.js';
import { parseUrl } from '../../syntax/url.js';
import { usesFetch } from '../client/adapter.js';
import { possibleProxies } from './environment.js';
import { configuredProxy } from './proxy.js';

/** The parts of `response.request` that show its route: of a ClientRequest, a fetch Request, or a mock. */
interface SentRequest {
  readonly path?: unknown;
  readonly host?: unknown;
  readonly socket?: unknown;
  readonly agent?: unknown;
  readonly [Symbol.toStringTag]?: string;
}

/** Whether a request was sent in clear text beyond this machine, whatever the name of its origin. */
export function wasExposed(response: AxiosResponse, origin: string, config: InternalAxiosRequestConfig): boolean {
  const request = (response.request ?? {}) as SentRequest;
  const { path, host, socket } = request;
  // axios before 1.16 opens no tunnel: the proxy receives all of an https request.
  if (/^https:/i.test(String(path))) return true;
  if (origin.startsWith('unix:')) return false;
  const isSecure = origin.startsWith('https:');
  if (request[Symbol.toStringTag] === 'Request') return !isSecure && isDispatched(config);
  if (isSecure) return socket instanceof Socket && !isEncrypted(socket) && !isHere(socket);
  if (/^http:/i.test(String(path)) && !isLoopback(bracketed(String(host)))) return true;
  const isKnown = socket instanceof Socket && socket.remoteAddress !== undefined;
  if (isKnown) return !isHere(socket);
  // The connection is closed, so its remote address is unknown.
  return typeof socket === 'object' && socket !== null && !isDirect(config, origin);
}

/** Whether the response of a proxy shows that the proxy is on another machine, whatever its name. */
export function isElsewhere({ request }: AxiosResponse): boolean {
  const { socket } = (request ?? {}) as SentRequest;
  return socket instanceof Socket && socket.remoteAddress !== undefined && !isEncrypted(socket) && !isHere(socket);
}

/** Whether a response came through axios's own tunnel. A version of axios tunnels all https requests, or never. */
export function isTunnelled({ request }: AxiosResponse, { adapter, httpsAgent }: InternalAxiosRequestConfig): boolean {
  const { agent, socket } = (request ?? {}) as SentRequest;
  const isOwn = typeof adapter !== 'function' && agent !== httpsAgent && isEncrypted(socket);
  return isOwn && typeof agent === 'object' && agent !== null && 'proxy' in agent && Boolean(agent.proxy);
}

/** Whether a request may be sent in clear text beyond this machine, as far as that is known before the send. */
export function mayBeExposed(
  config: InternalAxiosRequestConfig,
  { origin }: Pick<Target, 'origin'>,
  { opensTunnels }: { readonly opensTunnels: boolean },
): boolean {
  if (origin.startsWith('unix:')) return false;
  const isSecure = origin.startsWith('https:');
  if (usesFetch(config.adapter)) return !isSecure && isDispatched(config);
  if (isSecure) return !opensTunnels && proxiesOf(config, origin).length > 0;
  return !isDirect(config, origin) || !proxiesOf(config, origin).every(isLoopbackUrl);
}

/** The proxies that any version of axios may use for an origin. */
export function proxiesOf(config: InternalAxiosRequestConfig, origin: string): readonly string[] {
  const proxy = ownOf(config, 'proxy');
  if (proxy === false) return NONE;
  return proxy ? [configuredProxy({ ...config, adapter: 'http' })?.origin ?? 'unknown'] : possibleProxies(origin);
}

const NONE: readonly string[] = [];

function isLoopbackUrl(url: string): boolean {
  return isLoopback(parseUrl(url)?.hostname ?? '');
}

/** Options of an agent that may lead a request to another place than its URL says. */
const DETOURS = ['host', 'hostname', 'lookup', 'createConnection', 'proxyEnv'];

/** Whether the URL's host alone decides where a request goes, and no custom agent or `lookup` changes that. */
function isDirect(config: InternalAxiosRequestConfig, origin: string): boolean {
  const agent = ownOf<object>(config, 'httpAgent') ?? http.globalAgent;
  if (Object.getPrototypeOf(agent) !== http.Agent.prototype) return false;
  if (['createConnection', 'createSocket', 'addRequest'].some((name) => Object.hasOwn(agent, name))) return false;
  const { options } = agent as { options?: Readonly<Record<string, unknown>> };
  if (options && DETOURS.some((name) => (ownOf(options, name) ?? null) !== null)) return false;
  return !ownOf(config, 'lookup') || !/localhost(:\d+)?$/.test(origin);
}

/** Reads an own property, never a property of Object.prototype (SEC-28). */
function ownOf<Value = unknown>(holder: object, name: string): Value | undefined {
  return Object.hasOwn(holder, name) ? ((holder as Record<string, unknown>)[name] as Value) : undefined;
}

/** Whether fetch uses another dispatcher than undici's Agent: most of the other dispatchers are proxies. */
function isDispatched(config: InternalAxiosRequestConfig): boolean {
  const options = ownOf<object>(config, 'fetchOptions') ?? {};
  const used = [
    ownOf(options, 'dispatcher'),
    ...GLOBAL_DISPATCHERS.map((key) => (globalThis as Record<symbol, unknown>)[key]),
  ];
  return used.some((one) => typeof one === 'object' && one !== null && one.constructor.name !== 'Agent');
}

const GLOBAL_DISPATCHERS = [1, 2].map((version) => Symbol.for(`undici.globalDispatcher.${version}`));

function isEncrypted(socket: unknown): boolean {
  return typeof socket === 'object' && socket !== null && 'encrypted' in socket && socket.encrypted === true;
}

function isHere({ remoteAddress }: Socket): boolean {
  return remoteAddress !== undefined && isLoopbackAddress(remoteAddress);
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
