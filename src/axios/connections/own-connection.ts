/** One connection that no other request shares: an agent of Node with a single socket, which is never replaced (SEC-34). */

import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { endPoint } from './binding/end-point.js';
import { agentOptions, type ConnectionOpened, type NodeAgent, nodeAgent } from './node-agent.js';
import { overTls, type Tunnel } from './tunnel/tunnel.js';

/** Who a connection can be authenticated by. */
export type Side = 'origin' | 'proxy';

/** A connection, which belongs to one request at a time. */
export class OwnConnection {
  /** Who lets requests in on it that carry nothing. */
  readonly letInBy = new Set<Side>();
  /** Whether a second socket was asked for: then the first one has been closed. */
  isReplaced = false;
  /** Called when it can serve another request, and when it has been closed. */
  onIdle: () => void = nothing;
  onClose: () => void = nothing;

  readonly #agent: NodeAgent;
  #socket: Socket | undefined;
  #binding: Uint8Array | undefined;
  /** Whether a socket was opened, or must not be opened any more. */
  #isOpened = false;
  #isOver = false;
  /** Whether its last response has been read. */
  #isIdle = true;
  #phase: 'leased' | 'returned' | 'retired' = 'leased';

  /**
   * @param source - the agent that the caller uses for the origin: how connections are opened is taken from it
   * @param tunnel - the tunnel that it leads through
   */
  constructor(
    source: http.Agent,
    isSecure: boolean,
    readonly tunnel?: Tunnel,
  ) {
    const own = { keepAlive: true, maxSockets: 1, maxFreeSockets: 1, maxTotalSockets: Number.POSITIVE_INFINITY };
    const options = { ...agentOptions(source), ...own };
    this.#agent = nodeAgent(isSecure ? new https.Agent(options) : new http.Agent(options));
    this.#own(nodeAgent(source));
  }

  get isAuthenticated(): boolean {
    return this.letInBy.size > 0;
  }

  get isClosed(): boolean {
    if (this.#isOver || this.tunnel?.isLost) return true;
    return this.#socket?.destroyed === true || this.#socket?.readableEnded === true;
  }

  /** The channel binding, once it is open. */
  get binding(): Uint8Array | undefined {
    if (this.#socket && !this.isClosed) this.#binding ??= endPoint(this.#socket);
    return this.#binding;
  }

  /** The sockets, as an agent shows them. */
  get sockets(): http.Agent['sockets'] {
    return this.#agent.sockets;
  }

  /** Sends a request on it; the request fails if the socket has been closed. */
  send(request: ClientRequest, options: object, ...rest: unknown[]): void {
    this.#isIdle = false;
    this.#agent.addRequest(request, options, ...rest);
  }

  /** Called when it is given to another request. */
  lease(): void {
    this.#phase = 'leased';
  }

  /** The request is over: `onIdle` is called once its response has been read. */
  giveBack(): void {
    this.#phase = 'returned';
    if (this.#isIdle) this.onIdle();
  }

  /** Closes it, but lets the caller read the response first. */
  retire(): void {
    this.#phase = 'retired';
    if (this.#isIdle) this.close();
  }

  /** Closes it at once. */
  close(): void {
    this.#isOpened = true;
    this.#isOver = true;
    this.#agent.destroy();
    this.#socket?.destroy();
    this.tunnel?.close();
    this.#end();
  }

  #own(source: NodeAgent): void {
    const agent = this.#agent;
    const { createConnection } = Object.hasOwn(source, 'createConnection') ? source : agent;
    const { keepSocketAlive } = agent;
    agent.createConnection = (options, opened) => {
      if (this.#isOpened) return this.#refuse(opened);
      if (this.tunnel) return this.#tunnelThrough(this.tunnel, createConnection.bind(agent), options, opened);
      this.#isOpened = true;
      const made = createConnection.call(agent, options, (error, socket) => {
        // Node's own functions call this when it is connected, without arguments.
        if (error) this.#fail();
        if (socket) this.#note(socket);
        opened(error, socket);
      });
      if (made) this.#note(made);
      return made;
    };
    agent.keepSocketAlive = (socket) => this.#keeps(keepSocketAlive.call(agent, socket));
  }

  /** TLS begins in the tunnel as it would on a connection of its own, by the options of the caller's agent. */
  #tunnelThrough(
    tunnel: Tunnel,
    secure: NodeAgent['createConnection'],
    options: object,
    opened: ConnectionOpened,
  ): undefined {
    if (tunnel.isLost) return this.#refuse(opened);
    tunnel.open(options, {
      opened: (socket) => {
        this.#isOpened = true;
        const made = overTls(socket, () => secure({ ...options, socket }, () => {}));
        if (made instanceof Error) this.#fail();
        else this.#note(made);
        made instanceof Error ? opened(made) : opened(null, made);
      },
      refused: (socket) => {
        socket.once('close', () => this.#rest());
        opened(null, socket);
      },
      failed: opened,
    });
    return undefined;
  }

  /** A response that was no more than the proxy's has been read. */
  #rest(): void {
    this.#isIdle = true;
    if (this.#phase !== 'leased') this.close();
  }

  /** A handshake cannot go on on another socket, and nothing is sent on one that is not authenticated. */
  #refuse(opened: ConnectionOpened): undefined {
    this.isReplaced = true;
    opened(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
    return undefined;
  }

  #note(socket: Socket): void {
    if (this.#socket) return;
    this.#socket = socket;
    socket.once('close', () => this.#fail());
  }

  #fail(): void {
    this.#isOver = true;
    this.#end();
  }

  #end(): void {
    const { onClose } = this;
    this.onClose = nothing;
    onClose();
  }

  /** Asked by the agent when a response has been read. */
  #keeps(isLong: boolean): boolean {
    this.#isIdle = true;
    // The next message follows at once, however soon the server closes idle connections.
    if (this.#phase === 'leased') return true;
    if (this.#phase === 'retired' || !isLong) return false;
    this.onIdle();
    return true;
  }
}

function nothing(): void {}
