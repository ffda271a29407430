/** What is remembered, for whom, and how long (SEC-07, SEC-11, SEC-12, SEC-19, SEC-24 to SEC-26, SEC-35). */

import { inspect } from 'node:util';
import { Routes } from '../../src/axios/proxy/routes.js';
import type { Strength } from '../../src/exchange/challenge/select.js';
import { Offers } from '../../src/exchange/memory/offers.js';
import { Spaces } from '../../src/exchange/memory/spaces.js';
import { type AuthEvent, explain, trace } from '../../src/index.js';
import { alice, client, failure, plainServer, server, spy, statuses } from '../support/stage.js';

test('SEC-07 nothing that one host said is used at another host, although the realm is the same', async () => {
  const [one, other] = [await server(), await server()];
  const instance = client('');
  await instance.get(`${one.url}/`);
  await instance.get(`${other.url}/`);
  expect(other.requests.map(({ authorization }) => authorization !== undefined)).toEqual([false, true]);
  expect(other.requests[1]?.nonce).not.toBe(one.requests[1]?.nonce);
});

test('SEC-07 a session is not used for another account, nor with other providers', async () => {
  const guarded = await server({ users: { alice: alice.password, bob: 'builder' } });
  const instance = client(guarded.url);
  await instance.get('/');
  await instance.get(guarded.url.replace('//', '//alice@'));
  await instance.get(guarded.url.replace('//', '//bob@'), { validateStatus: null });
  await instance.get('/', { challenge: { providers: [spy({ username: 'bob', password: 'builder' })] } });
  expect(guarded.requests.map(({ user }) => user)).toEqual([
    ...[undefined, 'alice'],
    ...[undefined, 'alice'],
    undefined,
    ...[undefined, 'bob'],
  ]);
});

test.each(['Authorization', 'authorization', 'AUTHORIZATION'])(
  "SEC-11 the caller's own %s is left as it is",
  async (name) => {
    const guarded = await server();
    const provider = spy(alice);
    const instance = client(guarded.url, { providers: [provider] }, { validateStatus: null });
    await instance.get('/');
    provider.asked.length = 0;
    guarded.requests.length = 0;
    expect((await instance.get('/', { headers: { [name]: 'Bearer mine' } })).status).toBe(401);
    expect(guarded.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer mine']);
    expect(provider.asked).toEqual([]);
  },
);

test('SEC-12 userinfo is decoded once, and shown nowhere', async () => {
  const password = 'p@ss/%41#wörd';
  const guarded = await server({ users: { 'a@b': password } });
  const events: AuthEvent[] = [];
  const provider = spy();
  const instance = client('', { providers: [provider], onEvent: (event) => events.push(event) });
  const userinfo = `${encodeURIComponent('a@b')}:${encodeURIComponent(password)}@`;
  const response = await instance.get(`${guarded.url.replace('//', `//${userinfo}`)}/x?token=query`);
  expect(guarded.requests.at(-1)).toMatchObject({ user: 'a@b', status: 200 });
  const shown = inspect([events, trace(response)?.events, explain(response)], { depth: 10 });
  for (const secret of [password, encodeURIComponent(password), 'token=query']) expect(shown).not.toContain(secret);
});

test('SEC-12 text before an "@" in a fragment or query is neither a host nor an account', async () => {
  const guarded = await server();
  const provider = spy(alice);
  await client('', { providers: [provider] }).get(`${guarded.url}/?x=@evil.example/#@evil.example`);
  expect(provider.asked.map(({ origin, username }) => [origin, username])).toEqual([[guarded.url, undefined]]);
});

test('SEC-19 the strongest challenge is answered', async () => {
  const protect = [
    { scheme: 'basic' },
    { scheme: 'digest', algorithm: 'MD5' },
    { scheme: 'digest', algorithm: 'SHA-256' },
  ] as const;
  const guarded = await server({ protect });
  const response = await client(guarded.url).get('/');
  expect(guarded.requests[1]?.headers.authorization).toContain('algorithm=SHA-256');
  expect(explain(response)).toContain('Digest MD5, weaker');
});

test.each(['Basic realm="test"', 'Digest realm="test", nonce="n", qop="auth"', 'Basic realm="another"'])(
  'SEC-19 a space that offered SHA-256 is not answered with %s later',
  async (weaker) => {
    let isStripped = false;
    const guarded = await server({
      onRequest: (_, response) => {
        if (isStripped) response.writeHead(401, { 'WWW-Authenticate': weaker }).end();
        return isStripped;
      },
    });
    const instance = client(guarded.url, {}, { validateStatus: null });
    await instance.get('/');
    isStripped = true;
    guarded.requests.length = 0;
    const response = await instance.get('/');
    expect(explain(response)).toContain('ERR_AUTH_DOWNGRADE');
    expect(guarded.requests.filter(({ headers }) => headers.authorization?.includes('SHA-256') === false)).toEqual([]);
  },
);

test('SEC-19 a weaker challenge is not answered even without an earlier answer of the account', async () => {
  let challenge = 'Digest realm="test", nonce="n", qop="auth", algorithm=SHA-256';
  const plain = await plainServer((_, response) => response.writeHead(401, { 'WWW-Authenticate': challenge }).end());
  await failure(client(plain.url, { providers: [] }).get('/'));
  challenge = 'Basic realm="test"';
  for (const path of ['/', '/another'])
    expect(explain(await failure(client(plain.url).get(path)))).toContain('ERR_AUTH_DOWNGRADE');
  expect(plain.requests.filter(({ headers }) => headers.authorization)).toEqual([]);
});

test.each([
  ['always 401', 'digest', {}, 2],
  ['always stale', 'digest', { alwaysStale: true }, 5],
  ['always 401', 'basic', {}, 2],
] as const)('SEC-24 %s with %s: the number of sends is bounded', async (what, scheme, more, sends) => {
  const guarded = await server({ protect: { scheme, ...more } as never, ...(what === 'always 401' && { users: {} }) });
  const response = await client(guarded.url, {}, { validateStatus: null }).get('/');
  expect(response.status).toBe(401);
  expect(guarded.requests).toHaveLength(sends);
  const sent = guarded.requests.flatMap(({ authorization }) => authorization ?? []);
  expect(new Set(sent).size).toBe(sent.length);
});

test.each([
  [3, 4],
  [1, 3],
])(
  'SEC-24 with maxCredentials %i, a server that changes its realm each time sees %i requests',
  async (maxCredentials, sends) => {
    let count = 0;
    const plain = await plainServer((_, response) => {
      count += 1;
      response.writeHead(401, { 'WWW-Authenticate': `Basic realm="${count}"` }).end();
    });
    const error = await failure(client(plain.url, { maxCredentials }).get('/'));
    expect(plain.requests).toHaveLength(sends);
    expect(explain(error)).toContain(`${sends - 1} answers led from realm to realm (ERR_AUTH_REFUSED)`);
  },
);

test.each([
  ['a 401 after this credential', () => 401, [['reject', 'alice']]],
  ['a 403', (authorized: boolean) => (authorized ? 403 : 401), []],
  ['a 500', (authorized: boolean) => (authorized ? 500 : 401), []],
  ['a 503', (authorized: boolean) => (authorized ? 503 : 401), []],
  ['a connection that breaks', (authorized: boolean) => (authorized ? 0 : 401), []],
] as const)('SEC-25 told of a refusal on proof alone: %s', async (_, statusFor, told) => {
  const plain = await plainServer((request, response) => {
    const status = statusFor(request.headers.authorization !== undefined);
    if (status === 0) response.destroy();
    else response.writeHead(status, { 'WWW-Authenticate': 'Basic realm="r"' }).end();
  });
  const provider = spy(alice);
  await client(plain.url, { providers: [provider], maxCredentials: 1 })
    .get('/')
    .catch(() => {});
  expect(provider.told).toEqual(told);
});

test('SEC-25 a stale nonce is not a refusal', async () => {
  const guarded = await server({ protect: { scheme: 'digest', nonceUses: 1 } });
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] });
  for (let i = 0; i < 3; i += 1) await instance.get('/');
  expect(provider.told).toEqual([['approve', 'alice']]);
});

test('SEC-26 a provider is told of an approval only with proof: a status below 400, from the same origin', async () => {
  const elsewhere = await server({ protect: {} });
  for (const [status, location, told] of [
    [200, undefined, [['approve', 'alice']]],
    [404, undefined, []],
    [307, `${elsewhere.url}/`, []],
  ] as const) {
    const guarded = await server({
      onAuthenticated: (_, response) => void response.writeHead(status, location && { Location: location }).end(),
    });
    const provider = spy(alice);
    await client(guarded.url, { providers: [provider] }, { validateStatus: null }).get('/');
    expect(provider.told).toEqual(told);
  }
  const never = await server({ users: {} });
  const provider = spy(alice);
  await client(never.url, { providers: [provider] }, { validateStatus: null }).get('/');
  expect(provider.told).toEqual([['reject', 'alice']]);
  expect(statuses(never)).toEqual([401, 401]);
});

test('SEC-35 ten thousand realms, origins and routes are not all remembered', () => {
  const spaces = new Spaces();
  const challenge = (realm: string) => ({ scheme: 'basic', params: { realm } });
  const first = spaces.of('https://files.example', challenge('0'));
  for (let i = 1; i < 10_000; i += 1) spaces.of('https://files.example', challenge(`${i}`));
  expect(spaces.of('https://files.example', challenge('0'))).not.toBe(first);
  for (let i = 0; i < 10_000; i += 1) spaces.of(`https://h${i}.example`, challenge('r'));
  expect(spaces.size).toBeLessThanOrEqual(1000);
  const routes = new Routes();
  for (let i = 0; i < 10_000; i += 1)
    routes.learn(`https://h${i}.example`, { origin: 'http://p', credential: undefined });
  expect(routes.of('https://h0.example')).toBeUndefined();
  expect(routes.of('https://h9999.example')).toBeDefined();
});

test('SEC-35 ten thousand offers, and the accounts that answered them, are not all remembered', () => {
  const offers = new Offers();
  const [weak, strong] = [10, 40].map((strength) => ({ label: `${strength}`, strength })) as [Strength, Strength];
  const place = (i: number) => ({ origin: `https://h${i}.example`, realm: 'r', pathname: '/' });
  const path = (i: number) => ({ origin: 'https://files.example', realm: `${i}`, pathname: `/${i}` });
  for (const at of [place, path]) {
    for (let i = 0; i < 10_000; i += 1) offers.offered(at(i), strong);
    expect(offers.offered(at(0), weak)).toEqual(weak);
    expect(offers.offered(at(9999), weak)).toEqual(strong);
    for (let i = 0; i < 10_001; i += 1) offers.answered(at(i), strong, offers.use(at(i).origin, `${i}`));
    expect(offers.offered(at(0), weak)).toEqual(weak);
  }
  expect(offers.strongestOf('https://h0.example', '0')).toBeUndefined();
  expect(offers.strongestOf('https://files.example', '10000')).toEqual(strong);
});
