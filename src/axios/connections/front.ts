/** The agent that one send gets: the caller's own to look at, but the first request takes the pinned connection. */

import type http from 'node:http';
import type { ClientRequest } from 'node:http';
import type { InternalAxiosRequestConfig } from 'axios';
import { agentOptions, type NodeAgent, nodeAgent } from './node-agent.js';
import type { OwnConnection } from './own-connection.js';

/** An agent for one send. */
export interface Front {
  readonly agent: http.Agent;
  /** Changes the config of the send, so that axios uses the agent, and the way of the connection. */
  direct(config: InternalAxiosRequestConfig): void;
  /** Whether the send's `Proxy-Authorization` is written by the connection, and not by axios. */
  readonly isTunnel: boolean;
  /** Whether the origin lets the connection in, or is asked to. */
  readonly isForOrigin: boolean;
  /** Whether the request went to the connection. */
  isUsed(): boolean;
  /** The send is over: from now on it is no more than the caller's agent, whoever finds it in a response. */
  end(): void;
}

/** What a front needs to know. */
export interface FrontInput {
  readonly connection: OwnConnection;
  readonly isForOrigin: boolean;
  /** The caller's agent, as the response shows it. */
  readonly source: http.Agent;
  /** Sends what comes after the first request. */
  readonly afterwards: http.Agent;
  direct(config: InternalAxiosRequestConfig, agent: http.Agent): void;
}

/**
 * Makes the agent of a send. Whatever comes after the first request is a hop of a redirect, which Node's redirects close
 * the connection for: it goes out as the caller's own agent sends it, and is authorized by nothing.
 */
export function frontOf({ connection, isForOrigin, source, afterwards, direct }: FrontInput): Front {
  let isUsed = false;
  let isOver = false;
  const addRequest: NodeAgent['addRequest'] = (request, options, ...rest) => {
    // Node needs the agent no more, and whoever looks at the request must not find the connection (SEC-34).
    show(request, source);
    if (isUsed || isOver) nodeAgent(afterwards).addRequest(request, options, ...rest);
    else connection.send(request, options, ...rest);
    isUsed = true;
  };
  const own = new Map<string | symbol, () => unknown>([
    ['addRequest', () => addRequest],
    ['keepAlive', () => (isOver ? agentOptions(source).keepAlive === true : true)],
    ['sockets', () => (isOver ? source.sockets : connection.sockets)],
  ]);
  const agent = new Proxy(source, { get: (target, name) => own.get(name)?.() ?? Reflect.get(target, name) });
  return {
    agent,
    direct: (config) => direct(config, agent),
    isForOrigin,
    isTunnel: connection.tunnel !== undefined,
    isUsed: () => isUsed,
    end: () => {
      isOver = true;
    },
  };
}

function show(request: ClientRequest, agent: http.Agent): void {
  (request as { agent?: http.Agent }).agent = agent;
}
