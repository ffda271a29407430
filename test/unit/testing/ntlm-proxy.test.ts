/** The strict server as a proxy that asks for NTLM: a handshake by hand, for plain requests and for CONNECT. */

import { createHash, X509Certificate } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { parseChallenges } from '../../../src/protocol.js';
import { hand } from '../../support/ntlm-hand.js';
import { selfSigned } from '../../support/tls.js';
import { server, start, statuses } from './stage.js';

const NTLM_PROXY = { status: 407, protect: { scheme: 'ntlm' } } as const;
const alice = { username: 'LAB\\alice', password: 'wonderland' };

let socket: Socket;
afterEach(() => socket.destroy());

/** Sends a request on the connection of the test, and returns what comes back. */
async function say(line: string, authorization?: string): Promise<string> {
  const fields = authorization === undefined ? [] : [`Proxy-Authorization: ${authorization}`];
  socket.write(`${[line, 'Host: files.example', ...fields].join('\r\n')}\r\n\r\n`);
  return new Promise((resolve) => {
    socket.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1'))).once('close', () => resolve(''));
  });
}

/** Both messages, and what the proxy says to the last one. `url`: whom the client takes it for. */
async function knock(line: string, credential = alice, url = server.url, binding?: Uint8Array): Promise<string> {
  const { first, last } = hand(url, credential, binding);
  const [, challenge = ''] = /^Proxy-Authenticate: (.*)\r$/im.exec(await say(line, await first())) ?? [];
  return say(line, await last(parseChallenges(challenge)[0]));
}

function open(): void {
  const { hostname: host, port } = new URL(server.url);
  socket = connect({ host, port: Number(port) });
}

test('CONNECT: both messages on one connection, and then it is a tunnel', async () => {
  await start({ ...NTLM_PROXY });
  open();
  const own = new URL(server.url).host;
  expect(await knock(`CONNECT ${own} HTTP/1.1`)).toMatch(/^HTTP\/1\.1 200 /);
  // Its end is the proxy itself, which knows another connection there.
  expect(await say('GET http://files.example/ HTTP/1.1')).toMatch(/^HTTP\/1\.1 407 /);
  expect(server.requests.map(({ method, status, user }) => [method, status, user])).toEqual([
    ['CONNECT', 407, undefined],
    ['CONNECT', 200, 'alice'],
    ['GET', 407, undefined],
  ]);
});

test('CONNECT over TLS, bound to the certificate', async () => {
  await start({ ...NTLM_PROXY, tls: selfSigned() });
  const { hostname: host, host: own, port } = new URL(server.url);
  socket = connectTls({ host, port: Number(port), ca: selfSigned().cert });
  const hash = createHash('sha256').update(new X509Certificate(selfSigned().cert).raw).digest();
  const binding = Buffer.concat([Buffer.from('tls-server-end-point:'), hash]);
  expect(await knock(`CONNECT ${own} HTTP/1.1`, alice, server.url, binding)).toMatch(/^HTTP\/1\.1 200 /);
});

test('CONNECT: a wrong password ends the connection', async () => {
  await start({ ...NTLM_PROXY });
  open();
  const refused = await knock('CONNECT files.example:443 HTTP/1.1', { ...alice, password: 'Wonderland' });
  expect(refused).toMatch(/^HTTP\/1\.1 407 [\s\S]*\r\nProxy-Authenticate: NTLM\r\n[\s\S]*\r\nConnection: close\r\n/);
  expect(statuses()).toEqual([407, 407]);
});

test('a plain request: the connection is let in, and another is not', async () => {
  await start({ ...NTLM_PROXY });
  open();
  const line = 'GET http://files.example/report HTTP/1.1';
  expect(await knock(line)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await say(line)).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
  open();
  expect(await say(line)).toMatch(/^HTTP\/1\.1 407 /);
});

test('an answer that is meant for the origin is a violation', async () => {
  await start({ ...NTLM_PROXY });
  open();
  const line = 'GET http://files.example/report HTTP/1.1';
  expect(await knock(line, alice, 'http://files.example')).toMatch(/^HTTP\/1\.1 400 /);
  expect(server.requests.at(-1)?.violation).toContain('the target name is not HTTP/ and the host');
});
