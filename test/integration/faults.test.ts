/** What breaks on the way: nothing hangs, nothing is left open, and the caller gets axios's own error. */

import { getEventListeners } from 'node:events';
import http from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { jest } from '@jest/globals';
import type { AxiosError, AxiosInstance } from 'axios';
import { explain } from '../../src/index.js';
import { prompt } from '../../src/providers/terminal/prompt.js';
import { FakeTerminal } from '../support/fake-terminal.js';
import { expiredLimits } from '../support/limits.js';
import { afterwards, alice, bare, client, plainServer, refused, server, spy, until } from '../support/stage.js';

const CHALLENGE = 'Digest realm="x", nonce="n", qop="auth"';
const HEAD_401 = `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: ${CHALLENGE}\r\n`;

// On a connection that was used before, before any of a response: it goes once more (RFC 9112 §9.3.1).
const REPEATED = new Set(['is reset', 'is closed without a word']);

type Fault = (socket: Socket, request: http.IncomingMessage) => void;

const FAULTS: ReadonlyArray<readonly [string, Fault]> = [
  ['is reset', (socket) => void socket.resetAndDestroy()],
  ['is closed without a word', (socket) => void socket.end()],
  ['is closed within the head', (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Le')],
  ['is closed within the body', (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')],
  ['is reset within a chunk', (socket) => socket.write(chunked(200), () => socket.resetAndDestroy())],
  ['brings what is no HTTP', (socket) => void socket.end('220 mail.example ESMTP\r\n')],
];

function chunked(status: number): string {
  return `HTTP/1.1 ${status} X\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf`;
}

/** Lets in who sends an Authorization; the request of that number goes wrong. */
function faulty(number: number, fault: Fault) {
  let count = 0;
  return plainServer((request, response) => {
    count += 1;
    if (count === number) fault(response.socket as Socket, request);
    else if (request.headers.authorization) response.end('in');
    else response.writeHead(401, { 'WWW-Authenticate': CHALLENGE }).end();
  });
}

/** An agent whose sockets are counted. */
function keepAlive(options: http.AgentOptions = {}): http.Agent {
  const agent = new http.Agent({ keepAlive: true, ...options });
  afterwards(() => agent.destroy());
  return agent;
}

const socketsOf = ({ sockets, freeSockets, requests }: http.Agent) =>
  [sockets, freeSockets, requests].flatMap((lists) => Object.values(lists)).flat().length;

async function errorOf(request: Promise<unknown>): Promise<AxiosError> {
  return (await request.then(
    () => new Error('it did not fail'),
    (error) => error,
  )) as AxiosError;
}

const told = ({ name, message, ...error }: Error & { code?: string | undefined }) => [name, error.code, message];

/** What axios says of the fault by itself. */
async function bareError(fault: Fault): Promise<AxiosError> {
  const { url } = await faulty(1, fault);
  return errorOf(bare(url, { httpAgent: keepAlive() }).get('/'));
}

describe.each(FAULTS)('the connection %s', (name, fault) => {
  test.each([
    ['before the challenge', 1],
    ['at the second send', 2],
    ['when the space is known', 3],
  ])(
    "%s: the request ends with axios's own error or without an error, and the memory stays",
    async (_moment, number) => {
      const { url, requests } = await faulty(number, fault);
      const provider = spy(alice);
      const httpAgent = keepAlive();
      const instance = client(url, { providers: [provider] }, { httpAgent });
      const { signal } = new AbortController();
      for (let sent = 1; sent < number - 1; sent += 1) await instance.get('/');
      const error = await errorOf(instance.get('/', { signal }));
      const isRepeated = number > 1 && REPEATED.has(name);
      const expected = isRepeated ? new Error('it did not fail') : await bareError(fault);
      expect(told(error)).toEqual(told(expected));
      expect(error.config?.headers.Authorization).toBeUndefined();
      expect(getEventListeners(signal, 'abort')).toEqual([]);
      expect((await instance.get('/')).data).toBe('in');
      expect(provider.told.map(([verdict]) => verdict)).toEqual(['approve']);
      expect(requests.length).toBeLessThanOrEqual(number + 2);
      httpAgent.destroy();
      await until(() => socketsOf(httpAgent) === 0);
    },
  );
});

const HALF_401: ReadonlyArray<readonly [string, Fault]> = [
  ['closed within its body', (socket) => void socket.end(`${HEAD_401}Content-Length: 9\r\n\r\nhalf`)],
  [
    'reset within its body',
    (socket) => socket.write(`${HEAD_401}Content-Length: 9\r\n\r\nhalf`, () => socket.resetAndDestroy()),
  ],
  [
    'with a body that is no gzip',
    (socket) =>
      void socket.end(`${HEAD_401}Content-Encoding: gzip\r\nConnection: close\r\nContent-Length: 4\r\n\r\nhalf`),
  ],
];

describe.each(HALF_401)('a 401 %s', (_, fault) => {
  test.each(['json', 'stream'] as const)('%s: its head is enough to answer', async (responseType) => {
    const { url, requests } = await faulty(1, fault);
    const httpAgent = keepAlive({ maxSockets: 1 });
    const { status, data } = await client(url, {}, { httpAgent }).get('/', { responseType });
    if (responseType === 'stream') (data as Readable).resume();
    expect([status, requests.length]).toEqual([200, 2]);
  });
});

test('a 401 that is given back is broken where the server broke it', async () => {
  const { url } = await faulty(1, HALF_401[0]?.[1] as Fault);
  const { data } = await refused(client(url, { providers: [] }).get('/', { responseType: 'stream' }));
  const read = async () => {
    let text = '';
    for await (const chunk of data as Readable) text += chunk;
    return text;
  };
  await expect(read()).rejects.toMatchObject({ code: 'ECONNRESET' });
});

describe('a server that closes its connections', () => {
  /** It may say so, or leave the client to find out. */
  const closing = (headers: Record<string, string>) =>
    plainServer((request, response) => {
      const isIn = request.headers.authorization !== undefined;
      response.writeHead(isIn ? 200 : 401, { ...(!isIn && { 'WWW-Authenticate': CHALLENGE }), ...headers }).end('x');
      response.socket?.end();
    });

  test.each([
    ['and says so', { Connection: 'close' }, true],
    ['and the client keeps none open', {}, false],
  ])('after each response, %s: each send has its own connection', async (_, headers, kept) => {
    const httpAgent = keepAlive({ keepAlive: kept });
    const instance = client((await closing(headers)).url, { preemptive: false }, { httpAgent });
    for (let i = 0; i < 10; i += 1) expect((await instance.get('/')).status).toBe(200);
    await until(() => socketsOf(httpAgent) === 0);
  });

  test('after each response, unannounced: the answer is sent on a new connection', async () => {
    const { url } = await closing({});
    const axios = bare(url, { validateStatus: null });
    await axios.get('/');
    expect(await errorOf(axios.get('/'))).toMatchObject({ code: 'ECONNRESET' });
    const instance = client(url);
    for (let i = 0; i < 10; i += 1) expect((await instance.get('/')).status).toBe(200);
  });

  test('while they are idle: the next request has a new connection', async () => {
    const idle = new Set<Socket>();
    const guarded = await server({ onRequest: ({ socket }) => void idle.add(socket) });
    const httpAgent = keepAlive();
    const instance = client(guarded.url, {}, { httpAgent });
    for (let i = 0; i < 3; i += 1) {
      expect((await instance.get('/')).status).toBe(200);
      for (const socket of idle) socket.end();
      idle.clear();
      await until(() => socketsOf(httpAgent) === 0);
    }
  });
});

describe('a 401 that trickles', () => {
  const trickle =
    (pause: number): Fault =>
    (socket) => {
      socket.write(`${HEAD_401}Content-Type: text/plain\r\n\r\nsorry`);
      const timer = setInterval(() => socket.write('.'), pause);
      socket.on('close', () => clearInterval(timer));
    };
  const TRICKLE = trickle(20);

  test('json: the signal of the caller ends it, with the error of axios', async () => {
    const { url, requests } = await faulty(1, TRICKLE);
    const provider = spy(alice);
    const httpAgent = keepAlive();
    const limits = () => ({ signal: AbortSignal.timeout(200) });
    const error = await errorOf(client(url, { providers: [provider] }, { httpAgent }).get('/', limits()));
    const { code, message, name } = await errorOf(bare((await faulty(1, TRICKLE)).url).get('/', limits()));
    expect([error.name, error.code, error.message]).toEqual([name, code, message]);
    expect([requests.length, provider.asked.length]).toEqual([1, 0]);
    await until(() => socketsOf(httpAgent) === 0);
  });

  // axios counts its timeout anew from each piece of a body, and what it then says is that the body is broken.
  test('json: the timeout of the caller ends it, and nothing is sent after it', async () => {
    const { url, requests } = await faulty(1, trickle(400));
    const httpAgent = keepAlive({ maxSockets: 1 });
    const error = await errorOf(client(url, {}, { httpAgent }).get('/', { timeout: 200 }));
    const expected = await errorOf(bare((await faulty(1, trickle(400))).url).get('/', { timeout: 200 }));
    expect(told(error)).toEqual(told(expected));
    expect(requests).toHaveLength(1);
  });

  test('stream: it is cut off, and the second send has its connection', async () => {
    const { url, requests } = await faulty(1, TRICKLE);
    const httpAgent = keepAlive({ maxSockets: 1 });
    const { data, status } = await client(url, {}, { httpAgent }).get<Readable>('/', { responseType: 'stream' });
    data.resume();
    expect([status, requests.length]).toEqual([200, 2]);
  });

  test('stream: the caller gets the part of the body that has come', async () => {
    const { url } = await faulty(1, TRICKLE);
    const { data } = await refused(client(url, { providers: [] }).get('/', { responseType: 'stream' }));
    let text = '';
    for await (const chunk of data as Readable) {
      text += chunk;
      if (text.length > 70) break;
    }
    expect(text).toMatch(/^sorry\.{5,}$/);
  });

  test('an abort ends the wait for the body, and nothing is sent after it', async () => {
    const { url, requests } = await faulty(1, TRICKLE);
    const controller = new AbortController();
    const httpAgent = keepAlive();
    const request = client(url, {}, { httpAgent }).get('/', { signal: controller.signal });
    await until(() => requests.length === 1);
    controller.abort();
    expect(await errorOf(request)).toMatchObject({ name: 'CanceledError', code: 'ERR_CANCELED' });
    await until(() => socketsOf(httpAgent) === 0);
    expect(requests).toHaveLength(1);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});

test.each([
  ['at the challenge', 1],
  ['at the second send', 2],
])('a server that says nothing %s: the timeout ends it, and the next request is answered', async (_, number) => {
  const { url } = await faulty(number, () => {});
  const provider = spy(alice);
  const httpAgent = keepAlive();
  const instance = client(url, { providers: [provider] }, { httpAgent, timeout: 200 });
  expect(await errorOf(instance.get('/'))).toMatchObject({
    code: 'ECONNABORTED',
    message: 'timeout of 200ms exceeded',
  });
  expect((await instance.get('/')).status).toBe(200);
  expect(provider.told).toEqual([['approve', 'alice']]);
});

test('the other requests continue while a request that tries a credential is lost and sent again', async () => {
  let lost = 0;
  const { url } = await plainServer((request, response) => {
    if (!request.headers.authorization) response.writeHead(401, { 'WWW-Authenticate': CHALLENGE }).end();
    else if (lost++ === 0) response.socket?.resetAndDestroy();
    else response.end('in');
  });
  const provider = spy(alice);
  const instance = client(url, { providers: [provider] });
  const expired = expiredLimits();
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => instance.get(`/${i}`)));
  expect(expired).toEqual([]);
  expect(outcomes.map(({ status }) => status)).toEqual(Array(10).fill('fulfilled'));
  expect(provider.told).toEqual([['approve', 'alice']]);
});

test('dozens of faults leave no connection open', async () => {
  const open = (kind: RegExp) => process.getActiveResourcesInfo().filter((one) => kind.test(one)).length;
  const [sockets, timers] = [open(/^TCPSocket/), open(/^Timeout/)];
  const agents: http.Agent[] = [];
  for (const [, fault] of [...FAULTS, ...HALF_401]) {
    const { url } = await faulty(2, fault);
    const httpAgent = keepAlive();
    agents.push(httpAgent);
    const instance: AxiosInstance = client(url, {}, { httpAgent, timeout: 5000 });
    await Promise.allSettled(Array.from({ length: 5 }, (_, i) => instance.get(`/${i}`)));
  }
  await until(() => open(/^Timeout/) <= timers);
  for (const agent of agents) agent.destroy();
  await until(() => open(/^TCPSocket/) <= sockets);
});

describe('the time of day', () => {
  const DAY = 24 * 3600_000;

  afterEach(() => jest.restoreAllMocks());

  test.each([
    ['forward', DAY],
    ['back', -DAY],
  ])('that jumps %s changes nothing', async (_, jump) => {
    const guarded = await server({ users: { alice: 'wonderland', bob: 'builder' } });
    const provider = spy({ username: 'bob', password: 'no' }, alice);
    const instance = client(guarded.url, { providers: [provider] });
    await instance.get('/');
    const now = Date.now() + jump;
    jest.spyOn(Date, 'now').mockReturnValue(now);
    expect((await instance.get('/')).status).toBe(200);
    expect(guarded.requests).toHaveLength(4);
    expect(provider.told.map(([verdict]) => verdict)).toEqual(['reject', 'approve']);
  });

  test.each([
    ['fifteen minutes', 'never was right', spy({ username: 'alice', password: 'no' }), 15 * 60_000],
    ['a minute', 'was right before', spy(alice), 60_000],
  ])('a refusal holds for %s, by the monotonic clock, for a password that %s', async (_, _what, provider, memory) => {
    const users = { alice: 'wonderland' };
    const guarded = await server({ users, protect: { scheme: 'basic' } });
    const instance = client(guarded.url, { providers: [provider] });
    await instance.get('/').catch(() => {});
    users.alice = 'changed';
    await instance.get('/').catch(() => {});
    const start = performance.now();
    const sentAfter = async (milliseconds: number) => {
      jest.spyOn(performance, 'now').mockReturnValue(start + milliseconds);
      guarded.requests.length = 0;
      await refused(instance.get('/'));
      return guarded.requests.filter(({ authorization }) => authorization).length;
    };
    expect(await sentAfter(memory - 5000)).toBe(0);
    expect(await sentAfter(memory + 5000)).toBe(1);
  });
});

test('a terminal that is closed in the middle of a question leaves the 401 to the caller', async () => {
  const guarded = await server();
  const terminal = new FakeTerminal();
  const request = refused(client(guarded.url, { providers: [prompt(terminal)] }).get('/'));
  await terminal.until('User name:');
  terminal.input.end();
  expect(explain(await request)).toMatch(/prompt +cancelled/);
});
