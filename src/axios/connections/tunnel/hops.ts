/** The agents for the hops of a redirect that began in a tunnel: through the same proxy or around it, and with nothing for it. */

import type http from 'node:http';
import type { ClientRequest } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { authorityOf, overTls, Tunnel, type TunnelledRequest, type TunnelWay } from './tunnel.js';

/** A method that Node's types do not declare. */
interface Adding {
  addRequest(request: ClientRequest, options: object, ...rest: unknown[]): void;
}

/** Aborted when the request is over: one that was given up needs no tunnel. */
interface Leaving {
  readonly leaving?: AbortSignal;
}

type Opened = (error: Error | null, socket?: Socket) => void;
type Opening = (options: object, opened?: Opened) => Socket;

/** Opens a tunnel for each request; its 407 is the request's response, and is answered there. */
export function hopTunnels(options: https.AgentOptions, way: TunnelWay): https.Agent {
  const agent = new https.Agent({ ...options, keepAlive: false });
  const opening = agent as unknown as { createConnection: Opening | ((options: object, opened: Opened) => undefined) };
  const secure = (opening.createConnection as Opening).bind(agent);
  opening.createConnection = (options: object, opened: Opened) => {
    const tunnel = new Tunnel(way);
    (options as Leaving).leaving?.addEventListener('abort', () => tunnel.close(), { once: true });
    tunnel.open(options, {
      opened: (socket) => {
        const made = overTls(socket, () => secure({ ...options, socket }));
        made instanceof Error ? opened(made) : opened(null, made);
      },
      refused: (socket) => opened(null, socket),
      failed: opened,
    });
    return undefined;
  };
  const adding = agent as unknown as Adding;
  const add = adding.addRequest.bind(agent);
  adding.addRequest = (request, given, ...rest) => {
    const leaving = new AbortController();
    request.once('close', () => leaving.abort());
    add(request, { ...given, leaving: leaving.signal }, ...rest);
  };
  return agent;
}

/** Sends a request without TLS to the proxy: in absolute-form, as axios does (RFC 9112 §3.2.2). */
export function hopForward(source: http.Agent, { proxy }: TunnelWay): http.Agent {
  const addRequest: Adding['addRequest'] = (request, options, ...rest) => {
    if (request.path.startsWith('/')) request.path = `http://${request.getHeader('host')}${request.path}`;
    const { host, port } = proxy;
    Object.assign(request, { host, agent: source });
    (source as unknown as Adding).addRequest(request, { ...options, host, hostname: host, port }, ...rest);
  };
  return withAddRequest(source, addRequest);
}

/** Sends a hop by `through`, or by the caller's agent where axios would use no proxy: axios decides that for each hop anew. */
export function throughOrAround(
  through: http.Agent,
  source: http.Agent,
  isAround: (origin: string) => boolean,
): http.Agent {
  const addRequest: Adding['addRequest'] = (request, options: TunnelledRequest, ...rest) => {
    const isDirect = isAround(`${request.protocol}//${authorityOf(options)}`);
    if (isDirect) Object.assign(request, { agent: source });
    ((isDirect ? source : through) as unknown as Adding).addRequest(request, options, ...rest);
  };
  return withAddRequest(source, addRequest);
}

function withAddRequest(agent: http.Agent, addRequest: Adding['addRequest']): http.Agent {
  return new Proxy(agent, { get: (target, name) => (name === 'addRequest' ? addRequest : Reflect.get(target, name)) });
}

/** A caller's agent as the agent of a tunnel: as such it says which proxy has answered. */
export function shownAs(source: http.Agent, { proxy: { host, port } }: TunnelWay): http.Agent {
  const proxy = { protocol: 'http:', host, port };
  return new Proxy(source, {
    get: (target, name) => (name === 'proxy' ? proxy : Reflect.get(target, name)),
    has: (target, name) => name === 'proxy' || Reflect.has(target, name),
  });
}
