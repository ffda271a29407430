/** Tells why a request can have no connection to itself. */

import http from 'node:http';
import https from 'node:https';
import type { InternalAxiosRequestConfig } from 'axios';
import { usesFetch } from '../client/adapter.js';
import { proxiesOf } from '../proxy/exposure.js';
import { transportOf } from '../send/own-transport.js';
import { agentOptions } from './node-agent.js';

/** The agent that axios would use for an origin. */
export function sourceOf({ httpAgent, httpsAgent }: InternalAxiosRequestConfig, isSecure: boolean): http.Agent {
  return isSecure ? (httpsAgent ?? https.globalAgent) : (httpAgent ?? http.globalAgent);
}

// Bun and Deno do not ask an agent for the connection.
const IS_NODE = !['bun', 'deno'].some((name) => Object.hasOwn(process.versions, name));

/** Why no connection can be kept, as the end of a sentence; `undefined` if one can. */
export function obstacleTo(config: InternalAxiosRequestConfig, origin: string, isSecure: boolean): string | undefined {
  const { adapter, httpVersion } = config;
  if (typeof adapter === 'function') return 'an adapter of the caller sends the request';
  if (usesFetch(adapter)) return 'fetch does not say which connection it takes';
  if (Number(httpVersion) === 2) return 'HTTP/2 shares one among all requests';
  if (!IS_NODE) return 'only Node itself lets a program choose one';
  if (transportOf(config)) return 'a transport of the caller sends the request';
  if (!config.socketPath && proxiesOf(config, origin).length > 0) {
    return isSecure
      ? 'axios opens a tunnel through its proxy for each request'
      : 'a proxy on the way shares its connections among all who use it';
  }
  const agent = sourceOf(config, isSecure);
  if (!isPlain(agent, isSecure)) return 'the agent of the caller is not one of Node itself';
  return takesProxy(agent) ? 'Node takes the proxy of the environment itself' : undefined;
}

/** Methods that decide which request gets which connection. */
const POOLING = ['addRequest', 'createSocket', 'keepSocketAlive', 'reuseSocket', 'removeSocket'];

/** Whether an agent is Node's own, and takes no way of its own; its `createConnection` may be the caller's. */
function isPlain(agent: http.Agent, isSecure: boolean): boolean {
  if (Object.getPrototypeOf(agent) !== (isSecure ? https.Agent : http.Agent).prototype) return false;
  return !POOLING.some((name) => Object.hasOwn(agent, name));
}

function takesProxy(agent: http.Agent): boolean {
  const options = agentOptions(agent);
  return Object.hasOwn(options, 'proxyEnv') && Boolean(options.proxyEnv);
}
