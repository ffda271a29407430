/** Wrong passwords are sent as rarely as can be, and waiting neither hangs nor holds what others need. */

import http from 'node:http';
import type { Readable } from 'node:stream';
import { chain, explain, type Provider } from '../../src/index.js';
import { expiredLimits } from '../support/limits.js';
import { afterwards, alice, client, failure, plainServer, refused, server, spy, statuses } from '../support/stage.js';

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

test('providers are asked in their order, and a person is asked last wherever the prompt stands', async () => {
  const order: string[] = [];
  const asked = (name: string, changes: Partial<Provider> = {}): Provider => ({
    name,
    get: () => void order.push(name),
    ...changes,
  });
  const guarded = await server();
  const person = asked('person', { interactive: true });
  await refused(
    client(guarded.url, { providers: [asked('one'), person, asked('two'), chain(asked('three'))] }).get('/'),
  );
  expect(order).toEqual(['one', 'two', 'three', 'person']);
});

test('maxCredentials counts over all providers, and the person is not asked for one more', async () => {
  const guarded = await server();
  const wrong = times(3).map((i) => spy({ username: 'alice', password: `guess ${i}` }));
  const person = { ...spy(alice), interactive: true };
  const error = await failure(client(guarded.url, { providers: [...wrong, person], maxCredentials: 2 }).get('/'));
  expect(statuses(guarded)).toEqual([401, 401, 401]);
  expect(wrong.map(({ told }) => told.length)).toEqual([1, 1, 0]);
  expect(person.asked).toEqual([]);
  expect(explain(error)).toContain('2 refused, and no more may be tried (maxCredentials)');
});

test.each([
  ['a store', true, [401, 401, 401, 401, 200]],
  ['another provider', undefined, [401, 401, 401, 401]],
] as const)('an outdated entry of %s: how often the person may mistype', async (_, store, sent) => {
  const guarded = await server();
  const outdated = { ...spy({ username: 'alice', password: 'outdated' }), ...(store && { store }) };
  const typed = [...times(2).map((i) => ({ username: 'alice', password: `mistyped ${i}` })), alice];
  const person: Provider = { name: 'person', interactive: true, get: () => typed.shift() };
  await client(guarded.url, { providers: [outdated, person] })
    .get('/')
    .catch(() => {});
  expect(statuses(guarded)).toEqual(sent);
});

test('SEC-28 what sits on Object.prototype makes no provider a store: its refusals count', async () => {
  const guarded = await server();
  const wrong = spy({ username: 'alice', password: 'outdated' });
  const person = { ...spy(alice), interactive: true };
  Object.defineProperty(Object.prototype, 'store', { value: true, configurable: true });
  try {
    await failure(client(guarded.url, { providers: [wrong, person], maxCredentials: 1 }).get('/'));
  } finally {
    Reflect.deleteProperty(Object.prototype, 'store');
  }
  expect(statuses(guarded)).toEqual([401, 401]);
  expect(person.asked).toEqual([]);
});

test('only the person is asked again: a provider with a single credential is asked once', async () => {
  const guarded = await server();
  const stored = spy({ username: 'alice', password: 'outdated' });
  const typed = [{ username: 'alice', password: 'mistyped' }, alice];
  const person: Provider = { name: 'person', interactive: true, get: () => typed.shift() };
  await client(guarded.url, { providers: [stored, person] }).get('/');
  expect(statuses(guarded)).toEqual([401, 401, 401, 200]);
  expect(stored.told).toEqual([['reject', 'alice']]);
});

test('a person who repeats a refused credential is asked again, and the credential is not sent again', async () => {
  const guarded = await server();
  const typed = [{ username: 'alice', password: 'wrong' }, { username: 'alice', password: 'wrong' }, alice];
  const refusals: number[] = [];
  const get: Provider['get'] = ({ refused: count }) => {
    refusals.push(count);
    return typed.shift();
  };
  await client(guarded.url, { providers: [{ name: 'person', interactive: true, get }] }).get('/');
  expect(statuses(guarded)).toEqual([401, 401, 200]);
  expect(refusals).toEqual([0, 1, 2]);
});

test('a credential that two providers hold is sent once, also by the next request', async () => {
  const guarded = await server();
  const [one, two] = [spy({ username: 'alice', password: 'same' }), spy({ username: 'alice', password: 'same' })];
  const instance = client(guarded.url, { providers: [one, two] });
  const error = await failure(instance.get('/'));
  await refused(instance.get('/again'));
  expect(statuses(guarded)).toEqual([401, 401, 401]);
  expect(explain(error)).toContain('gave what the server has refused already');
  expect([...one.told, ...two.told]).toEqual([['reject', 'alice']]);
});

test('a refused user name is offered to a person, and to no other provider', async () => {
  const guarded = await server();
  const [stored, person] = [spy({ username: 'alice', password: 'outdated' }), { ...spy(alice), interactive: true }];
  await client(guarded.url, { providers: [stored, person] }).get('/');
  expect(stored.asked.map(({ username }) => username)).toEqual([undefined, undefined]);
  expect(person.asked.map(({ username }) => username)).toEqual(['alice']);
});

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

test('requests for missing pages do not wait for one another', async () => {
  const held: http.ServerResponse[] = [];
  let answered = 0;
  const guarded = await server({
    onAuthenticated: (_, response) => {
      answered += 1;
      // The first tries the credential. The others are held until six are there: one after another, none would be.
      if (answered > 1) held.push(response);
      else response.writeHead(404).end();
      if (answered > 6) for (const one of held.splice(0)) one.writeHead(404).end();
    },
  });
  const instance = client(guarded.url, {}, { validateStatus: null });
  await Promise.all(times(10).map((i) => instance.get(`/${i}`)));
  guarded.requests.length = 0;
  await instance.get('/more');
  expect(statuses(guarded)).toEqual([404]);
});

test('streams that wait for a credential hold no socket', async () => {
  const guarded = await server();
  const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  afterwards(() => httpAgent.destroy());
  const instance = client(guarded.url, {}, { httpAgent });
  const expired = expiredLimits();
  const read = async (i: number) => {
    const { data } = await instance.get<Readable>(`/${i}`, { responseType: 'stream' });
    for await (const _ of data);
  };
  await Promise.all(times(6).map(read));
  expect(expired).toEqual([]);
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
  const response = await client(guarded.url, { providers: [provider] }).get('/');
  expect(response.status).toBe(200);
  expect(explain(response)).toContain('told that alice was accepted, and failed: it took too long');
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

test('a request with a timeout waits no longer than that while another request tries the credential', async () => {
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
  const expired = expiredLimits();
  await instance.get('/fast', { timeout: 300 });
  expect(expired).toEqual([]);
  hold();
  await slow;
});
