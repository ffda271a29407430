/** Tells which way a request would go on a connection to itself, or why it can have none. */

import http from 'node:http';
import https from 'node:https';
import type { InternalAxiosRequestConfig } from 'axios';
import type { SeenRequest } from '../../exchange/port/pinning.js';
import { parseUrl } from '../../syntax/url.js';
import { usesFetch } from '../client/adapter.js';
import { proxiesOf } from '../proxy/exposure.js';
import type { ProxyServer } from '../proxy/proxy.js';
import { transportOf } from '../send/own-transport.js';
import { agentOptions } from './node-agent.js';

/** How a connection leads to a server: straight, as a proxy's own, or as a tunnel through a proxy. */
export type Course = 'straight' | 'forward' | 'tunnel';

/** What is known of the proxy on the way. */
export interface KnownProxy {
  /** The proxy that axios uses for the origin, if that is certain. */
  readonly proxy: ProxyServer | undefined;
  /** Whether this version of axios has been seen to open a tunnel. */
  readonly opensTunnels: boolean;
  /** Whether the proxy is sent a credential with each request or tunnel. */
  readonly isAuthorizedEachTime: boolean;
}

/** The agent that axios would use for an origin. */
export function sourceOf({ httpAgent, httpsAgent }: InternalAxiosRequestConfig, isSecure: boolean): http.Agent {
  return isSecure ? (httpsAgent ?? https.globalAgent) : (httpAgent ?? http.globalAgent);
}

// Bun and Deno do not ask an agent for the connection.
const IS_NODE = !['bun', 'deno'].some((name) => Object.hasOwn(process.versions, name));

/** The way to a target, as the origin or the proxy sees it. */
export function courseOf(config: InternalAxiosRequestConfig, target: SeenRequest, isProxy: boolean): Course {
  if (isProxy) return target.method === 'CONNECT' ? 'tunnel' : 'forward';
  return !config.socketPath && proxiesOf(config, target.origin).length > 0 ? 'tunnel' : 'straight';
}

/** Why no connection can be kept, as the end of a sentence; `undefined` if one can. */
export function obstacleTo(
  config: InternalAxiosRequestConfig,
  target: SeenRequest,
  isProxy: boolean,
  known: KnownProxy,
): string | undefined {
  const { adapter, httpVersion } = config;
  if (typeof adapter === 'function') return 'an adapter of the caller sends the request';
  if (usesFetch(adapter)) return 'fetch does not say which connection it takes';
  if (Number(httpVersion) === 2) return 'HTTP/2 shares one among all requests';
  if (!IS_NODE) return 'only Node itself lets a program choose one';
  if (transportOf(config)) return 'a transport of the caller sends the request';
  const course = courseOf(config, target, isProxy);
  const isSecure = course === 'tunnel' || (course === 'straight' && target.url.startsWith('https:'));
  const onTheWay = course === 'straight' ? undefined : obstacleOnTheWay(target, isProxy, known);
  if (onTheWay !== undefined) return onTheWay;
  const agent = sourceOf(config, isSecure);
  if (!isPlain(agent, isSecure, course)) return 'the agent of the caller is not one of Node itself';
  return takesProxy(agent) ? 'Node takes the proxy of the environment itself' : undefined;
}

function obstacleOnTheWay(
  { method, url }: SeenRequest,
  isProxy: boolean,
  { proxy, opensTunnels, isAuthorizedEachTime }: KnownProxy,
): string | undefined {
  if (!isProxy && !url.startsWith('https:')) return 'a proxy on the way shares its connections among all who use it';
  if (!proxy) return 'it is not certain which proxy axios uses';
  if (parseUrl(proxy.origin)?.protocol !== 'http:') return 'the connection to the proxy is TLS itself';
  if (isProxy && method !== 'CONNECT') return undefined;
  if (!opensTunnels) return 'this version of axios opens no tunnel';
  return !isProxy && isAuthorizedEachTime ? 'the proxy is sent a credential with each tunnel' : undefined;
}

/** Methods that decide which request gets which connection. */
const POOLING = ['addRequest', 'createSocket', 'keepSocketAlive', 'reuseSocket', 'removeSocket'];

/** Whether an agent is Node's own, and takes no way of its own; its `createConnection` may be the caller's. */
function isPlain(agent: http.Agent, isSecure: boolean, course: Course): boolean {
  if (Object.getPrototypeOf(agent) !== (isSecure ? https.Agent : http.Agent).prototype) return false;
  if (POOLING.some((name) => Object.hasOwn(agent, name))) return false;
  // What opens the caller's connections does not open them through a proxy.
  return !(course === 'tunnel' && Object.hasOwn(agent, 'createConnection'));
}

function takesProxy(agent: http.Agent): boolean {
  const options = agentOptions(agent);
  return Object.hasOwn(options, 'proxyEnv') && Boolean(options.proxyEnv);
}
