/** One tunnel through a proxy, every CONNECT of a handshake on one connection (RFC 9110 §9.3.6): axios opens one for each. */

import { validateHeaderValue } from 'node:http';
import { connect, isIPv6, Socket, type TcpNetConnectOpts } from 'node:net';
import { type ConnectReply, readReply } from './connect-reply.js';

/** Where a tunnel begins. */
export interface TunnelWay {
  readonly proxy: { readonly host: string; readonly port: number };
  /** How long one CONNECT may take, in milliseconds, where nothing else is said; 0: as long as it takes. */
  readonly timeout: number;
  /** Options of the connection to the proxy. */
  readonly options: Partial<TcpNetConnectOpts>;
}

/** The request that waits for the tunnel, as Node's agent describes it. */
export interface TunnelledRequest {
  readonly host?: string;
  readonly port?: number | string;
  readonly method?: string;
}

/** What became of a CONNECT. */
export interface TunnelEnds {
  /** The tunnel is open, and this leads through it. */
  opened(socket: Socket): void;
  /** The proxy says something else, which this socket gives to Node as the response to the request. */
  refused(socket: Socket): void;
  failed(error: Error): void;
}

/** A tunnel that is not open yet. */
export class Tunnel {
  /** Of the next CONNECT. */
  #authorization: string | undefined;
  #timeout: number;
  /** Whether a message of ours has gone out on the connection: then no other connection may take its place (SEC-87). */
  #isBound = false;
  isOpen = false;
  /** Whether the last CONNECT met a connection that the proxy had closed after the one before. */
  isCut = false;
  #socket: Socket | undefined;
  #giveUp: (() => void) | undefined;

  constructor(private readonly way: TunnelWay) {
    this.#timeout = way.timeout;
  }

  /** Sets the Proxy-Authorization of the next CONNECT, and how long that may take. */
  prepare(authorization: string | undefined, timeout: number): void {
    this.#authorization = authorization;
    this.#timeout = timeout;
  }

  /** Whether a handshake was begun on a connection that is closed now. */
  get isLost(): boolean {
    return this.#isBound && !this.isOpen && !isUsable(this.#socket);
  }

  /** Asks the proxy for the tunnel, on the connection of the CONNECT before. */
  open(request: TunnelledRequest, { opened, refused, failed }: TunnelEnds): void {
    if (this.isLost) {
      failed(failure('the connection to the proxy was closed', 'ECONNRESET'));
      return;
    }
    const timeout = this.#timeout;
    const head = this.#head(request);
    const isFirst = !isUsable(this.#socket);
    const socket = this.#connected();
    const { bytesRead } = socket;
    const timer =
      timeout > 0 ? setTimeout(() => finish(failure(`timeout of ${timeout}ms exceeded`)), timeout) : undefined;
    const stop = readReply(socket, (error, reply) => finish(error, reply));
    const finish = (error: Error | undefined, reply?: ConnectReply) => {
      const isEnded = socket.destroyed || socket.readableEnded;
      clearTimeout(timer);
      stop();
      this.#giveUp = undefined;
      if (reply && reply.status < 300) return opened(this.#handOver(socket));
      this.isCut = isEnded && !reply && !isFirst && socket.bytesRead === bytesRead;
      if (!reply?.isReusable) socket.destroy();
      return reply ? refused(refusal(reply, request.method === 'HEAD')) : failed(error as Error);
    };
    this.#giveUp = () => finish(failure('the request was given up', 'ECONNRESET'));
    socket.write(head, 'latin1');
  }

  /** Closes it, whatever it waits for. */
  close(): void {
    this.#giveUp?.();
    this.#socket?.destroy();
  }

  #connected(): Socket {
    const { proxy, options } = this.way;
    if (!isUsable(this.#socket)) {
      this.#socket?.destroy();
      this.#socket = connect({ ...options, ...proxy }).on('error', () => {});
    }
    return this.#socket as Socket;
  }

  #handOver(socket: Socket): Socket {
    this.#socket = undefined;
    this.isOpen = true;
    return socket;
  }

  #head(request: TunnelledRequest): string {
    const authorization = this.#authorization;
    this.#authorization = undefined;
    if (authorization !== undefined) validateHeaderValue('Proxy-Authorization', authorization);
    this.#isBound ||= authorization !== undefined;
    const authority = authorityOf(request);
    const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`, 'Proxy-Connection: keep-alive'];
    if (authorization !== undefined) lines.push(`Proxy-Authorization: ${authorization}`);
    return `${lines.join('\r\n')}\r\n\r\n`;
  }
}

/** What is tunnelled to: a host and a port (RFC 9112 §3.2.3). */
export function authorityOf({ host = '', port }: TunnelledRequest): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${Number(port) || 443}`;
}

/** What came unasked between two of them is an answer to neither. */
function isUsable(socket: Socket | undefined): boolean {
  return socket !== undefined && !socket.destroyed && !socket.readableEnded && socket.readableLength === 0;
}

/** The request itself is written nowhere: nobody but the origin may see it. */
function refusal({ head, body }: ConnectReply, isHead: boolean): Socket {
  const socket = new Socket({ readable: true, writable: false });
  const lines = [...head, `Content-Length: ${body.length}`, 'Connection: close'];
  socket.push(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), isHead ? Buffer.alloc(0) : body]));
  socket.push(null);
  return socket;
}

/** Begins TLS in a tunnel; the error of options that are wrong, which are read only now. */
export function overTls(tunnelled: Socket, begin: () => Socket | undefined): Socket | Error {
  try {
    return begin() as Socket;
  } catch (error) {
    tunnelled.destroy();
    return error as Error;
  }
}

function failure(message: string, code = 'ECONNABORTED'): Error {
  return Object.assign(new Error(message), { code });
}
