/** What a 401 says of a password is remembered, proof or not: an account is locked after a few wrong ones (SEC-36). */

import type http from 'node:http';
import { explain, type Provider, staticCredential } from '../../src/index.js';
import { alice, client, plainServer, server, spy } from '../support/stage.js';

const wrong = { username: 'alice', password: 'wrong' };
const times = (count: number) => Array.from({ length: count }, (_, i) => i);
const quiet = { validateStatus: null };

/** How many sends carried an authorization. */
const sent = (requests: readonly http.IncomingMessage[]) =>
  requests.filter(({ headers }) => headers.authorization ?? headers['proxy-authorization']).length;

/** Answers a request without an authorization with a Basic challenge, and one with it as `refuse` says. */
function refusing(refuse: (response: http.ServerResponse, count: number) => void, challenge = 'Basic realm="files"') {
  let count = 0;
  return plainServer((request, response) => {
    if (request.headers.authorization) refuse(response, ++count);
    else response.writeHead(401, { 'WWW-Authenticate': challenge }).end();
  });
}

const challenging = (challenge: string | undefined) => (response: http.ServerResponse) =>
  void response.writeHead(401, challenge === undefined ? {} : { 'WWW-Authenticate': challenge }).end();

const KINDS = [
  ['without a challenge', undefined, 1],
  ["with another scheme's challenge", 'Negotiate', 1],
  ["with another scheme's challenge in its realm", 'Bearer realm="files"', 1],
  ["with a stronger scheme's challenge", 'Digest realm="files", nonce="n", qop="auth"', 1],
  ['with a challenge that cannot be read', 'Basic realm="files', 1],
  // Once more in the realm that is named now.
  ["with another realm's challenge", 'Basic realm="others"', 2],
] as const;

test.each(KINDS)('SEC-36 a second 401 %s: 20 requests send the password once', async (_, challenge, most) => {
  const { url, requests } = await refusing(challenging(challenge));
  const provider = spy(wrong);
  const instance = client(url, { providers: [provider] }, quiet);
  for (const i of times(20)) expect((await instance.get(`/${i}`)).status).toBe(401);
  expect(sent(requests)).toBe(most);
  expect(provider.told.length).toBeLessThan(most);
});

test.each(KINDS)(
  'SEC-36 a second 401 %s: 15 concurrent requests send the password once',
  async (_, challenge, most) => {
    const { url, requests } = await refusing(challenging(challenge));
    const instance = client(url, { providers: [spy(wrong)] }, quiet);
    await Promise.all(times(15).map((i) => instance.get(`/${i}`)));
    expect(sent(requests)).toBe(most);
  },
);

test('SEC-36 with Digest, too, and the reason is given', async () => {
  const { url, requests } = await refusing(challenging(undefined), 'Digest realm="files", nonce="n", qop="auth"');
  const instance = client(url, { providers: [spy(wrong)] }, quiet);
  await Promise.all(times(15).map((i) => instance.get(`/${i}`)));
  expect(sent(requests)).toBe(1);
  expect(explain(await instance.get('/'))).toContain('gave what the server has refused already');
});

test('SEC-36 the next provider is asked, and its password goes', async () => {
  const right = `Basic ${Buffer.from('alice:wonderland').toString('base64')}`;
  const plain = await plainServer(({ headers }, response) => {
    if (headers.authorization === right) response.end('in');
    else response.writeHead(401, headers.authorization ? {} : { 'WWW-Authenticate': 'Basic realm="files"' }).end();
  });
  const instance = client(plain.url, { providers: [spy(wrong), spy(alice)] }, quiet);
  expect((await instance.get('/')).status).toBe(401);
  expect((await instance.get('/')).status).toBe(200);
});

test.each(['one after another', 'at once'])(
  'SEC-36 a realm that is new each time, %s: few realms see it',
  async (how) => {
    let count = 0;
    const plain = await plainServer((_, response) => challenging(`Basic realm="${++count}"`)(response));
    const instance = client(plain.url, { providers: [spy(wrong)], maxCredentials: 5 }, quiet);
    const requests = times(20).map((i) => () => instance.get(`/${i}`));
    if (how === 'at once') await Promise.all(requests.map((request) => request()));
    else for (const request of requests) await request();
    expect(sent(plain.requests)).toBeLessThanOrEqual(3);
    expect(explain(await instance.get('/'))).toContain('gave what 3 realms of this origin have refused');
  },
);

test('SEC-36 a realm that accepted a password keeps it, however many others refuse it', async () => {
  const protect = Object.fromEntries(times(6).map((i) => [`/${i}`, { scheme: 'basic', realm: `r${i}` }]));
  const guarded = await server({
    protect: { '/own': { scheme: 'basic', realm: 'own' }, ...protect } as never,
    onAuthenticated: ({ url }, response) => {
      if (url !== '/own/') challenging(`Basic realm="r${url?.at(1)}"`)(response);
      else response.end('in');
    },
  });
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] }, quiet);
  expect((await instance.get('/own/')).status).toBe(200);
  for (const i of times(6)) expect((await instance.get(`/${i}`)).status).toBe(401);
  expect((await instance.get('/own/')).status).toBe(200);
  expect((await instance.get('/own/', { challenge: { providers: [staticCredential(alice)] } })).status).toBe(200);
});

test('SEC-36 a password of one realm is not sent before a challenge where another realm answers it', async () => {
  const guarded = await server({
    users: { alice: alice.password },
    protect: { '/': { scheme: 'digest', realm: 'all' }, '/b': { scheme: 'digest', realm: 'b' } },
    onAuthenticated: ({ url }, response) => {
      if (url?.startsWith('/b')) challenging('Digest realm="b", nonce="n", qop="auth"')(response);
      else response.end('in');
    },
  });
  const instance = client(guarded.url, {}, quiet);
  for (const i of times(10)) {
    expect((await instance.get('/a')).status).toBe(200);
    expect((await instance.get('/b')).status).toBe(401);
    if (i === 0) guarded.requests.length = 0;
  }
  expect(guarded.requests.filter(({ url, authorization }) => url === '/b' && authorization)).toEqual([]);
});

test('SEC-36 a changed password is sent a few times more, if its refusal has no challenge', async () => {
  let isChanged = false;
  const { url, requests } = await refusing((response) => {
    if (isChanged) response.writeHead(401).end();
    else response.end('in');
  });
  const instance = client(url, {}, quiet);
  await instance.get('/');
  isChanged = true;
  requests.length = 0;
  for (const i of times(20)) expect((await instance.get(`/${i}`)).status).toBe(401);
  expect(sent(requests)).toBe(3);
});

test('SEC-36 an application with a 401 of its own does not lose the password that leads to it', async () => {
  const answers = [200, 401, 401, 200, 401, 401, 200, 401, 401, 200];
  const expected = [...answers];
  const app = await refusing((response) => void response.writeHead(answers.shift() ?? 200).end());
  const provider = spy(alice);
  const instance = client(app.url, { providers: [provider] }, quiet);
  for (const status of expected) expect((await instance.get('/')).status).toBe(status);
  expect(sent(app.requests)).toBe(app.requests.length - 1);
  expect(provider.told).toEqual([['approve', 'alice']]);
});

test('SEC-36 a burst of such answers counts once', async () => {
  let isLoggedOut = false;
  const { url } = await refusing((response) => void response.writeHead(isLoggedOut ? 401 : 200).end());
  const instance = client(url, {}, quiet);
  await instance.get('/');
  isLoggedOut = true;
  await Promise.all(times(10).map(() => instance.get('/')));
  isLoggedOut = false;
  expect((await instance.get('/')).status).toBe(200);
});

test('SEC-36 a redirect to a 401 gives no verdict yet: a credential that is accepted in the end stays', async () => {
  const guarded = await server({
    protect: { '/a': { scheme: 'basic', realm: 'A' }, '/b': { scheme: 'digest', realm: 'B' } },
    onAuthenticated: ({ url }, response) => void response.writeHead(url === '/a' ? 302 : 200, { Location: '/b' }).end(),
  });
  // One account for both, and Basic after Digest (SEC-39).
  const instance = client(guarded.url, { allowInsecure: true }, quiet);
  for (const _ of times(8)) expect((await instance.get('/a')).status).toBe(200);
});

test('SEC-36 a redirect to a 401 that never ends with success is followed a few times', async () => {
  const plain = await plainServer(({ url, headers }, response) => {
    if (url === '/login') response.writeHead(401).end();
    else if (headers.authorization) response.writeHead(302, { Location: '/login' }).end();
    else challenging('Basic realm="files"')(response);
  });
  const instance = client(plain.url, { providers: [spy(wrong)] }, quiet);
  for (const i of times(20)) await instance.get(`/${i}`);
  expect(plain.requests.filter(({ url, headers }) => url !== '/login' && headers.authorization)).toHaveLength(3);
});

test.each(['one after another', 'at once'])(
  'SEC-36 nonces that are always stale, %s: the next request sends none',
  async (how) => {
    const plain = await plainServer((_, response) => {
      challenging(`Digest realm="files", nonce="${Math.random()}", qop="auth", stale=true`)(response);
    });
    const provider = spy(wrong);
    const instance = client(plain.url, { providers: [provider] }, quiet);
    const requests = times(10).map((i) => () => instance.get(`/${i}`));
    if (how === 'at once') await Promise.all(requests.map((request) => request()));
    else for (const request of requests) await request();
    expect(sent(plain.requests)).toBe(4);
    expect(provider.told).toEqual([]);
  },
);

test('SEC-36 nonces that are always stale after a success: a few requests are enough to detect it', async () => {
  let isStale = false;
  const fresh = () => `Digest realm="files", nonce="${Math.random()}", qop="auth"${isStale ? ', stale=true' : ''}`;
  const plain = await plainServer(({ headers }, response) => {
    if (headers.authorization && !isStale) response.end('in');
    else challenging(fresh())(response);
  });
  const instance = client(plain.url, {}, quiet);
  await instance.get('/');
  isStale = true;
  plain.requests.length = 0;
  for (const i of times(20)) await instance.get(`/${i}`);
  expect(sent(plain.requests)).toBeLessThanOrEqual(13);
});

test('SEC-36 providers of a request share the memory of the client, including accepted credentials', async () => {
  const users = { alice: 'wonderland' };
  const guarded = await server({ users, protect: { scheme: 'basic' } });
  const instance = client(guarded.url, { providers: [] }, quiet);
  const own = (): Provider[] => [staticCredential(wrong)];
  for (const _ of times(10)) await instance.get('/', { challenge: { providers: own() } });
  await Promise.all(times(10).map(() => instance.get('/', { challenge: { providers: own() } })));
  expect(guarded.requests.filter(({ authorization }) => authorization)).toHaveLength(1);
  const lists = times(5).map(() => [staticCredential(alice)]);
  for (const providers of lists) await instance.get('/', { challenge: { providers } });
  users.alice = 'changed';
  guarded.requests.length = 0;
  for (const providers of lists) await instance.get('/', { challenge: { providers } });
  expect(guarded.requests.filter(({ authorization }) => authorization)).toHaveLength(1);
});

test('SEC-36 providers of concurrent requests try the password once', async () => {
  const guarded = await server({ protect: { scheme: 'basic' } });
  const instance = client(guarded.url, { providers: [] }, quiet);
  await Promise.all(times(15).map(() => instance.get('/', { challenge: { providers: [staticCredential(wrong)] } })));
  expect(guarded.requests.filter(({ authorization }) => authorization)).toHaveLength(1);
});

test('SEC-36 refusals of other accounts displace no refusal', async () => {
  const guarded = await server();
  const instance = client(guarded.url, { providers: [] }, quiet);
  const visit = async (i: number) =>
    instance.get('/', { challenge: { providers: [staticCredential({ username: `user${i}`, password: 'wrong' })] } });
  for (const i of times(100)) await visit(i);
  guarded.requests.length = 0;
  for (const i of times(100)) await visit(i);
  expect(guarded.requests.filter(({ authorization }) => authorization)).toEqual([]);
});
