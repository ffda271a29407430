/** How the server is reached: TLS, the time to connect, and the proxy. */

import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { AxiosProxyConfig, AxiosRequestConfig, InternalAxiosRequestConfig } from 'axios';
import { Route } from '../../axios/proxy/route.js';
import { Routes } from '../../axios/proxy/routes.js';
import { decodeOnce, parseUrl } from '../../syntax/url.js';
import { misused } from '../input/arguments.js';
import type { Invocation } from '../input/command.js';
import { fileOf } from '../input/data.js';
import { millisecondsOf } from '../input/options.js';
import { say } from '../io/stdio.js';

/** The part of an axios config that says how the server is reached. */
export type Connection = Pick<AxiosRequestConfig, 'httpAgent' | 'httpsAgent' | 'proxy'>;

// curl's default for a proxy without a port.
const PROXY_PORT = '1080';

/** @throws Stop */
export async function connectionOf(
  name: string,
  given: Invocation,
  signal: AbortSignal,
  onSocket?: (socket: Socket) => void,
): Promise<Connection> {
  const proxy = given.text('proxy');
  const [file, limit] = [given.text('cacert'), millisecondsOf(name, given, 'connect-timeout')];
  const ca = file === undefined ? undefined : await fileOf(file, signal);
  const isUnchecked = given.has('insecure');
  if (isUnchecked) say('warning: with -k anybody on the way can read and change what is sent, passwords included');
  const trust = { ...(ca && { ca }), ...(isUnchecked && { rejectUnauthorized: false }) };
  return {
    ...((limit !== undefined || ca || isUnchecked || onSocket) && agents(trust, { limit, onSocket })),
    ...(proxy !== undefined && { proxy: proxyOf(name, proxy) }),
  };
}

/** The origin of the http proxy that leads to an origin; `undefined`: there is none, or it is not certain which. */
export function proxyFor(origin: string, connection: Connection): string | undefined {
  const route = new Route(connection as InternalAxiosRequestConfig, () => origin, new Routes());
  const proxy = route.proxyFor(origin)?.origin;
  return proxy !== undefined && /^https?:/.test(proxy) ? proxy : undefined;
}

interface Watch {
  /** The time to connect, in milliseconds. */
  readonly limit: number | undefined;
  readonly onSocket: ((socket: Socket) => void) | undefined;
}

function agents(trust: https.AgentOptions, watch: Watch): Connection {
  return {
    httpAgent: watched(new http.Agent(), 'connect', watch),
    httpsAgent: watched(new https.Agent(trust), 'secureConnect', watch),
  };
}

/** An agent that tells of its sockets, and destroys those that are not connected in time. */
function watched<Agent extends http.Agent>(agent: Agent, event: string, { limit, onSocket }: Watch): Agent {
  if (limit === undefined && !onSocket) return agent;
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (...args) => {
    const socket = connect(...args) as Socket;
    if (limit !== undefined) hurry(socket, event, limit);
    onSocket?.(socket);
    return socket;
  };
  return agent;
}

function hurry(socket: Socket, event: string, limit: number): void {
  const late = Object.assign(new Error('not connected in time'), { code: 'ETIMEDOUT' });
  const timer = setTimeout(() => socket.destroy(late), limit);
  for (const end of [event, 'close']) socket.once(end, () => clearTimeout(timer));
}

/** The proxy of `-x`: `[http://][NAME:PASSWORD@]HOST[:PORT]`; an empty value stands for no proxy. */
function proxyOf(name: string, text: string): AxiosProxyConfig | false {
  if (text === '') return false;
  const url = parseUrl(/^\w+:\/\//.test(text) ? text : `http://${text}`);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw misused(name, '--proxy must be an http or https URL');
  }
  const { protocol, hostname, username, password } = url;
  // The URL parser drops a port that is the default of the scheme.
  const isDefault = /:(80|443)\/?$/.test(text) && url.port === '';
  const port = Number(url.port || (isDefault ? (protocol === 'https:' ? 443 : 80) : PROXY_PORT));
  const auth = { username: decodeOnce(username), password: decodeOnce(password) };
  return { protocol: protocol.slice(0, -1), host: hostname, port, ...(username !== '' && { auth }) };
}
