/** Stories that random ones have ended in: what servers do with nonces must not make a right credential a wrong one. */

import { explain, installAuth } from '../../src/index.js';
import type { ChallengeServer } from '../../src/testing/challenge-server.js';
import { expiredLimits } from '../support/limits.js';
import { bob, proxyServer, through } from '../support/proxy.js';
import { alice, bare, client, failure, server, spy, until } from '../support/stage.js';

const times = (count: number) => Array.from({ length: count }, (_, i) => i);

/** The pairs of nonce and nc that a server saw. */
function uses({ requests }: ChallengeServer): string[] {
  return requests.flatMap(({ nonce, nc }) => (nonce === undefined ? [] : [`${nonce} ${nc}`]));
}

test('a session that ends with a wrong rspauth leaves its nc to the next one, if the nonce stays', async () => {
  const guarded = await server({ protect: { scheme: 'digest', sharedNonce: true, rspauth: 'wrong' } });
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] });
  for (const _ of times(2)) await expect(instance.get('/')).rejects.toMatchObject({ code: 'ERR_AUTH_MUTUAL' });
  expect(guarded.requests.flatMap(({ nc }) => nc ?? [])).toEqual([1, 2]);
  expect(provider.told.filter(([verdict]) => verdict === 'reject')).toEqual([]);
});

test('if two algorithms are offered, the challenge of the answered algorithm says whether the nonce is stale', async () => {
  const guarded = await server({
    protect: [
      { scheme: 'digest', algorithm: 'MD5' },
      { scheme: 'digest', algorithm: 'SHA-256', alwaysStale: true },
    ],
  });
  const provider = spy(alice);
  const error = await failure(client(guarded.url, { providers: [provider] }).get('/'));
  expect(explain(error)).toContain('ERR_AUTH_STALE');
  expect(provider.told).toEqual([]);
});

test('a nextnonce for one request does not disturb requests that are under way with the same nonce', async () => {
  const held = new Map<string, () => void>();
  const guarded = await server({
    protect: { scheme: 'digest', sharedNonce: true, nextnonce: 'always', ncOrder: 'strict' },
    onRequest: async ({ url = '' }) => {
      if (/^.(early|late|last)$/.test(url)) await new Promise<void>((resolve) => held.set(url, resolve));
    },
  });
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] });
  const passOn = async (path: string) => {
    await until(() => held.has(path));
    held.get(path)?.();
    held.delete(path);
  };
  await instance.get('/');
  const [early, late, last] = ['/early', '/late', '/last'].map((path) => instance.get(path));
  await until(() => held.size === 3);
  // What comes late first breaks the order, so that from then on each has a nonce to itself.
  await passOn('/late');
  await passOn('/late');
  await late;
  await passOn('/early');
  await early;
  await passOn('/last');
  await passOn('/last');
  await last;
  expect(provider.told).toEqual([['approve', 'alice']]);
});

test('an nc that a redirect has shown to the origin is not sent again, although the proxy kept the hop', async () => {
  const guarded = await server({
    onAuthenticated: ({ nc }, response) => {
      if (nc === 1) response.writeHead(307, { Location: '/' }).end();
      else response.end('in');
    },
  });
  const proxy = await proxyServer({ protect: { scheme: 'digest', nonceUses: 2 } });
  const provider = spy(alice);
  const instance = bare(guarded.url, { proxy: through(proxy) });
  const forBoth = {
    ...provider,
    get: (request: never) => ((request as { proxy: boolean }).proxy ? bob : provider.get(request)),
  };
  installAuth(instance, { providers: [forBoth] });
  expect((await instance.get('/')).status).toBe(200);
  expect(new Set(uses(guarded)).size).toBe(uses(guarded).length);
  expect(provider.told.filter(([verdict]) => verdict === 'reject')).toEqual([]);
});

test('no request waits for the nonce of a request that got a 407 from the origin', async () => {
  const guarded = await server({
    protect: { scheme: 'digest', ncOrder: 'strict' },
    onRequest: async () => {
      for (let turn = 0; turn < Math.random() * 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
    onAuthenticated: ({ url }, response) => void response.writeHead(url === '/odd' ? 407 : 200).end(),
  });
  const instance = client(guarded.url, {}, { validateStatus: null });
  for (const _ of times(6)) await Promise.all(times(10).map((i) => instance.get(`/${i}`)));
  // As many as there are nonces by now.
  for (const _ of times(40)) await instance.get('/odd');
  const expired = expiredLimits();
  expect((await instance.get('/')).status).toBe(200);
  expect(expired).toEqual([]);
});
