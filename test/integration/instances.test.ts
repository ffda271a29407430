/** The plugin is on the instance that it was installed on, whatever module system made the two, and on no other. */

import { createRequire } from 'node:module';
import axios, { type AxiosInstance } from 'axios';
import * as esm from '../../src/index.js';
import { afterwards, alice, bare, failure, server, statuses } from '../support/stage.js';

const require = createRequire(import.meta.url);
const commonAxios = require('axios') as typeof axios;
// As it is published: `npm run build` makes it.
const commonjs = require('../../dist/commonjs/index.js') as typeof esm;

const providers = [esm.staticCredential(alice)];

test.each([
  ['ESM', 'ESM', axios, esm],
  ['ESM', 'CommonJS', axios, commonjs],
  ['CommonJS', 'ESM', commonAxios, esm],
  ['CommonJS', 'CommonJS', commonAxios, commonjs],
] as const)('axios as %s with the plugin as %s', async (_axios, _plugin, copy, plugin) => {
  const guarded = await server();
  const instance = copy.create({ baseURL: guarded.url, proxy: false });
  plugin.installAuth(instance, { providers });
  expect((await instance.post('/', { a: 1 })).data).toMatchObject({ user: 'alice', bytes: 7 });
  const error = await failure(instance.get('/', { challenge: { providers: [] }, headers: { Authorization: 'x' } }));
  expect(error).toBeInstanceOf(copy.AxiosError);
  expect(plugin.explain(error)).toContain('the caller set Authorization');
});

test('the ESM and the CommonJS copy know of each other', () => {
  const instance = bare('http://127.0.0.1:1');
  const handle = commonjs.installAuth(instance);
  expect(() => esm.installAuth(instance)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_INSTALLED' }));
  handle.eject();
  esm.installAuth(instance);
});

test('a child made by create() has the defaults of its parent, and not the plugin', async () => {
  const guarded = await server();
  const parent = bare(guarded.url) as AxiosInstance;
  esm.installAuth(parent, { providers });
  await parent.get('/');
  const child = parent.create({ headers: { 'X-Child': '1' } });
  const error = await failure(child.get('/'));
  expect(esm.explain(error)).toContain('did not pass through a client with installAuth');
  esm.installAuth(child, { providers });
  expect((await child.get('/')).status).toBe(200);
  // What the parent knows is not the child's.
  expect(statuses(guarded)).toEqual([401, 200, 401, 401, 200]);
});

test('the global axios: its own calls are answered, those of its children are not', async () => {
  const guarded = await server();
  const handle = esm.installAuth(axios, { providers: [esm.staticCredential(alice, { origin: guarded.url })] });
  afterwards(() => handle.eject());
  expect((await axios.get(`${guarded.url}/a`, { proxy: false })).status).toBe(200);
  expect((await axios(`${guarded.url}/b`, { proxy: false })).status).toBe(200);
  await failure(bare(guarded.url).get('/'));
  expect(() => esm.installAuth(axios)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_INSTALLED' }));
  handle.eject();
  await failure(axios.get(`${guarded.url}/c`, { proxy: false }));
});

test('a create() may install on each client that it makes, children of children as well', async () => {
  const guarded = await server();
  const install = (instance: AxiosInstance): AxiosInstance => {
    const { create } = instance;
    esm.installAuth(instance, { providers });
    instance.create = (config) => install(create(config));
    return instance;
  };
  const grandchild = install(bare(guarded.url)).create().create();
  expect((await grandchild.get('/')).status).toBe(200);
  expect(statuses(guarded)).toEqual([401, 200]);
});

test('each client of a process answers with its own providers', async () => {
  const guarded = await server({ users: { alice: 'wonderland', bob: 'builder' } });
  const bob = { username: 'bob', password: 'builder' };
  const both = [alice, bob].map((credential) => {
    const instance = bare(guarded.url);
    esm.installAuth(instance, { providers: [esm.staticCredential(credential)] });
    return instance;
  });
  const users = await Promise.all(both.map(async (instance) => (await instance.get('/')).data.user));
  expect(users).toEqual(['alice', 'bob']);
});
