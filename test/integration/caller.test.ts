/** What the caller decides: headers, config.auth, userinfo, challenge: false; and what the caller gives up. */

import { type AuthOptions, explain, staticCredential } from '../../src/index.js';
import { alice, bare, client, failure, refused, server, spy, statuses, until } from '../support/stage.js';

test('challenge: false leaves the 401 alone', async () => {
  const guarded = await server();
  const provider = spy(alice);
  await refused(client(guarded.url, { providers: [provider] }).get('/', { challenge: false }));
  expect(provider.asked).toEqual([]);
  expect(statuses(guarded)).toEqual([401]);
});

test('a request may have options of its own', async () => {
  const guarded = await server({ users: { alice: 'wonderland', bob: 'builder' } });
  const instance = client(guarded.url);
  const providers = [staticCredential({ username: 'bob', password: 'builder' })];
  const { data } = await instance.get('/', { challenge: { providers } });
  expect(data.user).toBe('bob');
  expect((await instance.get('/')).data.user).toBe('alice');
  expect((await instance.get('/', { challenge: { providers } })).data.user).toBe('bob');
  expect(statuses(guarded)).toEqual([401, 200, 401, 200, 200]);
});

test.each(['Authorization', 'authorization', 'AUTHORIZATION'])('a header of the caller (%s) wins', async (name) => {
  const guarded = await server({ protect: { scheme: 'basic' } });
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] });
  const error = await failure(instance.get('/', { headers: { [name]: 'Basic bm86bm8=' } }));
  expect(guarded.requests.map(({ authorization }) => authorization)).toEqual(['Basic bm86bm8=']);
  expect(explain(error)).toContain('the caller set Authorization');
});

test('config.auth answers Digest, and no provider is asked', async () => {
  const guarded = await server();
  const provider = spy({ username: 'mallory', password: 'x' });
  const instance = client(guarded.url, { providers: [provider] });
  await instance.get('/', { auth: alice });
  await instance.get('/', { auth: alice });
  expect(guarded.requests.map(({ scheme, status }) => [scheme, status])).toEqual([
    ['basic', 401],
    ['digest', 200],
    ['digest', 200],
  ]);
  expect(provider.asked).toEqual([]);
});

test('userinfo in the URL answers Digest, decoded once', async () => {
  const guarded = await server({ users: { 'al@ice': 'p%40ss/#' } });
  const url = guarded.url.replace('//', '//al%40ice:p%2540ss%2F%23@');
  await client(guarded.url, { providers: [] }).get(`${url}/x`);
  await client(url, { providers: [] }).get('/x');
  // The first of each pair is axios's own Basic, which axios before 1.16 does not decode.
  const answers = guarded.requests.filter((_, i) => i % 2 === 1);
  expect(answers.map(({ user, status }) => [user, status])).toEqual([
    ['al@ice', 200],
    ['al@ice', 200],
  ]);
});

test('a credential of the caller that Basic refused is not tried again', async () => {
  const guarded = await server({ protect: { scheme: 'basic' } });
  const error = await failure(client(guarded.url).get('/', { auth: { username: 'alice', password: 'no' } }));
  expect(statuses(guarded)).toEqual([401]);
  expect(explain(error)).toContain('ERR_AUTH_REFUSED');
});

test("one caller's config.auth is never used for another request", async () => {
  const guarded = await server({ users: { alice: 'wonderland', bob: 'builder' } });
  const instance = client(guarded.url, { providers: [] });
  await instance.get('/', { auth: alice });
  expect((await instance.get('/', { auth: { username: 'bob', password: 'builder' } })).data.user).toBe('bob');
  await refused(instance.get('/'));
});

test('user@ names the account for the providers', async () => {
  const guarded = await server();
  const provider = spy(alice);
  await client(guarded.url, { providers: [provider] }).get(`${guarded.url.replace('//', '//alice@')}/`);
  expect(provider.asked[0]?.username).toBe('alice');
});

test('an unanswered 401 is what axios gives without the plugin', async () => {
  const guarded = await server({ protect: { scheme: 'basic' } });
  const config = { headers: { 'X-One': '1' }, params: { a: 'b' } };
  const ours = await failure(client(guarded.url, { providers: [] }).post('/p', { x: 1 }, config));
  const theirs = await failure(bare(guarded.url).post('/p', { x: 1 }, config));
  const shape = (error: typeof ours) => ({
    ...(error.toJSON() as { config: object }),
    stack: undefined,
    config: Object.keys((error.toJSON() as { config: object }).config).sort(),
    headers: { ...error.config?.headers },
    data: error.response?.data,
    own: Object.keys(error).sort(),
  });
  expect(shape(ours)).toEqual(shape(theirs));
  expect(ours.config?.adapter).toEqual(theirs.config?.adapter);
  expect(ours.config).toBe(ours.response?.config);
});

test('an error config can be replayed by the caller', async () => {
  const guarded = await server({ users: {} });
  const instance = client(guarded.url);
  const error = await failure(instance.get('/'));
  await refused(instance.request(error.config as object));
  await refused(bare(guarded.url).request(error.config as object));
});

test("an abort while a provider is asked sends nothing more, and gives axios's own error", async () => {
  const guarded = await server();
  const controller = new AbortController();
  let aborted = false;
  const provider = {
    name: 'slow',
    get: ({ signal }: { signal?: AbortSignal }) => {
      signal?.addEventListener('abort', () => {
        aborted = true;
      });
      controller.abort();
      return new Promise<never>(() => {});
    },
  };
  const request = client(guarded.url, { providers: [provider] }).get('/', { signal: controller.signal });
  await expect(request).rejects.toMatchObject({ code: 'ERR_CANCELED' });
  expect(aborted).toBe(true);
  expect(statuses(guarded)).toEqual([401]);
});

test('a request that is canceled by a cancel token while a provider is asked sends nothing more', async () => {
  const guarded = await server();
  const { default: axios } = await import('axios');
  const source = axios.CancelToken.source();
  const provider = {
    name: 'slow',
    get: () => {
      source.cancel('enough');
      return new Promise<never>(() => {});
    },
  };
  const request = client(guarded.url, { providers: [provider] }).get('/', { cancelToken: source.token });
  await expect(request).rejects.toMatchObject({ code: 'ERR_CANCELED', message: 'enough' });
});

test('a request that is aborted does not take the credential from the other requests', async () => {
  const guarded = await server();
  const controller = new AbortController();
  let give: (credential: typeof alice) => void = () => {};
  let asked = 0;
  const provider = {
    name: 'slow',
    get: () => {
      asked += 1;
      return new Promise<typeof alice>((resolve) => {
        give = resolve;
      });
    },
  };
  let challenged = 0;
  const onEvent = ({ type }: { type: string }) => {
    challenged += type === 'challenged' ? 1 : 0;
  };
  const instance = client(guarded.url, { providers: [provider], onEvent });
  const first = instance.get('/1', { signal: controller.signal }).catch((error: Error) => error);
  const second = instance.get('/2');
  await until(() => asked > 0 && challenged === 2);
  controller.abort();
  await expect(first).resolves.toMatchObject({ code: 'ERR_CANCELED' });
  give(alice);
  await expect(second).resolves.toMatchObject({ status: 200 });
  expect(asked).toBe(1);
});

test('many cold requests cost one lookup, and a wrong credential is tried once', async () => {
  const guarded = await server();
  const right = spy(alice);
  const instance = client(guarded.url, { providers: [right] });
  await Promise.all(Array.from({ length: 20 }, (_, i) => instance.get(`/${i}`)));
  expect(right.asked).toHaveLength(1);
  expect(guarded.requests.length).toBeLessThanOrEqual(40);
  const counts = guarded.requests.flatMap(({ nc }) => nc ?? []);
  expect(new Set(counts).size).toBe(counts.length);

  const wrong = spy({ username: 'alice', password: 'wrong' });
  const unlucky = client(guarded.url, { providers: [wrong] });
  guarded.requests.length = 0;
  await Promise.all(Array.from({ length: 20 }, (_, i) => refused(unlucky.get(`/${i}`))));
  expect(guarded.requests.filter(({ authorization }) => authorization)).toHaveLength(1);
});

test.each<readonly [string, AuthOptions]>([
  ['maxCredentials', { maxCredentials: 0 }],
  ['mutual', { mutual: 'yes' as never }],
  ['providers', { providers: [{}] as never }],
  ['allowInsecure', { allowInsecure: ['printer.local'] }],
])('an unusable option %s is reported by installAuth', (name, options) => {
  const attempt = () => client('http://127.0.0.1:1', options);
  expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_AUTH_OPTION', message: expect.stringContaining(name) }));
});
