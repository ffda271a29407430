/** SEC-58 An answer is not lost on a connection that the server closed without a word, and nothing is processed twice. */

import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { AxiosInstance } from 'axios';
import { explain, installAuth } from '../../src/index.js';
import type { ChallengeServer, ChallengeServerOptions, Protection } from '../../src/testing/challenge-server.js';
import { bob, proxyServer, through } from '../support/proxy.js';
import { afterwards, alice, bare, client, server, spy, statuses } from '../support/stage.js';
import { selfSigned } from '../support/tls.js';

/** The ways in which a server leaves after a response. */
const LEAVING: Readonly<Record<string, (socket: Socket) => void>> = {
  'at once': (socket) => void socket.end(),
  'a little later': (socket) => void setTimeout(() => socket.end(), 5),
  'by a reset': (socket) => void reset(socket),
  'by a reset a little later': (socket) => void setTimeout(reset, 5, socket),
};

function reset(socket: Socket): void {
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}

type Leave = (socket: Socket) => void;

/** Leaves after its refusals, and says nothing of it: the response is one of a connection that goes on. */
function leaving(leave: Leave, options: ChallengeServerOptions = {}): ChallengeServerOptions {
  return {
    ...options,
    onRequest: (request, response) => {
      response.once('finish', () => {
        if (response.statusCode === (options.status ?? 401)) leave(request.socket);
      });
      return options.onRequest?.(request, response, Buffer.alloc(0)) ?? false;
    },
  };
}

async function guarded(leave: Leave, options: ChallengeServerOptions = {}): Promise<ChallengeServer> {
  return server(leaving(leave, options));
}

function secureClient(url: string): AxiosInstance {
  const httpsAgent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
  afterwards(() => httpsAgent.destroy());
  return client(url, {}, { httpsAgent });
}

const KEPT = { challenge: { bufferBody: 1000 } };

const pages = (results: ReadonlyArray<{ status: number }>) => results.map(({ status }) => status);

describe.each(Object.entries(LEAVING))('SEC-58 a server that leaves after its 401 %s', (_, leave) => {
  test.each<Protection>([{ scheme: 'digest' }, { scheme: 'basic' }])('is answered: %j', async (protect) => {
    const asked = await guarded(leave, { protect });
    const response = await client(asked.url).get('/');
    expect(response.status).toBe(200);
    expect(statuses(asked).at(-1)).toBe(200);
  });

  test('is answered over TLS', async () => {
    const asked = await guarded(leave, { tls: selfSigned() });
    expect((await secureClient(asked.url).get('/')).status).toBe(200);
  });

  test('is answered one by one, and concurrently', async () => {
    const asked = await guarded(leave, { protect: { scheme: 'digest', nonceUses: 3 } });
    const instance = client(asked.url);
    for (let turn = 0; turn < 10; turn += 1) expect((await instance.get(`/${turn}`)).status).toBe(200);
    expect(pages(await Promise.all(Array.from({ length: 10 }, (__, turn) => instance.get(`/${turn}`))))).toEqual(
      Array(10).fill(200),
    );
  });

  test.each(['fetch', 'http'] as const)('is answered through %s by concurrent requests', async (adapter) => {
    const asked = await guarded(leave);
    const instance = client(asked.url, {}, { adapter });
    const all = Array.from({ length: 10 }, (__, turn) => instance.get(`/${turn}`));
    expect(pages(await Promise.all(all))).toEqual(Array(10).fill(200));
  });

  test.each<[string, string, (() => unknown) | undefined]>([
    ['HEAD', 'head', undefined],
    ['DELETE', 'delete', undefined],
    ['PUT of bytes', 'put', () => Buffer.from('the whole body')],
    ['PUT of a kept stream', 'put', () => Readable.from([Buffer.from('the whole '), Buffer.from('body')])],
    ['POST of bytes', 'post', () => Buffer.from('the whole body')],
    ['PATCH of bytes', 'patch', () => 'the whole body'],
    ['POST of a kept stream', 'post', () => Readable.from([Buffer.from('the whole body')])],
  ])('%s is answered, and processed once', async (__, method, body) => {
    const processed: string[] = [];
    const asked = await guarded(leave, {
      onAuthenticated: (request, response) => {
        processed.push(String(request.body));
        response.end('done');
      },
    });
    const response = await client(asked.url).request({ method, url: '/', data: body?.(), ...KEPT });
    expect(response.status).toBe(200);
    expect(processed).toEqual([body ? 'the whole body' : '']);
  });

  test('is answered if a provider is slow, and if only one connection may be open', async () => {
    const asked = await guarded(leave);
    const slow = { name: 'slow', get: () => new Promise<typeof alice>((done) => setTimeout(done, 10, alice)) };
    const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    afterwards(() => httpAgent.destroy());
    for (const method of ['get', 'post']) {
      const instance = client(asked.url, { providers: [slow] }, { httpAgent });
      expect((await instance.request({ method, url: '/', data: 'x' })).status).toBe(200);
    }
  });

  test('a proxy that leaves after its 407 is answered', async () => {
    const proxy = await proxyServer(leaving(leave, { status: 407 }));
    const origin = await server({ protect: undefined as never, onRequest: (___, response) => !!response.end('page') });
    for (const method of ['get', 'post']) {
      const instance = bare(origin.url, { proxy: through(proxy) });
      installAuth(instance, { providers: [spy(bob)] });
      expect((await instance.request({ method, url: '/', data: 'x' })).data).toBe('page');
    }
  });
});

/** A server of one connection after another, which says to each request on each what `play` says. */
async function raw(
  play: (request: string, turn: number, socket: Socket) => void,
): Promise<{ url: string; heard: string[] }> {
  const heard: string[] = [];
  const listener = net.createServer((socket) => {
    let turn = 0;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard.push(String(bytes));
      turn += 1;
      play(String(bytes), turn, socket);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<Socket>();
  listener.on('connection', (socket) => void sockets.add(socket));
  afterwards(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  return { url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`, heard };
}

const REFUSAL = 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="camera"\r\nContent-Length: 4\r\n\r\nlost';
const PAGE = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage';

const isAuthorized = (request: string) => /^authorization:/im.test(request);
const authorized = ({ heard }: { heard: string[] }) => heard.filter(isAuthorized).length;

/** Refuses each first request of a connection, and leaves when it gets a second one, which it may have processed. */
const fickle = (request: string, turn: number, socket: Socket) => {
  if (turn > 1) socket.end();
  else socket.write(isAuthorized(request) ? PAGE : REFUSAL);
};

/** Leaves whenever it gets an answer. */
const deaf = (request: string, _turn: number, socket: Socket) => {
  if (isAuthorized(request)) socket.end();
  else socket.write(REFUSAL);
};

test('SEC-58 a request is sent once more only: a second closed connection ends it', async () => {
  const camera = await raw(deaf);
  const error = await client(camera.url)
    .get('/')
    .catch((reason) => reason);
  expect([error.code, authorized(camera)]).toEqual(['ECONNRESET', 2]);
});

test('SEC-58 a send that is lost on a new connection is not repeated', async () => {
  const camera = await raw((request, _turn, socket) => {
    if (isAuthorized(request)) socket.end();
    else socket.end(REFUSAL.replace('Content-Length', 'Connection: close\r\nContent-Length'));
  });
  const error = await client(camera.url)
    .get('/')
    .catch((reason) => reason);
  expect([error.code, authorized(camera)]).toEqual(['ECONNRESET', 1]);
});

test('SEC-58 a preemptively authorized request is not repeated after its response began', async () => {
  const camera = await raw((request, turn, socket) => {
    if (turn > 2) socket.end(PAGE.slice(0, 12));
    else socket.write(isAuthorized(request) ? PAGE : REFUSAL);
  });
  const instance = client(camera.url);
  await instance.get('/');
  const error = await instance.get('/').catch((reason) => reason);
  expect([error.code, authorized(camera)]).toEqual(['ECONNRESET', 2]);
});

test('SEC-58 a request is not repeated after its response began', async () => {
  const camera = await raw((request, _turn, socket) => {
    if (isAuthorized(request)) socket.end(PAGE.slice(0, 12));
    else socket.write(REFUSAL);
  });
  const error = await client(camera.url)
    .get('/')
    .catch((reason) => reason);
  expect([error.code, authorized(camera)]).toEqual(['ECONNRESET', 1]);
});

test.each(['post', 'patch'])('SEC-58 a %s takes a new connection, so that it need not be repeated', async (method) => {
  const camera = await raw(fickle);
  const response = await client(camera.url).request({ method, url: '/', data: 'x' });
  expect([response.data, authorized(camera)]).toEqual(['page', 1]);
});

test('SEC-58 a POST that is lost on its new connection is not repeated', async () => {
  const camera = await raw(deaf);
  const error = await client(camera.url)
    .post('/', 'x')
    .catch((reason) => reason);
  expect([error.code, authorized(camera)]).toEqual(['ECONNRESET', 1]);
});

test.each(['text', 'stream'] as const)(
  "SEC-58 where no new connection can be had, the 401 of a POST that was cut off is the caller's: %s",
  async (responseType) => {
    const camera = await raw(deaf);
    const httpAgent = new Hiding();
    afterwards(() => httpAgent.destroy());
    const instance = client(camera.url, {}, { httpAgent, responseType, validateStatus: null });
    const response = await instance.post('/', 'x');
    expect([response.status, authorized(camera)]).toEqual([401, 1]);
    expect(await text(response.data)).toBe('lost');
    expect(explain(response)).toMatch(/gave back the server's own 401: the connection was closed .* not sent twice/);
  },
);

test("SEC-58 the 401 of a POST that fetch sends on a closed connection is the caller's", async () => {
  const camera = await raw(deaf);
  const slow = { name: 'slow', get: () => new Promise<typeof alice>((done) => setTimeout(done, 10, alice)) };
  const instance = client(camera.url, { providers: [slow] }, { adapter: 'fetch', validateStatus: null });
  const response = await instance.post('/', 'x');
  expect([response.status, response.data, authorized(camera)]).toEqual([401, 'lost', 1]);
});

/** An agent that shows its idle connections to nobody. */
class Hiding extends http.Agent {
  #hidden: Idle = {};

  constructor() {
    super({ keepAlive: true });
    this.on('free', () => this.#hide());
  }

  addRequest(...given: unknown[]): void {
    Object.assign(this, { freeSockets: this.#hidden });
    (http.Agent.prototype as unknown as Hiding).addRequest.apply(this, given);
    this.#hide();
  }

  #hide(): void {
    this.#hidden = this.freeSockets;
    Object.assign(this, { freeSockets: {} });
  }
}

type Idle = http.Agent['freeSockets'];

async function text(data: unknown): Promise<string> {
  if (typeof data === 'string') return data;
  const chunks: Buffer[] = [];
  for await (const chunk of data as Readable) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

test.each(['http', 'fetch'] as const)(
  'SEC-58 a request that is authorized at once goes once more, with the next nc: %s',
  async (adapter) => {
    let isLeaving = false;
    const asked = await server({
      onRequest: ({ socket }) => {
        if (!isLeaving) return false;
        isLeaving = false;
        socket.destroy();
        return true;
      },
    });
    const instance = client(asked.url, {}, { adapter });
    await instance.get('/');
    await new Promise(setImmediate);
    isLeaving = true;
    const response = await instance.get('/');
    expect(response.status).toBe(200);
    expect(asked.requests.map(({ status }) => status)).toEqual([401, 200, 0, 200]);
    expect(asked.requests.at(-1)?.nc).toBe(3);
    expect(explain(response)).toContain('nc 3');
  },
);

test('SEC-58 a POST that is preemptively authorized and cut off is not repeated', async () => {
  const camera = await raw((request, turn, socket) => {
    if (turn > 2) socket.end();
    else socket.write(isAuthorized(request) ? PAGE : REFUSAL);
  });
  const instance = client(camera.url);
  await instance.get('/');
  const error = await instance.post('/', 'x').catch((reason) => reason);
  expect([error.code, authorized(camera)]).toEqual(['ECONNRESET', 2]);
});

test('SEC-58 the second send has no more time than the first one has left', async () => {
  let began = 0;
  const camera = await raw((request, turn, socket) => {
    if (!isAuthorized(request)) socket.write(REFUSAL);
    else if (turn > 1) setTimeout(() => socket.end(), 300);
    else began = performance.now();
  });
  const start = performance.now();
  const error = await client(camera.url, {}, { timeout: 600 })
    .get('/')
    .catch((reason) => reason);
  expect([error.code, authorized(camera)]).toEqual(['ECONNABORTED', 2]);
  expect(began).toBeGreaterThan(0);
  expect(performance.now() - start).toBeLessThan(1000);
});

test('SEC-58 a caller who aborts in between sends nothing more', async () => {
  const leave = new AbortController();
  const camera = await raw((request, _turn, socket) => {
    if (!isAuthorized(request)) return void socket.write(REFUSAL);
    leave.abort();
    socket.end();
  });
  const error = await client(camera.url)
    .get('/', { signal: leave.signal })
    .catch((reason) => reason);
  expect([error.code, authorized(camera)]).toEqual(['ERR_CANCELED', 1]);
});
