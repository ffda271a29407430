/** A server that answers 401 to the head of a request, before its body, and does not read that. */

import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterwards } from './stage.js';

/** What it has seen. */
export interface EarlyServer {
  readonly url: string;
  /** In the order of the heads: the status, and what of the body has been read. */
  readonly requests: Array<{
    status: number;
    headers: http.IncomingHttpHeaders;
    body: Buffer;
    readonly socket: Socket;
  }>;
  /** Settles when the connection of the first request is closed. */
  readonly firstClosed: Promise<void>;
}

/** Lets in whoever sends Basic credentials, whatever they are. */
export async function earlyServer(refuse?: (response: http.ServerResponse) => void): Promise<EarlyServer> {
  const requests: EarlyServer['requests'] = [];
  let close = () => {};
  const firstClosed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const listener: http.RequestListener = async (request, response) => {
    const { headers, socket } = request;
    const seen = { status: headers.authorization ? 200 : 401, headers, body: Buffer.alloc(0), socket };
    requests.push(seen);
    if (requests.length === 1) socket.once('close', close);
    if (!headers.authorization) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="early"' });
      return refuse ? refuse(response) : void response.end('no');
    }
    if (headers.expect) response.writeContinue();
    try {
      seen.body = await buffer(request);
    } catch {
      return;
    }
    response.end(createHash('sha256').update(seen.body).digest('hex'));
  };
  const server = http.createServer(listener).on('checkContinue', listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, firstClosed };
}
