/** CONNECT to a server that acts as a proxy, sent by hand. */

import { createServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { by } from './by-hand.js';
import { server, start } from './stage.js';

const BASIC = { scheme: 'basic', realm: 'proxy' } as const;
const ALICE = `Basic ${Buffer.from('alice:wonderland').toString('base64')}`;

/** What a proxy answers to these lines. */
function say(...lines: string[]): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return text(socket);
}

test('without an authorization it is challenged, and the connection is closed', async () => {
  await start({ status: 407, protect: BASIC });
  const said = await say('CONNECT files.example:443 HTTP/1.1', 'Host: files.example:443');
  expect(said).toMatch(/^HTTP\/1\.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n/);
  expect(server.requests).toMatchObject([{ method: 'CONNECT', url: 'files.example:443', status: 407 }]);
});

test('a nonce that the server did not issue is challenged as stale, if the answer is right', async () => {
  await start({ status: 407, protect: { scheme: 'digest', algorithm: 'SHA-256' } });
  const uri = 'files.example:443';
  const said = await say(`CONNECT ${uri} HTTP/1.1`, `Host: ${uri}`);
  const [, challenge] = /^Proxy-Authenticate: (.*)\r$/m.exec(said) ?? [];
  const { authorization } = by(challenge, { method: 'CONNECT', uri, nonce: 'another' });
  await say(`CONNECT ${uri} HTTP/1.1`, `Host: ${uri}`, `Proxy-Authorization: ${authorization}`);
  expect(server.requests[1]).toMatchObject({ status: 407, stale: true });
});

test('an authorization that breaks the RFC is answered with a 400 that says how', async () => {
  await start({ status: 407, protect: BASIC });
  const said = await say(
    'CONNECT files.example:443 HTTP/1.1',
    'Host: files.example:443',
    'Proxy-Authorization: Basic a',
    'Proxy-Authorization: Basic b',
  );
  expect(said).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(server.requests[0]).toMatchObject({ status: 400, violation: expect.stringContaining('proxy-authorization') });
});

test('a request-target that is not a host and a port is answered with a 400, and the server continues', async () => {
  await start({ status: 407, protect: BASIC });
  const said = await say('CONNECT :443 HTTP/1.1', 'Host: files.example', `Proxy-Authorization: ${ALICE}`);
  expect(said).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(said).toContain('CONNECT: the request-target has to be a host and a port');
  expect((await say('CONNECT files.example:443 HTTP/1.1', 'Host: files.example:443')).slice(9, 12)).toBe('407');
});

test('an address on which nothing is listening is answered with a 502', async () => {
  await start({ status: 407, protect: BASIC });
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const authority = `127.0.0.1:${port}`;
  const said = await say(`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`, `Proxy-Authorization: ${ALICE}`);
  expect(said).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
  expect(server.requests[0]?.status).toBe(502);
});

test('an accepted request opens a tunnel, which close() ends', async () => {
  await start({ status: 407, protect: BASIC });
  const far = createServer((_, response) => response.end('from afar')).listen(0, '127.0.0.1');
  await new Promise((resolve) => far.once('listening', resolve));
  const { port } = far.address() as AddressInfo;
  const socket = await tunnelTo(`127.0.0.1:${port}`);
  socket.write('GET / HTTP/1.1\r\nHost: far\r\n\r\n');
  const chunk = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  expect(chunk.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(server.requests[0]?.status).toBe(200);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await server.close();
  await closed;
  await new Promise((resolve) => far.close(resolve));
});

function tunnelTo(path: string): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method: 'CONNECT', headers: { 'proxy-authorization': ALICE } });
    sent.once('connect', (_, socket: Socket) => resolve(socket.on('error', () => {})));
    sent.on('error', reject).end();
  });
}
