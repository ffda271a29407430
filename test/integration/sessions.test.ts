/** After one handshake the rest is free: nonces, concurrency, memory. */

import { spawn } from 'node:child_process';
import http from 'node:http';
import { installAuth, staticCredential } from '../../src/index.js';
import type { ChallengeServer } from '../../src/testing/challenge-server.js';
import { ROOT } from '../support/program.js';
import { afterwards, alice, bare, client, failure, plainServer, server, spy, statuses } from '../support/stage.js';

/** The pairs of nonce and nc that the server saw. */
function uses({ requests }: ChallengeServer): string[] {
  return requests.flatMap(({ nonce, nc }) => (nonce === undefined ? [] : [`${nonce} ${nc}`]));
}

const times = (count: number) => Array.from({ length: count }, (_, i) => i);

test('N sequential requests cost N + 1', async () => {
  const guarded = await server();
  const instance = client(guarded.url);
  for (const i of times(100)) await instance.get(`/${i}`);
  expect(guarded.requests).toHaveLength(101);
});

test('100 cold requests at once: one lookup, no nc twice, all answered; then one send each', async () => {
  const guarded = await server();
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] });
  await Promise.all(times(100).map((i) => instance.get(`/${i}`)));
  expect(provider.asked).toHaveLength(1);
  expect(provider.told).toEqual([['approve', 'alice']]);
  expect(guarded.requests.length).toBeLessThanOrEqual(200);
  expect(new Set(uses(guarded)).size).toBe(uses(guarded).length);
  guarded.requests.length = 0;
  await Promise.all(times(100).map((i) => instance.get(`/${i}`)));
  expect(statuses(guarded)).toEqual(times(100).map(() => 200));
});

test.each([
  ['a nonce each', {}],
  ['a nonce for all', { sharedNonce: true }],
  ['no stale flag', { staleFlag: false }],
  ['a nonce for all, no stale flag', { sharedNonce: true, staleFlag: false }],
])('nonces of 10 requests under 50 in flight, %s: all answered, one lookup', async (_, habit) => {
  const guarded = await server({ protect: { scheme: 'digest', nonceUses: 10, ...habit } });
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] });
  await instance.get('/');
  for (let round = 0; round < 6; round += 1) await Promise.all(times(50).map((i) => instance.get(`/${i}`)));
  expect(provider.asked).toHaveLength(1);
  expect(provider.told).toEqual([['approve', 'alice']]);
  expect(new Set(uses(guarded)).size).toBe(uses(guarded).length);
});

const STRICT = [
  ['a plain 401', {}],
  ['stale=true', { staleOnBadNc: true }],
  ['a plain 401, one nonce for all', { sharedNonce: true }],
  ['stale=true, one nonce for all', { staleOnBadNc: true, sharedNonce: true }],
  ['a session key', { algorithm: 'SHA-256-sess' as const, sessKey: 'each' as const }],
] as const;

test.each(STRICT)('a server that wants nc in order (%s) gets nc in order, once that is known', async (_, habit) => {
  const guarded = await unordered({ scheme: 'digest', algorithm: 'SHA-256', ncOrder: 'strict', ...habit });
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] });
  await instance.get('/');
  for (let round = 0; round < 6; round += 1) await Promise.all(times(20).map((i) => instance.get(`/${i}`)));
  guarded.requests.length = 0;
  await Promise.all(times(40).map((i) => instance.get(`/${i}`)));
  expect(statuses(guarded).filter((status) => status === 401)).toEqual([]);
  expect(provider.asked).toHaveLength(1);
  expect(provider.told).toEqual([['approve', 'alice']]);
});

/** The strict server behind a network that mixes up the order of concurrent requests. */
async function unordered(protect: object): Promise<ChallengeServer> {
  let count = 0;
  return server({
    protect: protect as never,
    onRequest: async () => {
      count += 1;
      const turns = (count * 7) % 5;
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
  });
}

test('a request that is aborted while it waits for a nonce leaves the others alone', async () => {
  const guarded = await unordered({ scheme: 'digest', ncOrder: 'strict', sharedNonce: true });
  const instance = client(guarded.url);
  await instance.get('/');
  for (let round = 0; round < 6; round += 1) await Promise.all(times(20).map((i) => instance.get(`/${i}`)));
  const controllers = times(20).map(() => new AbortController());
  const requests = controllers.map(({ signal }, i) => instance.get(`/${i}`, { signal }).catch((error: Error) => error));
  for (const i of times(10)) controllers[2 * i]?.abort();
  const outcomes = await Promise.all(requests);
  expect(outcomes.filter((_, i) => i % 2 === 1).map((outcome) => 'status' in outcome && outcome.status)).toEqual(
    times(10).map(() => 200),
  );
  await expect(instance.get('/')).resolves.toMatchObject({ status: 200 });
});

test('nextnonce moves the space on, without a lookup', async () => {
  const guarded = await server({ protect: { scheme: 'digest', nextnonce: 'always' } });
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] });
  for (const i of times(5)) await instance.get(`/${i}`);
  expect(statuses(guarded)).toEqual([401, 200, 200, 200, 200, 200]);
  expect(new Set(guarded.requests.map(({ nonce }) => nonce)).size).toBe(6);
  await Promise.all(times(50).map((i) => instance.get(`/${i}`)));
  expect(provider.asked).toHaveLength(1);
});

test('a late stale answer does not move the space back', async () => {
  let hold: (() => void) | undefined;
  const guarded = await server({
    protect: { scheme: 'digest', nonceUses: 1 },
    onRequest: async ({ url }) => {
      if (url === '/slow' && hold === undefined)
        await new Promise<void>((resolve) => {
          hold = resolve;
        });
    },
  });
  const instance = client(guarded.url);
  await instance.get('/');
  const slow = instance.get('/slow');
  while (!hold) await new Promise((resolve) => setImmediate(resolve));
  await instance.get('/fast');
  const moved = guarded.requests.at(-1)?.nonce;
  hold();
  await slow;
  guarded.requests.length = 0;
  await instance.get('/next');
  // The nonce that /fast brought was its own; one use each, so the next request has to renew it and not /slow's.
  expect(guarded.requests[0]?.nonce).toBe(moved);
});

test('a rotated password: the old password is dropped, and the new password is asked for once', async () => {
  const users = { alice: 'wonderland' };
  const guarded = await server({ users });
  const provider = spy(alice, { username: 'alice', password: 'looking-glass' });
  const instance = client(guarded.url, { providers: [provider] });
  await instance.get('/');
  users.alice = 'looking-glass';
  await Promise.all(times(10).map((i) => instance.get(`/${i}`)));
  expect(provider.asked).toHaveLength(2);
  expect(provider.told.map(([verdict]) => verdict)).toEqual(['approve', 'reject', 'approve']);
});

test('a failed lookup fails its waiters once, and is not remembered', async () => {
  const guarded = await server();
  let calls = 0;
  const provider = {
    name: 'late',
    get: () => (calls++ === 0 ? new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined))) : alice),
  };
  const instance = client(guarded.url, { providers: [provider] });
  const first = await Promise.all(
    times(5).map((i) =>
      failure(instance.get(`/${i}`)).then(
        () => 401,
        () => 200,
      ),
    ),
  );
  expect(first).toContain(401);
  await expect(instance.get('/')).resolves.toMatchObject({ status: 200 });
});

test('a downgrade is noticed under another realm too, on the path that offered Digest', async () => {
  let basic = false;
  const guarded = await server({
    onRequest: (_, response) => {
      if (basic) response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="another"' }).end();
      return basic;
    },
  });
  const instance = client(guarded.url);
  await instance.get('/report');
  basic = true;
  await failure(instance.get('/report'));
  expect(guarded.requests.filter(({ headers }) => headers.authorization?.startsWith('Basic'))).toEqual([]);
});

test('8 processes side by side cost one extra request each', async () => {
  const guarded = await server();
  const script = `
    import axios from 'axios';
    import { installAuth, staticCredential } from './src/index.ts';
    const client = axios.create({ baseURL: process.argv[1], proxy: false });
    installAuth(client, { providers: [staticCredential({ username: 'alice', password: 'wonderland' })] });
    for (let i = 0; i < 5; i += 1) await client.get('/' + i);`;
  const run = () =>
    new Promise<number | null>((resolve) => {
      const args = ['--import', 'tsx', '--input-type=module', '-e', script, guarded.url];
      spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '' }, stdio: 'ignore' }).on(
        'close',
        resolve,
      );
    });
  expect(await Promise.all(times(8).map(run))).toEqual(times(8).map(() => 0));
  expect(guarded.requests).toHaveLength(8 * 6);
  // Each process compiles the source for itself.
}, 120_000);

test('the memory of origins is bounded', async () => {
  const { Spaces } = await import('../../src/exchange/memory/spaces.js');
  const spaces = new Spaces();
  const challenge = (realm: string) => ({ scheme: 'basic', params: { realm } });
  for (const i of times(100_000)) spaces.of(`http://${i}.example`, challenge('r'));
  for (const i of times(10_000)) spaces.of('http://one.example', challenge(`${i}`));
  expect(spaces.size).toBeLessThanOrEqual(1000);
});

test('Basic and Digest in one origin keep to their paths, the longest first', async () => {
  const guarded = await server({
    protect: { '/': { scheme: 'digest', realm: 'all' }, '/deep/er': { scheme: 'basic', realm: 'deeper' } },
  });
  // One account in both: without this Basic would be a downgrade (SEC-39).
  const instance = client(guarded.url, { allowInsecure: [guarded.url] });
  for (const path of ['/', '/deep/er/a', '/x', '/deep/er/b', '/deep/c', '/deep/er/d']) await instance.get(path);
  expect(statuses(guarded).filter((status) => status === 401)).toHaveLength(2);
});

test('Basic and Digest in one origin, each with an account of its own, keep to their paths', async () => {
  const guarded = await server({
    users: { alice: alice.password, bob: 'builder' },
    protect: { '/': { scheme: 'digest', realm: 'all' }, '/deep/er': { scheme: 'basic', realm: 'deeper' } },
  });
  const bob = { username: 'bob', password: 'builder' };
  const byRealm = { name: 'by realm', get: ({ realm }: { readonly realm: string }) => (realm === 'all' ? alice : bob) };
  const instance = client(guarded.url, { providers: [byRealm] });
  for (const path of ['/', '/deep/er/a', '/x', '/deep/er/b', '/deep/c', '/deep/er/d']) await instance.get(path);
  expect(statuses(guarded).filter((status) => status === 401)).toHaveLength(2);
});

test('a keep-alive agent with one socket serves many requests at once', async () => {
  const guarded = await server();
  const httpAgent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  afterwards(() => httpAgent.destroy());
  const instance = client(guarded.url, {}, { httpAgent });
  await Promise.all(times(20).map((i) => instance.get(`/${i}`)));
  expect(guarded.requests.length).toBeLessThanOrEqual(40);
});

test('two clients share nothing', async () => {
  const guarded = await server();
  const [one, other] = [bare(guarded.url), bare(guarded.url)];
  installAuth(one, { providers: [staticCredential(alice)] });
  installAuth(other, { providers: [] });
  await one.get('/');
  await failure(other.get('/'));
});

test('a network error gives no verdict, and the session stays', async () => {
  let broken = false;
  const plain = await plainServer((request, response) => {
    if (broken) return void response.destroy();
    if (request.headers.authorization) response.end();
    else response.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end();
  });
  const provider = spy(alice);
  const instance = client(plain.url, { providers: [provider] });
  await instance.get('/');
  broken = true;
  await expect(instance.get('/')).rejects.toMatchObject({ isAxiosError: true });
  broken = false;
  await instance.get('/');
  expect(provider.asked).toHaveLength(1);
  expect(provider.told).toEqual([['approve', 'alice']]);
});
