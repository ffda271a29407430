/** Makes a send use a new connection: the server may have closed an idle connection of the caller's agent already. */

import http from 'node:http';
import https from 'node:https';
import type { InternalAxiosRequestConfig } from 'axios';

/** The previous send. */
export interface PreviousSend {
  /** Its request, as Node, follow-redirects or fetch has it. */
  readonly request: unknown;
  /** How much of the caller's timeout it used, in milliseconds. */
  readonly spent: number;
}

/** Makes a copy use a new connection, in the time that is left. A tunnel is always new; fetch has its own pool. */
export function freshen(copy: InternalAxiosRequestConfig, { request, spent }: PreviousSend): void {
  const { timeout } = copy;
  if (timeout) copy.timeout = Math.max(1, Math.ceil(timeout - spent));
  const agent = currentRequest(request)?.agent;
  if (!agent) return;
  if (agent === (copy.httpAgent || http.globalAgent)) copy.httpAgent = withoutIdle(agent);
  if (agent === (copy.httpsAgent || https.globalAgent)) copy.httpsAgent = withoutIdle(agent);
}

/** The parts of a ClientRequest that tell about its connection. */
export interface Connected {
  agent?: http.Agent;
  readonly reusedSocket?: boolean;
  readonly res?: unknown;
  readonly socket?: { readonly bytesRead?: number } | null;
}

/** The ClientRequest; follow-redirects keeps that of the last hop. */
export function currentRequest(request: unknown): Connected | undefined {
  const { _currentRequest: current } = (request ?? {}) as { readonly _currentRequest?: Connected };
  return current ?? ((request ?? undefined) as Connected | undefined);
}

/** A method that an agent's types do not declare: it gets every request, and reuses an idle connection if possible. */
interface Pooling extends http.Agent {
  addRequest(request: Connected, options: Place, ...rest: unknown[]): void;
}

interface Place {
  readonly host?: string;
  readonly port?: string | number;
}

/** The same agent, but `addRequest` first closes the idle connections that it could reuse. */
function withoutIdle(agent: http.Agent): http.Agent {
  const pooling = agent as Pooling;
  const addRequest: Pooling['addRequest'] = (request, options, ...rest) => {
    closeIdle(pooling, options);
    request.agent = agent;
    pooling.addRequest(request, options, ...rest);
  };
  return new Proxy(agent, { get: (target, name) => (name === 'addRequest' ? addRequest : Reflect.get(target, name)) });
}

/** Closes the idle connections to a place; their names begin with host and port (`agent.getName()`). */
function closeIdle({ freeSockets }: http.Agent, { host, port }: Place): void {
  for (const [name, sockets] of Object.entries(freeSockets ?? {})) {
    if (name.startsWith(`${host}:${port}:`)) for (const socket of sockets ?? []) socket.destroy();
  }
}
