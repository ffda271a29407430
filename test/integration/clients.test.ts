/** Clients of every make: other copies of axios, sockets, proxies, URL objects; and how the plugin comes and goes. */

import http from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import axios from 'axios';
import { installAuth, staticCredential } from '../../src/index.js';
import { axiosCan } from '../support/capability.js';
import { temporaryFolder } from '../support/files.js';
import { afterwards, alice, bare, client, plainServer, refused, server, spy, statuses } from '../support/stage.js';

const common = createRequire(import.meta.url)('axios') as typeof axios;
const providers = [staticCredential(alice)];

test.each([
  ['the ESM copy', axios],
  ['the CommonJS copy', common],
])('%s: an instance, and new Axios()', async (_, copy) => {
  const guarded = await server();
  const instance = copy.create({ baseURL: guarded.url, proxy: false });
  const bareBones = new copy.Axios({ ...copy.defaults, headers: {} as never, baseURL: guarded.url, proxy: false });
  for (const each of [instance, bareBones]) {
    installAuth(each as typeof instance, { providers });
    expect((await each.request({ method: 'get', url: '/' })).status).toBe(200);
  }
});

test('the CommonJS copy gives the config that was given', async () => {
  const guarded = await server();
  const instance = common.create({ baseURL: guarded.url, proxy: false });
  installAuth(instance, { providers });
  const { config } = await refused(instance.get('/', { challenge: false }));
  expect(config.transformRequest).toEqual(instance.defaults.transformRequest);
  expect(config.adapter).toEqual(instance.defaults.adapter);
});

test('an application may install on each client that create() makes', async () => {
  const guarded = await server();
  const instance = bare(guarded.url);
  const { create } = instance;
  instance.create = (config) => {
    const made = create(config);
    installAuth(made, { providers });
    return made;
  };
  installAuth(instance, { providers });
  expect((await instance.get('/')).status).toBe(200);
  expect((await instance.create({ proxy: false, baseURL: guarded.url }).get('/')).status).toBe(200);
});

test('eject twice, clear and install again', async () => {
  const instance = bare('http://127.0.0.1:1');
  const first = installAuth(instance);
  first.eject();
  const second = installAuth(instance);
  first.eject();
  expect(() => installAuth(instance)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_INSTALLED' }));
  instance.interceptors.request.clear();
  installAuth(instance);
  second.eject();
  expect(() => installAuth(instance)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_INSTALLED' }));
});

test('a URL object is a URL', async () => {
  const guarded = await server();
  const url = new URL(`${guarded.url}/a?b=c`) as unknown as string;
  const instance = client(guarded.url, {}, { baseURL: undefined as never });
  expect((await instance.get(url)).status).toBe(200);
});

test('a socket path is an origin of its own', async () => {
  const socketPath = join(await temporaryFolder(), 'server.sock');
  const listening = http.createServer((request, response) => {
    if (request.headers.authorization) response.end('in');
    else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="docker"' }).end();
  });
  await new Promise<void>((resolve) => listening.listen(socketPath, resolve));
  afterwards(() => listening.close());
  const provider = spy(alice);
  const instance = client('http://localhost', { providers: [provider] }, { socketPath });
  expect((await instance.get('/info')).data).toBe('in');
  expect(provider.asked[0]?.origin).toBe(`unix:${socketPath}`);
  const bound = staticCredential(alice, { origin: `unix:${socketPath}` });
  expect((await client('http://localhost', { providers: [bound] }, { socketPath }).get('/')).data).toBe('in');
});

test('through a plain proxy the Digest uri is what the origin gets', async () => {
  const guarded = await server();
  const proxy = await plainServer((request, response) => {
    const { pathname, search, host } = new URL(request.url ?? '');
    const [hostname, port] = host.split(':');
    const options = { hostname, port, path: pathname + search, method: request.method, headers: request.headers };
    http.get(options, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
  });
  const { port } = new URL(proxy.url);
  const instance = client(guarded.url, {}, { proxy: { host: '127.0.0.1', port: Number(port), protocol: 'http' } });
  await instance.get('/p?x=1');
  await instance.get('/p?x=2');
  expect(statuses(guarded)).toEqual([401, 200, 200]);
});

test('the memory of the client outlives any number of requests with providers of their own', async () => {
  const guarded = await server();
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] });
  await instance.get('/');
  for (let i = 0; i < 70; i += 1) await instance.get('/', { challenge: { providers: [staticCredential(alice)] } });
  await instance.get('/');
  expect(provider.asked).toHaveLength(1);
});

test('accounts that the URL names are kept apart', async () => {
  const guarded = await server({ users: { alice: 'wonderland', bob: 'builder' } });
  const passwords: Record<string, string> = { alice: 'wonderland', bob: 'builder' };
  const provider = {
    name: 'book',
    get: ({ username = 'alice' }) => ({ username, password: passwords[username] ?? '' }),
  };
  const instance = client(guarded.url, { providers: [provider] });
  const as = async (name: string) => (await instance.get(`${guarded.url.replace('//', `//${name}@`)}/`)).data.user;
  expect([await as('alice'), await as('bob'), await as('alice')]).toEqual(['alice', 'bob', 'alice']);
});

test.each([
  'username',
  'password',
  'token',
  'providers',
  'challenge',
  'preemptive',
  'interactive',
  'store',
  'baseOrigin',
  'reason',
  'error',
])('Object.prototype.%s changes nothing', unpolluted);

axiosCan('read its own options only')('Object.prototype.auth changes nothing', () => unpolluted('auth'));

async function unpolluted(name: string): Promise<void> {
  const guarded = await server({ users: { alice: 'wonderland', bob: 'builder' } });
  const instance = client(guarded.url);
  Object.defineProperty(Object.prototype, name, { value: 'polluted', configurable: true, writable: true });
  try {
    expect((await instance.get('/')).data.user).toBe('alice');
    expect((await instance.get('/', { auth: { username: 'bob', password: 'builder' } })).data.user).toBe('bob');
  } finally {
    Reflect.deleteProperty(Object.prototype, name);
  }
}

test('a cancel token has no listener left when the request is over', async () => {
  const guarded = await server();
  const source = axios.CancelToken.source();
  const instance = client(guarded.url, { preemptive: false });
  for (let i = 0; i < 5; i += 1) await instance.get('/', { cancelToken: source.token });
  expect((source.token as unknown as { _listeners?: unknown[] })._listeners ?? []).toEqual([]);
});
