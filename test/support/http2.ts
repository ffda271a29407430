/** Speaks HTTP/2 in clear text (RFC 9113 §3.3) in front of a server that does not. */

import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

const CONNECTION = /^(connection|keep-alive|transfer-encoding|proxy-connection|upgrade)$/;

/** Hands every request on as it is, its body read. */
export async function http2Front(origin: string): Promise<{ url: string; close(): Promise<void> }> {
  const sessions = new Set<http2.ServerHttp2Session>();
  const server = http2.createServer(async (request, response) => {
    const { method, url, headers } = request;
    const fields = Object.entries(headers).filter(([name]) => !name.startsWith(':'));
    const body = await buffer(request);
    const onward = http.request(origin + url, { method, headers: Object.fromEntries(fields), agent: false });
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      onward.once('response', resolve).once('error', reject).end(body);
    });
    const back = Object.entries(answer.headers).filter(([name]) => !CONNECTION.test(name));
    response.writeHead(answer.statusCode ?? 502, Object.fromEntries(back) as http2.OutgoingHttpHeaders);
    response.end(await buffer(answer));
  });
  server.on('session', (session) => sessions.add(session));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.destroy();
      }),
  };
}
