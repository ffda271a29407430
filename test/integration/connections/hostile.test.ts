/** Servers that close, ask without end, refuse or forget, while a connection is authenticated. */

import { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CanceledError } from 'axios';
import { explain, installAuth, staticCredential } from '../../../src/index.js';
import { legs, legsJudge } from '../../support/legs.js';
import { afterwards, alice, bare, client, failure, until } from '../../support/stage.js';

const schemes = () => [legs()];

test('a server that closes idle connections: the next request shakes hands again', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes() });
  await http.get('/one');
  for (const socket of judge.openSockets) socket.destroy();
  expect((await http.get('/two')).data.user).toBe('alice');
  await http.get('/three');
  for (const socket of judge.openSockets) socket.end();
  await sleep(20);
  expect((await http.post('/four', 'body')).data).toMatchObject({ user: 'alice', body: 'body' });
  expect(judge.requests.filter(({ status }) => status === 200).map(({ url }) => url)).toEqual([
    '/one',
    '/two',
    '/three',
    '/four',
  ]);
});

test('a request that meets the end of an idle connection is sent again where it may be', async () => {
  let closes = false;
  const judge = await legsJudge({
    before: ({ request, leg }) => {
      if (closes && leg === 'none' && request.url === '/two') {
        closes = false;
        request.socket.destroy();
        return true;
      }
      return false;
    },
  });
  const http = client(judge.url, { schemes: schemes() });
  await http.get('/one');
  closes = true;
  expect((await http.get('/two')).data.user).toBe('alice');
  closes = true;
  await expect(http.post('/two', 'once')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(judge.requests.filter(({ body }) => body === 'once')).toEqual([]);
});

test('a caller who leaves between the legs leaves no connection behind', async () => {
  const controller = new AbortController();
  const judge = await legsJudge({
    before: ({ response, leg }) => {
      if (leg === 'hello') response.on('finish', () => controller.abort());
      return false;
    },
  });
  const http = client(judge.url, { schemes: schemes() });
  await expect(http.get('/', { signal: controller.signal })).rejects.toThrow(CanceledError);
  await until(() => judge.openSockets.size <= 1);
  expect(judge.requests.every(({ status }) => status === 401)).toBe(true);
});

/** A client that may have one connection, which is held by a response that comes when `release` is called. */
async function occupied() {
  const held: Array<() => void> = [];
  const judge = await legsJudge({
    before: ({ request, response }) => {
      if (request.url !== '/held') return false;
      response.writeHead(200);
      response.write('part');
      held.push(() => response.end());
      return true;
    },
  });
  const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
  afterwards(() => httpAgent.destroy());
  const http = client(judge.url, { schemes: schemes() }, { httpAgent });
  await http.get('/first');
  const { data } = await http.get('/held', { responseType: 'stream' });
  const release = () => {
    for (const end of held) end();
    data.resume();
  };
  return { judge, http, data, release };
}

test('those who wait for a connection get it in order, and one who leaves the queue gets none', async () => {
  const { judge, http, release } = await occupied();
  const controller = new AbortController();
  const [second, left, third] = [
    http.get('/second'),
    http.get('/left', { signal: controller.signal }),
    http.get('/third'),
  ];
  await sleep(50);
  controller.abort();
  await expect(left).rejects.toThrow(CanceledError);
  release();
  await Promise.all([second, third]);
  expect(judge.requests.slice(3).map(({ url, socket, status }) => [url, socket, status])).toEqual([
    ['/held', 2, 200],
    ['/second', 2, 200],
    ['/third', 2, 200],
  ]);
});

test("a timeout ends the wait for a connection, and the 401 is the caller's", async () => {
  const { http, release } = await occupied();
  const error = await failure(http.get('/second', { timeout: 200 }));
  expect(explain(error)).toMatch(/every connection that the credential may have was in use for too long/);
  release();
});

test('a connection whose response is not read is given to nobody, and one whose response is destroyed is closed', async () => {
  const { judge, http, data } = await occupied();
  const waiting = http.get('/second');
  await sleep(50);
  expect(judge.requests.map(({ url }) => url)).not.toContain('/second');
  data.destroy();
  expect((await waiting).data).toMatchObject({ user: 'alice', socket: 3 });
  expect(judge.requests.find(({ url, status }) => url === '/second' && status === 200)?.authorization).toBeDefined();
});

test.each(['forget', 'eject'] as const)(
  '%s closes what is idle at once, and what is in use after its response',
  async (how) => {
    const judge = await legsJudge({
      before: ({ request, response }) => {
        if (request.url === '/held') response.writeHead(200);
        if (request.url === '/held') response.write('part');
        return request.url === '/held';
      },
    });
    const http = bare(judge.url);
    const handle = installAuth(http, { schemes: schemes(), providers: [staticCredential(alice)] });
    await Promise.all([http.get('/one'), http.get('/two')]);
    expect(judge.authenticated()).toBe(2);
    const { data } = await http.get('/held', { responseType: 'stream' });
    if (how === 'eject') handle.eject();
    else handle.forget(judge.url);
    await until(() => judge.authenticated() === 1);
    expect(data.destroyed).toBe(false);
    data.destroy();
    await until(() => judge.authenticated() === 0);
  },
);

test('a request that is challenged after eject() keeps no connection', async () => {
  const judge = await legsJudge();
  const http = bare(judge.url);
  const handle = installAuth(http, { schemes: schemes(), providers: [staticCredential(alice)] });
  const first = http.get('/one');
  handle.eject();
  expect((await first).data.user).toBe('alice');
  await sleep(100);
  expect(judge.authenticated()).toBe(0);
});

test('an idle connection is closed after some seconds, and keeps no process alive', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes() });
  await http.get('/one');
  expect(judge.authenticated()).toBe(1);
  const begun = Date.now();
  await until(() => judge.authenticated() === 0);
  expect(Date.now() - begun).toBeLessThan(6000);
});

test('without a limit of the caller, responses that nobody reads keep nobody waiting', async () => {
  const judge = await legsJudge();
  const http = client(judge.url, { schemes: schemes(), providers: [staticCredential(alice)] });
  const unread: Readable[] = [];
  for (let i = 0; i < 10; i += 1) unread.push((await http.get<Readable>(`/${i}`, { responseType: 'stream' })).data);
  expect((await http.get('/last')).data).toMatchObject({ user: 'alice' });
  for (const body of unread) body.destroy();
});
