/** What is remembered of refusals holds for proxies, for the fetch adapter, and for servers that change their ways (SEC-36, SEC-37). */

import type http from 'node:http';
import { installAuth } from '../../src/index.js';
import { through } from '../support/proxy.js';
import { bare, client, plainServer, spy, until } from '../support/stage.js';

const wrong = { username: 'alice', password: 'wrong' };
const times = (count: number) => Array.from({ length: count }, (_, i) => i);
const quiet = { validateStatus: null };

const sent = (requests: readonly http.IncomingMessage[]) =>
  requests.filter(({ headers }) => headers.authorization ?? headers['proxy-authorization']).length;

test.each([
  ['without a challenge', undefined, 1],
  ["with another realm's", 'Basic realm="other"', 2],
  ["with another scheme's", 'Negotiate', 1],
] as const)('SEC-36 a second 407 %s: a password for the proxy is sent as rarely', async (_, challenge, most) => {
  const proxy = await plainServer(({ headers }, response) => {
    const asked = headers['proxy-authorization'] ? challenge : 'Basic realm="p"';
    response.writeHead(407, asked ? { 'Proxy-Authenticate': asked } : {}).end();
  });
  const instance = bare('http://files.invalid', { ...quiet, proxy: through(proxy) });
  installAuth(instance, { providers: [spy(wrong)] });
  for (const i of times(10)) await instance.get(`/${i}`);
  await Promise.all(times(10).map((i) => instance.get(`/${i}`)));
  expect(sent(proxy.requests)).toBe(most);
});

test('SEC-37 a proxy that never answers is sent a password three times', async () => {
  const proxy = await plainServer(({ headers }, response) => {
    if (!headers['proxy-authorization']) response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="p"' }).end();
  });
  const instance = bare('http://files.invalid', { timeout: 150, proxy: through(proxy) });
  installAuth(instance, { providers: [spy(wrong)] });
  for (const i of times(10)) await instance.get(`/${i}`).catch(() => {});
  await Promise.allSettled(times(10).map((i) => instance.get(`/${i}`)));
  expect(sent(proxy.requests)).toBeLessThanOrEqual(3);
});

test('SEC-36 with the fetch adapter, a body and a long 401, the password is sent once', async () => {
  const plain = await plainServer(({ headers }, response) => {
    if (headers.authorization) response.writeHead(401).end('x'.repeat(100_000));
    else response.writeHead(401, { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth-int"' }).end();
  });
  const instance = client(plain.url, { providers: [spy(wrong)] }, { ...quiet, adapter: 'fetch' });
  await Promise.all(times(15).map((i) => instance.post(`/${i}`, { a: 1 })));
  expect(sent(plain.requests)).toBe(1);
});

test('SEC-36 a server that refuses in another way each time gets no more sends', async () => {
  let count = 0;
  const plain = await plainServer(({ headers }, response) => {
    count += 1;
    const kind = headers.authorization ? count % 4 : 4;
    const realm = kind === 1 ? `new ${count}` : 'r';
    const challenge = `Digest realm="${realm}", nonce="${count}", qop="auth"${kind === 2 ? ', stale=true' : ''}`;
    if (kind === 0) response.writeHead(401).end();
    else if (kind !== 3) response.writeHead(401, { 'WWW-Authenticate': challenge }).end();
  });
  const instance = client(plain.url, { providers: [spy(wrong)] }, { ...quiet, timeout: 200 });
  for (const i of times(30)) await instance.get(`/${i}`).catch(() => {});
  expect(sent(plain.requests)).toBeLessThanOrEqual(6);
});

test('SEC-37 a right password stays in use at a slow server: after timeouts, and beside a long poll', async () => {
  let count = 0;
  let release = () => {};
  const plain = await plainServer(({ headers, url }, response) => {
    if (!headers.authorization) response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="r"' }).end();
    else if (url === '/slow') count += 1;
    else if (url === '/poll') release = () => response.end('event');
    else response.end('in');
  });
  const instance = client(plain.url);
  for (const _ of times(2)) await instance.get('/slow', { timeout: 150 }).catch(() => {});
  expect(count).toBe(2);
  expect((await instance.get('/')).status).toBe(200);
  const polling = client(plain.url);
  const poll = polling.get('/poll');
  await until(() => plain.requests.some(({ url, headers }) => url === '/poll' && headers.authorization));
  const others = await Promise.all(times(5).map((i) => polling.get(`/${i}`, { timeout: 500 })));
  expect(others.map(({ status }) => status)).toEqual(times(5).map(() => 200));
  release();
  expect((await poll).status).toBe(200);
});
