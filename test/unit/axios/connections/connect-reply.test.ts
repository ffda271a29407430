/** What a proxy says to a CONNECT, read by hand, and never as the word of the origin. */

import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { type ConnectReply, readReply } from '../../../../src/axios/connections/tunnel/connect-reply.js';

function read(text: string): Promise<ConnectReply | Error> {
  const socket = new PassThrough();
  const reply = new Promise<ConnectReply | Error>((resolve) => {
    readReply(socket as unknown as Socket, (error, found) => resolve(error ?? (found as ConnectReply)));
  });
  socket.end(Buffer.from(text, 'latin1'));
  return reply;
}

test('what only an origin may say is not handed on', async () => {
  const fields = ['Location: http://evil.example/', 'WWW-Authenticate: Basic', 'Set-Cookie: a=b', 'X-Reason: closed'];
  const reply = await read(`HTTP/1.1 307 Moved\r\n${fields.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`);
  expect(reply).toMatchObject({ status: 307, head: ['HTTP/1.1 307 Moved', 'X-Reason: closed'] });
});

test('a 401 is an error: the origin has seen nothing', async () => {
  const reply = await read(
    'HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm="x", nonce="y"\r\nContent-Length: 0\r\n\r\n',
  );
  expect(reply).toMatchObject({ message: 'the proxy refuses the tunnel with 401' });
});

test('a length that is no number means that the body goes on until the end', async () => {
  const reply = await read(`HTTP/1.1 407 No\r\nContent-Length: 1${' '.repeat(60_000)}2\r\n\r\nbody`);
  expect(reply).toMatchObject({ status: 407, isReusable: false, body: Buffer.from('body') });
});

test('a coded body is left out, and the connection with it, though nothing of the body has come yet', async () => {
  const reply = await read('HTTP/1.1 407 No\r\nTransfer-Encoding: chunked\r\n\r\n');
  expect(reply).toMatchObject({ status: 407, isReusable: false, body: Buffer.alloc(0) });
});
