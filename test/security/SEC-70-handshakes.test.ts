/** SEC-70 A handshake goes on on its own connection or not at all, and a server cannot make it long, or repeated. */

import https from 'node:https';
import { inspect } from 'node:util';
import { explain } from '../../src/index.js';
import { type LegsOptions, legs, legsJudge } from '../support/legs.js';
import { afterwards, client, failure, refused, spy, until } from '../support/stage.js';
import { selfSigned } from '../support/tls.js';

const schemes = () => [legs()];

const shown = ({ requests }: Awaited<ReturnType<typeof legsJudge>>) =>
  requests.map(({ socket, status, authorization }) => [socket, authorization === undefined ? 'bare' : 'ours', status]);

test.each<[string, NonNullable<LegsOptions['before']>]>([
  [
    'says so',
    ({ response, leg }) => {
      if (leg === 'hello') response.setHeader('Connection', 'close');
      return false;
    },
  ],
  [
    'says nothing',
    ({ request, response, leg }) => {
      if (leg === 'hello') response.on('finish', () => setImmediate(() => request.socket.destroy()));
      return false;
    },
  ],
  [
    'closes when the last message comes',
    ({ request, leg }) => {
      if (leg === 'proof') request.socket.destroy();
      return leg === 'proof';
    },
  ],
])('SEC-70 a server that closes between the legs, and %s, gets no second message elsewhere', async (_, before) => {
  const judge = await legsJudge({ before });
  const http = client(judge.url, { schemes: schemes() });
  const error = await failure(http.get('/'));
  expect(shown(judge)).toEqual([
    [1, 'bare', 401],
    [2, 'ours', 401],
  ]);
  expect(explain(error)).toMatch(/a handshake cannot go on on another/);
  expect(JSON.stringify(error.toJSON()) + explain(error)).not.toMatch(/wonderland|Legs [A-Za-z0-9+/]{8}/);
});

test('SEC-70 a redirect that comes to the first message is not followed without the body, and nothing begins anew', async () => {
  const judge = await legsJudge({
    before: ({ request, response, leg }) => {
      if (request.url === '/open') response.end();
      else if (leg === 'hello') response.writeHead(307, { location: '/open' }).end();
      return leg === 'hello' || request.url === '/open';
    },
  });
  const error = await failure(client(judge.url, { schemes: schemes() }).post('/', 'whole'));
  expect(judge.requests.map(({ url, body, status }) => [url, body, status])).toEqual([
    ['/', 'whole', 401],
    ['/', '', 307],
    ['/', 'whole', 401],
  ]);
  expect(explain(error)).toMatch(/does not go on with the handshake for the request/);
});

test('SEC-70 a server whose questions never end gets five messages', async () => {
  const judge = await legsJudge({
    before: ({ response, leg }) => {
      if (leg === 'proof') response.writeHead(401, { 'WWW-Authenticate': 'Legs YWdhaW4=' }).end();
      return leg === 'proof';
    },
  });
  await refused(client(judge.url, { schemes: schemes() }).get('/'));
  expect(shown(judge).slice(1)).toEqual(Array(5).fill([2, 'ours', 401]));
});

test('SEC-70 a wrong password costs two messages, its provider is told, and the next request sends none', async () => {
  const judge = await legsJudge();
  const provider = spy({ username: 'alice', password: 'wrong' });
  const http = client(judge.url, { schemes: schemes(), providers: [provider] });
  await refused(http.get('/one'));
  await refused(http.get('/two'));
  expect(shown(judge)).toEqual([
    [1, 'bare', 401],
    [2, 'ours', 401],
    [2, 'ours', 401],
    [1, 'bare', 401],
  ]);
  expect(provider.told).toEqual([['reject', 'alice']]);
});

test('SEC-70 twenty requests with a wrong password send it once', async () => {
  const judge = await legsJudge({ users: { alice: 'changed' } });
  const http = client(judge.url, { schemes: schemes() });
  const statuses = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => (await refused(http.get(`/${i}`))).status),
  );
  expect(statuses).toEqual(Array(20).fill(401));
  expect(shown(judge).filter(([, whose]) => whose === 'ours')).toHaveLength(2);
});

test('SEC-70 a connection that is authenticated no more costs one new handshake, on a connection that is new', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes() });
  await Promise.all([http.get('/one'), http.get('/other')]);
  const before = judge.openNumbers();
  judge.lapse();
  judge.requests.length = 0;
  const { data } = await http.get('/two');
  expect(before).not.toContain(data.socket);
  expect(shown(judge).map(([, whose, status]) => [whose, status])).toEqual([
    ['bare', 401],
    ['ours', 401],
    ['ours', 200],
  ]);
  const lapsed = judge.requests[0]?.socket;
  judge.requests.length = 0;
  await Promise.all([http.get('/three'), http.get('/four')]);
  expect(judge.requests.map(({ socket }) => socket)).not.toContain(lapsed);
  expect(judge.openNumbers()).not.toContain(lapsed);
});

test('SEC-70 a password that was changed at the server: no connection of the old one is left, and it goes out once more', async () => {
  const users = { alice: 'wonderland' };
  const judge = await legsJudge({ users });
  const http = client(judge.url, { schemes: schemes() });
  await Promise.all(Array.from({ length: 5 }, (_, number) => http.get(`/${number}`)));
  expect(judge.authenticated()).toBeGreaterThan(1);
  users.alice = 'changed';
  judge.lapse();
  judge.requests.length = 0;
  await Promise.all(Array.from({ length: 3 }, (_, number) => refused(http.get(`/${number}`))));
  expect(shown(judge).filter(([, whose]) => whose === 'ours')).toHaveLength(2);
  judge.requests.length = 0;
  await refused(http.get('/later'));
  expect(shown(judge).map(([, whose, status]) => [whose, status])).toEqual([['bare', 401]]);
  await until(() => judge.authenticated() === 0);
});

test('SEC-70 a refusal closes every connection of the credential, those that the server still lets in as well', async () => {
  const users: Record<string, string> = { alice: 'wonderland', bob: 'builder' };
  const judge = await legsJudge({ users });
  const http = client(judge.url, { schemes: schemes() });
  const bobs = { challenge: { providers: [spy({ username: 'bob', password: 'builder' })] } };
  await Promise.all([...Array.from({ length: 4 }, (_, number) => http.get(`/${number}`)), http.get('/bob', bobs)]);
  const { data } = await http.get('/last');
  users.alice = 'changed';
  judge.lapse(data.socket);
  expect(judge.authenticated()).toBeGreaterThan(2);
  await refused(http.get('/refused'));
  const begun = Date.now();
  await until(() => judge.authenticated() === 1 || Date.now() - begun > 2000);
  // At once, and not because they were idle for too long.
  expect(Date.now() - begun).toBeLessThan(1000);
  expect((await http.get('/bob', bobs)).data.user).toBe('bob');
});

test.each([
  ['http', undefined],
  ['https', selfSigned()],
])('SEC-70 over %s, no message of a handshake is found in what the caller gets', async (_, tls) => {
  const judge = await legsJudge(tls ? { tls } : {});
  const httpsAgent = new https.Agent({ keepAlive: true, ca: selfSigned().cert });
  afterwards(() => httpsAgent.destroy());
  const http = client(judge.url, { schemes: schemes() }, { httpsAgent });
  const wrong = { challenge: { providers: [spy({ username: 'bob', password: 'wrong' })] } };
  const got = [
    await http.get('/one'),
    await http.get('/two', { maxRedirects: 0 }),
    await http.get('/three', { responseType: 'stream' }),
    await failure(http.get('/four', { ...wrong, url: '/four' })),
  ];
  const messages = judge.requests.flatMap(({ authorization }) => (authorization ? [authorization.slice(5)] : []));
  expect(messages.length).toBeGreaterThan(3);
  for (const one of got) {
    const text = inspect(one, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null });
    expect(messages.filter((message) => text.includes(message))).toEqual([]);
  }
});
