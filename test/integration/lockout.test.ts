/** Wrong passwords are sent as rarely as can be, and waiting neither hangs nor holds what others need. */

import http from 'node:http';
import type { Readable } from 'node:stream';
import { afterwards, alice, client, plainServer, refused, server, spy, statuses } from '../support/stage.js';

const times = (count: number) => Array.from({ length: count }, (_, i) => i);

test.each(['digest', 'basic'] as const)(
  'a password that was changed: %s tries it once more at most',
  async (scheme) => {
    const users = { alice: 'wonderland' };
    const guarded = await server({ users, protect: { scheme } });
    const provider = spy(alice, { username: 'alice', password: 'new' });
    const instance = client(guarded.url, { providers: [provider] });
    await instance.get('/');
    guarded.requests.length = 0;
    users.alice = 'new';
    await Promise.all(times(10).map((i) => instance.get(`/${i}`)));
    // Ten were on their way with the old one before the server refused any.
    const wrong = statuses(guarded).filter((status) => status === 401).length;
    expect(wrong).toBeLessThanOrEqual(11);
    expect(provider.told.map(([verdict]) => verdict)).toEqual(['approve', 'reject', 'approve']);
  },
);

test('the second try is told that the first was refused, also after a change', async () => {
  const users = { alice: 'wonderland' };
  const guarded = await server({ users, protect: { scheme: 'basic' } });
  const provider = spy(alice, { username: 'alice', password: 'guess' }, { username: 'alice', password: 'new' });
  const instance = client(guarded.url, { providers: [provider] });
  await instance.get('/');
  users.alice = 'new';
  await instance.get('/');
  expect(provider.asked.map(({ refused: count }) => count)).toEqual([0, 1, 2]);
});

test('pages that do not exist are not asked for one after another', async () => {
  let atOnce = 0;
  let most = 0;
  const guarded = await server({
    onAuthenticated: async (_, response) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setTimeout(resolve, 50));
      atOnce -= 1;
      response.writeHead(404).end();
    },
  });
  const instance = client(guarded.url, {}, { validateStatus: null });
  await Promise.all(times(10).map((i) => instance.get(`/${i}`)));
  expect(most).toBeGreaterThan(5);
  guarded.requests.length = 0;
  await instance.get('/more');
  expect(statuses(guarded)).toEqual([404]);
});

test('streams that wait for a credential hold no socket', async () => {
  const guarded = await server();
  const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  afterwards(() => httpAgent.destroy());
  const instance = client(guarded.url, {}, { httpAgent });
  const start = performance.now();
  const read = async (i: number) => {
    const { data } = await instance.get<Readable>(`/${i}`, { responseType: 'stream' });
    for await (const _ of data);
  };
  await Promise.all(times(6).map(read));
  expect(performance.now() - start).toBeLessThan(4000);
});

test('a streamed 401 that had to wait is whole when it is given back', async () => {
  const plain = await plainServer((_, response) => {
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end('sorry');
  });
  const { data } = await refused(client(plain.url, { providers: [] }).get('/', { responseType: 'stream' }));
  let text = '';
  for await (const chunk of data as Readable) text += chunk;
  expect(text).toBe('sorry');
});

test('a provider that hangs on a verdict does not hold the response for ever', async () => {
  const guarded = await server({ protect: { scheme: 'basic' } });
  const provider = { ...spy(alice), approve: () => new Promise<void>(() => {}) };
  const { status } = await client(guarded.url, { providers: [provider] }).get('/');
  expect(status).toBe(200);
});

test('an asynchronous listener that fails is left alone', async () => {
  const guarded = await server();
  const onEvent = async () => {
    throw new Error('a faulty listener');
  };
  expect((await client(guarded.url, { onEvent }).get('/')).status).toBe(200);
});

test('Basic and Bearer in one realm do not share a lookup', async () => {
  const guarded = await server({
    tokens: [],
    protect: { '/docs': { scheme: 'basic', realm: 'r' }, '/api': { scheme: 'bearer', realm: 'r' } },
  });
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow = {
    name: 'slow',
    get: async ({ scheme }: { scheme: string }) => {
      if (scheme === 'bearer') await held;
      return scheme === 'bearer' ? undefined : alice;
    },
  };
  const instance = client(guarded.url, { providers: [slow] });
  const api = refused(instance.get('/api/x'));
  expect((await instance.get('/docs/x')).status).toBe(200);
  release();
  await api;
});

test('one with a timeout does not wait longer than that for another to try the credential', async () => {
  let hold = () => {};
  const held = new Promise<void>((resolve) => {
    hold = resolve;
  });
  const guarded = await server({
    onRequest: async ({ url, headers }) => {
      if (url === '/slow' && headers.authorization) await held;
    },
  });
  const instance = client(guarded.url);
  const slow = instance.get('/slow');
  while (!guarded.requests.some(({ headers }) => headers.authorization))
    await new Promise((done) => setImmediate(done));
  const start = performance.now();
  await instance.get('/fast', { timeout: 300 });
  expect(performance.now() - start).toBeLessThan(2000);
  hold();
  await slow;
});
