/** One connection: a single socket, which is never replaced, and is idle only when a response has been read. */

import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { frontOf } from '../../../../src/axios/connections/front.js';
import { OwnConnection } from '../../../../src/axios/connections/own-connection.js';
import { afterwards, plainServer, until } from '../../../support/stage.js';

/** A connection, and what it has told. */
function connection(source = new http.Agent()) {
  const own = new OwnConnection(source, false);
  const told: string[] = [];
  own.onIdle = () => told.push('idle');
  own.onClose = () => told.push('closed');
  afterwards(() => own.close());
  return { own, source, told };
}

/** Sends a GET as a send of axios does. */
function get(own: OwnConnection, source: http.Agent, url: string, headers = {}): Promise<http.IncomingMessage> {
  const { agent, end } = frontOf({ connection: own, isForOrigin: true, source, afterwards: source, direct: () => {} });
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent, headers });
    request.on('response', resolve).on('error', reject).on('close', end);
  });
}

async function drained(response: http.IncomingMessage): Promise<void> {
  for await (const _ of response);
  await new Promise((resolve) => setImmediate(resolve));
}

test('requests one after another take the same socket', async () => {
  const { url, requests } = await plainServer((_, response) => void response.end('page'));
  const { own, source } = connection();
  for (const path of ['/a', '/b', '/c']) await drained(await get(own, source, url + path));
  expect(new Set(requests.map(({ socket }) => socket.remotePort)).size).toBe(1);
  expect(Object.keys(source.sockets).length + Object.keys(source.freeSockets).length).toBe(0);
});

test('a socket that was closed is not replaced: the next request fails, and reaches nobody', async () => {
  const { url, requests } = await plainServer((_, response) => void response.setHeader('Connection', 'close').end());
  const { own, source, told } = connection();
  await drained(await get(own, source, url));
  await until(() => told.includes('closed'));
  expect(own.isClosed).toBe(true);
  await expect(get(own, source, url)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect([own.isReplaced, requests.length]).toEqual([true, 1]);
});

test('a second request at once waits for the socket, and opens none', async () => {
  const { url, requests } = await plainServer((_, response) => void setTimeout(() => response.end(), 20));
  const { own, source } = connection();
  await Promise.all(['/a', '/b'].map(async (path) => drained(await get(own, source, url + path))));
  expect(new Set(requests.map(({ socket }) => socket.remotePort)).size).toBe(1);
});

test('it is idle after it was given back and its response was read, whichever comes last', async () => {
  const { url } = await plainServer((_, response) => void response.end('page'));
  const { own, source, told } = connection();
  const response = await get(own, source, url);
  own.giveBack();
  expect(told).toEqual([]);
  await drained(response);
  expect(told).toEqual(['idle']);
  own.lease();
  await drained(await get(own, source, url));
  expect(told).toEqual(['idle']);
  own.giveBack();
  expect(told).toEqual(['idle', 'idle']);
});

test('what is retired lets its response be read, and is then closed', async () => {
  const { url } = await plainServer((_, response) => void response.end('page'));
  const { own, source, told } = connection();
  const response = await get(own, source, url);
  own.retire();
  let text = '';
  for await (const chunk of response) text += chunk;
  expect(text).toBe('page');
  await until(() => told.length > 0);
  expect(told).toEqual(['closed']);
});

test('what is retired before it was opened opens no socket', async () => {
  const { url, requests } = await plainServer((_, response) => void response.end());
  const { own, source } = connection();
  own.retire();
  await expect(get(own, source, url)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(requests).toEqual([]);
});

test('an idle socket keeps no process alive', async () => {
  const { url } = await plainServer((_, response) => void response.end());
  const opened: net.Socket[] = [];
  const source = new http.Agent();
  Object.assign(source, {
    createConnection: (options: net.NetConnectOpts) => {
      const socket = net.connect(options);
      opened.push(socket);
      return socket;
    },
  });
  const { own } = connection(source);
  await drained(await get(own, source, url));
  own.giveBack();
  const [{ _handle: handle }] = opened as unknown as [{ _handle: { hasRef(): boolean } }];
  expect(handle.hasRef()).toBe(false);
});

test('a server that closes idle connections within a second still gets the next message of a handshake', async () => {
  const { url, requests } = await plainServer(
    (_, response) => void response.setHeader('Keep-Alive', 'timeout=1').end(),
  );
  const { own, source, told } = connection();
  await drained(await get(own, source, url));
  await drained(await get(own, source, url));
  expect(new Set(requests.map(({ socket }) => socket.remotePort)).size).toBe(1);
  own.giveBack();
  expect(told).toEqual(['idle']);
});

test("the caller's way of opening connections is kept: options, and a createConnection of its own", async () => {
  const { url, requests } = await plainServer((_, response) => void response.end());
  const { port } = new URL(url);
  const source = Object.assign(new http.Agent({ localAddress: '127.0.0.2' } as http.AgentOptions), {
    createConnection: (options: net.TcpNetConnectOpts, done: (error: Error | null, socket?: net.Socket) => void) => {
      const socket = net.connect({ ...options, host: '127.0.0.1', port: Number(port) });
      socket.once('connect', () => done(null, socket));
      return undefined;
    },
  });
  const { own } = connection(source as unknown as http.Agent);
  await drained(await get(own, source as unknown as http.Agent, 'http://nowhere.example/'));
  expect(requests.map(({ socket }) => socket.remoteAddress)).toEqual(['127.0.0.2']);
});

test('a connection that cannot be opened has been closed', async () => {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const { own, source, told } = connection();
  await expect(get(own, source, `http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await until(() => told.length > 0);
  expect([told, own.isClosed]).toEqual([['closed'], true]);
});

test('the agent of a send takes one request to the connection; later, it is no more than the agent of the caller', async () => {
  const { url, requests } = await plainServer((_, response) => void response.end());
  const { own } = connection();
  const source = new http.Agent({ keepAlive: true });
  afterwards(() => source.destroy());
  const front = frontOf({ connection: own, isForOrigin: true, source, afterwards: source, direct: () => {} });
  const send = () =>
    new Promise<http.ClientRequest>((resolve, reject) => {
      const request = http.get(url, { agent: front.agent }, (response) =>
        response.resume().on('end', () => resolve(request)),
      );
      request.on('error', reject);
    });
  expect(front.isUsed()).toBe(false);
  const request = await send();
  expect(front.isUsed()).toBe(true);
  expect(request).toMatchObject({ agent: source });
  await send();
  front.end();
  await send();
  const [first, ...others] = requests.map(({ socket }) => socket.remotePort);
  expect(others).not.toContain(first);
  expect(front.agent.sockets).toBe(source.sockets);
});
