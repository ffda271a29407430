/** Answers CONNECT when the server acts as a proxy: judges the request, then opens a tunnel (RFC 9110 §9.3.6). */

import type { IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Tribunal } from './authenticator.js';
import { type Draft, draftOf, type ReceivedRequest } from './received-request.js';
import { Violation } from './violation.js';

/** Answers CONNECT and notes it in `requests`. Returns a function that ends the tunnels, because Node does not. */
export function openTunnels(server: Server, judge: Tribunal, requests: ReceivedRequest[]): () => void {
  const open = new Set<Duplex>();
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    const received = draftOf(request);
    requests.push(received);
    hold(open, socket);
    try {
      const goesOn = answer(judge, received, socket, open);
      if (goesOn) readOn(server, socket);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      received.violation = error.message;
      say(socket, received, { status: 400, phrase: 'Bad Request', text: error.message });
    }
  });
  return () => {
    for (const socket of open) socket.destroy();
  };
}

/** Whether the connection goes on with another request: that of a handshake does. */
function answer(judge: Tribunal, received: Draft, socket: Duplex, open: Set<Duplex>): boolean {
  const outcome = judge(received, 'proxy-authorization', socket);
  if (outcome.kind !== 'challenged') {
    tunnel(received, socket, open);
    return false;
  }
  const { refusal, challenges } = outcome;
  if (refusal.stale) received.stale = true;
  const fields = challenges.map((challenge) => `Proxy-Authenticate: ${challenge}`);
  const goesOn = refusal.message !== undefined;
  say(socket, received, { ...REQUIRED, fields, text: refusal.reason, goesOn });
  return goesOn;
}

const REQUIRED = { status: 407, phrase: 'Proxy Authentication Required' } as const;

/** Node has taken its parser away from the connection of a CONNECT: the next request is read by another one. */
function readOn(server: Server, socket: Duplex): void {
  server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket);
}

function tunnel(received: Draft, socket: Duplex, open: Set<Duplex>): void {
  const { hostname, port } = authorityOf(received.url);
  const far = connect(Number(port) || 80, hostname.replace(/^\[|\]$/g, ''));
  hold(open, far);
  far.once('connect', () => {
    received.status = 200;
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    far.pipe(socket).pipe(far);
  });
  const noServer = { status: 502, phrase: 'Bad Gateway', text: 'no such server' };
  far.once('error', () => received.status === 0 && say(socket, received, noServer));
}

/** RFC 9112 §3.2.3: the request-target of CONNECT is a host and a port. */
function authorityOf(target: string): URL {
  try {
    return new URL(`http://${target}`);
  } catch {
    throw new Violation('CONNECT: the request-target has to be a host and a port');
  }
}

function hold(open: Set<Duplex>, socket: Duplex): void {
  if (open.has(socket)) return;
  open.add(socket);
  socket.on('error', () => {}).on('close', () => open.delete(socket));
}

/** A response that opens no tunnel. */
interface Reply {
  readonly status: number;
  readonly phrase: string;
  readonly fields?: readonly string[];
  readonly text: string;
  /** Whether the connection goes on with another request. */
  readonly goesOn?: boolean;
}

function say(socket: Duplex, received: Draft, { status, phrase, fields = [], text, goesOn = false }: Reply): void {
  received.status = status;
  const body = Buffer.from(`${text}\n`);
  const head = [
    `HTTP/1.1 ${status} ${phrase}`,
    ...fields,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    ...(goesOn ? [] : ['Connection: close']),
  ];
  // Each character of a field value is one byte.
  const bytes = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
  if (goesOn) socket.write(bytes);
  else socket.end(bytes);
}
