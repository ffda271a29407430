/** The agent that one send gets: the caller's own to look at, but the first request takes the pinned connection. */

import type http from 'node:http';
import { agentOptions, type NodeAgent, nodeAgent } from './node-agent.js';
import type { OwnConnection } from './own-connection.js';

/** An agent for one send. */
export interface Front {
  readonly agent: http.Agent;
  /** Whether the request went to the connection. */
  isUsed(): boolean;
  /** The send is over: from now on it is no more than the caller's agent, whoever finds it in a response. */
  end(): void;
}

/**
 * Makes the agent of a send. Whatever comes after the first request is a hop of a redirect, which Node's redirects close
 * the connection for: it goes out as the caller's own agent sends it, and is authorized by nothing.
 */
export function frontOf(connection: OwnConnection, source: http.Agent): Front {
  let isUsed = false;
  let isOver = false;
  const addRequest: NodeAgent['addRequest'] = (request, options, ...rest) => {
    // Node needs the agent no more, and whoever looks at the request must not find the connection (SEC-34).
    (request as { agent?: http.Agent }).agent = source;
    if (isUsed || isOver) nodeAgent(source).addRequest(request, options, ...rest);
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
    isUsed: () => isUsed,
    end: () => {
      isOver = true;
    },
  };
}
