/** Members of Node's agent that its types do not declare. */

import type http from 'node:http';
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

/** Called with the connection that was opened, or why none was. */
export type ConnectionOpened = (error: Error | null, socket?: Socket) => void;

/** An agent of Node, with its methods that open, give and keep connections. */
export interface NodeAgent {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly sockets: http.Agent['sockets'];
  addRequest(request: ClientRequest, options: object, ...rest: unknown[]): void;
  createConnection(options: object, opened: ConnectionOpened): Socket | undefined;
  keepSocketAlive(socket: Socket): boolean;
  destroy(): void;
}

export function nodeAgent(agent: http.Agent): NodeAgent {
  return agent as unknown as NodeAgent;
}

/** The options that an agent was made with. */
export function agentOptions(agent: http.Agent): Readonly<Record<string, unknown>> {
  return nodeAgent(agent).options ?? {};
}
