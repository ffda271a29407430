/** `handle.prime(url)`: the challenge is answered before the stream comes that can be sent once. */

import { Readable } from 'node:stream';
import axios from 'axios';
import { installAuth, staticCredential } from '../../src/index.js';
import { answering } from '../support/capability.js';
import { alice, bare, plainServer, server, spy, statuses } from '../support/stage.js';

function primed(url: string, options: Parameters<typeof installAuth>[1] = {}, config: object = {}) {
  const instance = bare(url, config);
  const handle = installAuth(instance, { providers: [staticCredential(alice)], ...options });
  return { instance, handle };
}

test.each(['digest', 'basic'] as const)('a stream goes through at its first send: %s', (scheme) =>
  goes('http', scheme),
);
answering('fetch')('a stream goes through at its first send: fetch', () => goes('fetch', 'digest'));

async function goes(adapter: string, scheme: 'digest' | 'basic'): Promise<void> {
  const guarded = await server({ protect: { scheme } });
  const { instance, handle } = primed(guarded.url, {}, { adapter });
  expect(await handle.prime('/upload')).toBe(true);
  const { data } = await instance.put('/upload', Readable.from(['abc']));
  expect(data.bytes).toBe(3);
  expect(guarded.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
    'HEAD 401',
    'HEAD 200',
    'PUT 200',
  ]);
}

test('an absolute URL works as well, without a baseURL', async () => {
  const guarded = await server();
  const instance = axios.create({ proxy: false });
  const handle = installAuth(instance, { providers: [staticCredential(alice, { origin: guarded.url })] });
  expect(await handle.prime(`${guarded.url}/upload`)).toBe(true);
  await instance.put(`${guarded.url}/upload`, Readable.from(['abc']));
  expect(statuses(guarded)).toEqual([401, 200, 200]);
});

test.each([
  ['config.auth', (url: string) => ({ baseURL: url, auth: alice })],
  ['userinfo', (url: string) => ({ baseURL: url.replace('//', '//alice:wonderland@') })],
])("the caller's own credential: %s", async (_, config) => {
  const guarded = await server();
  const provider = spy();
  const { instance, handle } = primed(guarded.url, { providers: [provider] }, config(guarded.url));
  expect(await handle.prime('/upload')).toBe(true);
  await instance.put('/upload', Readable.from(['abc']));
  expect(statuses(guarded).at(-1)).toBe(200);
  expect(provider.asked).toEqual([]);
});

test.each([405, 501, 404, 200])(
  'a server that answers HEAD with %d is sent a GET, whose body is not read',
  async (status) => {
    const guarded = await server({
      onRequest: ({ method }, response) => {
        if (method !== 'HEAD') return false;
        response.writeHead(status).end();
        return true;
      },
      onAuthenticated: (_, response) => void response.end(Buffer.alloc(1_000_000)),
    });
    const { instance, handle } = primed(guarded.url);
    expect(await handle.prime('/upload')).toBe(true);
    await instance.put('/upload', Readable.from(['abc']));
    expect(guarded.requests.map(({ method }) => method)).toEqual(['HEAD', 'GET', 'GET', 'PUT']);
  },
);

test('a credential that is refused or missing is asked for once', async () => {
  const guarded = await server();
  for (const provider of [spy(), spy({ username: 'alice', password: 'wrong' })]) {
    expect(await primed(guarded.url, { providers: [provider] }).handle.prime('/')).toBe(false);
  }
  expect(guarded.requests.map(({ method }) => method)).toEqual(['HEAD', 'HEAD', 'HEAD']);
});

test.each([
  ['a place that is open', { protect: {} }, {}],
  ['an answer that has to cover the body', { protect: { scheme: 'digest', qop: 'auth-int' } }, {}],
  ['a client that waits for the challenge', {}, { preemptive: false }],
] as const)('is false for %s', async (_, options, own) => {
  const guarded = await server(options as object);
  expect(await primed(guarded.url, own).handle.prime('/')).toBe(false);
});

test('prime() works with the response interceptors of the caller', async () => {
  const guarded = await server();
  const { instance, handle } = primed(guarded.url);
  instance.interceptors.response.use(({ data }) => data);
  expect(await handle.prime('/')).toBe(true);
});

test('a request without a response fails as the client does', async () => {
  const { url } = await plainServer((request) => request.socket.destroy());
  await expect(primed(url).handle.prime('/')).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('prime() returns false after eject', async () => {
  const guarded = await server();
  const { handle } = primed(guarded.url);
  await handle.prime('/');
  handle.eject();
  expect(await handle.prime('/')).toBe(false);
});
