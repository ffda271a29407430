/** Requests to a space that is known, on a server whose responses say nothing of the credential: one send each, as recorded. */

import http from 'node:http';
import { explain, installAuth, trace } from '../../src/index.js';
import type { ChallengeServerOptions } from '../../src/testing/challenge-server.js';
import { alice, bare, client, refused, server, spy, statuses, until } from '../support/stage.js';

const SILENT = { scheme: 'digest', rspauth: false } as const;

/** A server that a client has been let in to. */
async function known(options: ChallengeServerOptions = {}) {
  const guarded = await server({ protect: SILENT, ...options });
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] });
  await instance.get('/');
  guarded.requests.length = 0;
  return { guarded, instance, provider };
}

test('the record is that of an exchange', async () => {
  const { guarded, instance } = await known();
  const response = await instance.post('/report?key=secret', 'text');
  expect(explain(response)).toBe(
    `POST ${guarded.url}/report  ->  200\n  1  sent as alice (Digest MD5, nc 2, at once)        200`,
  );
  const { events = [] } = trace(response) ?? {};
  expect(events.map(({ type }) => type)).toEqual(['send', 'reply', 'verdict', 'end']);
  expect(events.at(-1)).toMatchObject({ status: 200, reason: 'the response is not a 401' });
  expect(trace(response)).toEqual(trace(response));
});

test('the config is given back as it was', async () => {
  const { instance } = await known();
  const { config } = await instance.get('/');
  expect(Object.keys(config)).not.toContain('beforeRedirect');
  expect(Object.keys(config.headers)).not.toContain('Authorization');
});

test.each(['/to', '/from'])('a hop within the space, to %s, is authorized anew, and recorded', async (to) => {
  const { guarded, instance } = await known({
    onAuthenticated: ({ nc }, response) => {
      if (nc === 2) response.writeHead(302, { Location: to }).end();
      else response.end('in');
    },
  });
  const response = await instance.get('/from');
  expect(guarded.requests.map(({ url, nc, status }) => [url, nc, status])).toEqual([
    ['/from', 2, 302],
    [to, 3, 200],
  ]);
  const sends = trace(response)?.events.filter(({ type }) => type === 'send');
  expect(sends).toMatchObject([{ nc: 2, preemptive: true }, { nc: 3 }]);
});

test('a hop to another origin keeps nothing, and its challenge is not answered', async () => {
  const other = await server({ protect: SILENT });
  const { guarded, instance, provider } = await known({
    onAuthenticated: ({ url }, response) => {
      if (url === '/from') response.writeHead(302, { Location: `${other.url}/to` }).end();
      else response.end('in');
    },
  });
  const response = await instance.get('/from', { validateStatus: null });
  expect(explain(response)).toContain('ERR_AUTH_ORIGIN');
  expect(other.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
  expect(statuses(guarded)).toEqual([302]);
  expect(provider.asked).toHaveLength(1);
});

test('an open page of another origin does not prove the credential', async () => {
  const other = await server({ protect: {} });
  const guarded = await server({
    protect: { scheme: 'basic' },
    onAuthenticated: ({ url }, response) => {
      if (url === '/from') response.writeHead(302, { Location: other.url }).end();
      else response.end('in');
    },
  });
  const instance = client(guarded.url);
  await instance.get('/');
  const response = await instance.get('/from');
  expect(response.status).toBe(200);
  expect(trace(response)?.events).toEqual(
    expect.arrayContaining([expect.objectContaining({ type: 'verdict', verdict: 'silent' })]),
  );
});

test('a transport that follows redirects by itself is no proof either', async () => {
  const { url } = await server({ protect: {} });
  const { instance } = await known();
  const elsewhere = (options: http.RequestOptions, listener: (response: http.IncomingMessage) => void) =>
    http.request({ ...options, port: new URL(url).port }, (response) =>
      listener(Object.assign(response, { responseUrl: `${url}/` })),
    );
  const response = await instance.get('/', { transport: { request: elsewhere }, maxRedirects: 0 });
  expect(trace(response)?.events).toEqual(
    expect.arrayContaining([expect.objectContaining({ type: 'verdict', verdict: 'silent' })]),
  );
});

test.each([true, false])('an expired nonce is renewed in one round trip (with stale: %s)', async (staleFlag) => {
  const { guarded, instance, provider } = await known({ protect: { ...SILENT, nonceUses: 2, staleFlag } });
  await instance.get('/');
  guarded.requests.length = 0;
  await instance.post('/', 'text');
  expect(guarded.requests.map(({ status, body }) => [status, body.toString()])).toEqual([
    [401, 'text'],
    [200, 'text'],
  ]);
  expect(provider.asked).toHaveLength(1);
});

test('a password that was changed is told to the provider, and the next one is tried', async () => {
  const users: Record<string, string> = { alice: 'wonderland' };
  const guarded = await server({ users, protect: SILENT });
  const provider = spy(alice, { username: 'alice', password: 'looking-glass' });
  const instance = client(guarded.url, { providers: [provider] });
  await instance.get('/');
  users.alice = 'looking-glass';
  expect((await instance.get('/')).status).toBe(200);
  expect(provider.told.map(([verdict]) => verdict)).toEqual(['approve', 'reject', 'approve']);
});

test("a 404 is the server's own, and the space stays known", async () => {
  const { guarded, instance } = await known({
    onAuthenticated: ({ url }, response) => void response.writeHead(url === '/gone' ? 404 : 200).end(),
  });
  const response = await instance.get('/gone', { validateStatus: null });
  expect(response.status).toBe(404);
  expect(explain(response)).toContain('says nothing about the credential');
  await instance.get('/');
  expect(statuses(guarded)).toEqual([404, 200]);
});

test("a connection that breaks twice is axios's error, and what was sent is on record", async () => {
  const { guarded, instance, provider } = await known({
    onAuthenticated: ({ url }, response) => {
      if (url === '/broken') response.socket?.destroy();
      else response.end('in');
    },
  });
  const error: unknown = await instance.get('/broken').catch((reason) => reason);
  expect(error).toMatchObject({ code: 'ECONNRESET' });
  expect(explain(error)).toContain('1  sent as alice (Digest MD5, nc 2, at once)        no response: the connection');
  expect(explain(error)).toContain('2  sent as alice (Digest MD5, nc 3)                 no response');
  await instance.get('/');
  expect(guarded.requests.map(({ nc }) => nc)).toEqual([2, 3, 4]);
  expect(provider.told).toEqual([['approve', 'alice']]);
});

test('a request that asks for a proof later gets a proof, or an error', async () => {
  const guarded = await server({ protect: SILENT });
  const instance = client(guarded.url);
  await instance.get('/');
  const asking = instance.get('/', { challenge: { mutual: 'require' } });
  await expect(asking).rejects.toMatchObject({ code: 'ERR_AUTH_MUTUAL' });
});

test('a client that asks for proofs gets a proof with every response', async () => {
  let isProven = true;
  const guarded = await server({
    onAuthenticated: (_, response) => {
      if (!isProven) response.removeHeader('Authentication-Info');
      response.end('in');
    },
  });
  const instance = bare(guarded.url);
  installAuth(instance, { providers: [spy(alice)], mutual: 'require' });
  await instance.get('/');
  isProven = false;
  await expect(instance.get('/')).rejects.toMatchObject({ code: 'ERR_AUTH_MUTUAL' });
});

test('concurrent requests continue the count of one nonce', async () => {
  const { guarded, instance } = await known();
  await Promise.all(Array.from({ length: 20 }, (_, i) => instance.get(`/${i}`)));
  expect(guarded.requests.map(({ nc }) => nc).sort((a, b) => Number(a) - Number(b))).toEqual(
    Array.from({ length: 20 }, (_, i) => i + 2),
  );
});

test('sequential requests do not make later concurrent requests take turns', async () => {
  let here = 0;
  let isHeld = false;
  const { instance } = await known({
    protect: { ...SILENT, nonceUses: 5 },
    onRequest: async () => {
      here += 1;
      if (isHeld) await until(() => here === 3);
    },
  });
  for (let i = 0; i < 20; i += 1) await instance.get('/');
  here = 0;
  isHeld = true;
  await Promise.all([1, 2, 3].map((i) => instance.get(`/${i}`)));
});

test.each([true, false])('axios itself refuses a URL that no request line can carry (rspauth: %s)', async (rspauth) => {
  const { guarded, instance } = await known({ protect: { scheme: 'digest', rspauth } });
  const request = instance.get('/', { params: { a: 1 }, paramsSerializer: { serialize: () => 'a=\n' } });
  const error: unknown = await request.catch((reason) => reason);
  expect(error).toMatchObject({ code: 'ERR_UNESCAPED_CHARACTERS' });
  expect(explain(error)).toContain('no response');
  expect(guarded.requests).toEqual([]);
});

test('Basic is not sent in advance for a request that requires proof of the server', async () => {
  const guarded = await server({ protect: { scheme: 'basic' } });
  const instance = client(guarded.url);
  await instance.get('/');
  await refused(instance.get('/', { challenge: { mutual: 'require' } }));
  expect(guarded.requests.map(({ status, authorization }) => [status, authorization !== undefined])).toEqual([
    [401, false],
    [200, true],
    [401, false],
  ]);
});
