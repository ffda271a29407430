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
      answer(judge, received, socket, open);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      received.violation = error.message;
      end(socket, received, 400, 'Bad Request', [], error.message);
    }
  });
  return () => {
    for (const socket of open) socket.destroy();
  };
}

function answer(judge: Tribunal, received: Draft, socket: Duplex, open: Set<Duplex>): void {
  const outcome = judge(received, 'proxy-authorization', socket);
  if (outcome.kind !== 'challenged') {
    tunnel(received, socket, open);
    return;
  }
  const { refusal, challenges } = outcome;
  if (refusal.stale) received.stale = true;
  const fields = challenges.map((challenge) => `Proxy-Authenticate: ${challenge}`);
  end(socket, received, 407, 'Proxy Authentication Required', fields, refusal.reason);
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
  far.once('error', () => received.status === 0 && end(socket, received, 502, 'Bad Gateway', [], 'no such server'));
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
  open.add(socket);
  socket.on('error', () => {}).on('close', () => open.delete(socket));
}

function end(
  socket: Duplex,
  received: Draft,
  status: number,
  phrase: string,
  fields: readonly string[],
  text: string,
): void {
  received.status = status;
  const body = `${text}\n`;
  const head = [
    `HTTP/1.1 ${status} ${phrase}`,
    ...fields,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  // Each character of a field value is one byte.
  socket.write(Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'));
  socket.end(body);
}
