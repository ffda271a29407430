/** Schemes of others: read once, and computing their authorizations in their own time. */

import type { Answer, Challenge, Scheme } from '../../src/index.js';
import { bearer, digest } from '../../src/index.js';
import { client, plainServer, server } from '../support/stage.js';

/** Digest, which counts what it reads. */
function counting(): Scheme & { readonly read: Scheme['read']; readonly reads: Challenge[] } {
  const own = digest();
  const reads: Challenge[] = [];
  const read = (challenge: Challenge) => {
    reads.push(challenge);
    return own.read(challenge);
  };
  return { ...own, reads, read };
}

test('each challenge is read once, also after a stale nonce', async () => {
  const scheme = counting();
  const guarded = await server({ protect: { scheme: 'digest', nonceUses: 1 } });
  const http = client(guarded.url, { schemes: [scheme] });
  for (let i = 0; i < 3; i += 1) await http.get('/');
  const refusals = guarded.requests.filter(({ status }) => status === 401);
  expect(refusals.length).toBeGreaterThan(1);
  expect(scheme.reads).toHaveLength(refusals.length);
});

/** Bearer, whose authorizations take a turn of the event loop, or for ever. */
function slow(compute: (value: string) => Promise<string> = async (value) => value): Scheme & { computed: number } {
  const own = bearer();
  const scheme = {
    ...own,
    computed: 0,
    read(challenge: Challenge) {
      const offer = own.read(challenge);
      if (!('answer' in offer)) return offer;
      return { ...offer, answer: (credential: Parameters<typeof offer.answer>[0]) => later(offer.answer(credential)) };
    },
  };
  const later = (answer: Answer): Answer => ({
    ...answer,
    authorize: async (request) => {
      scheme.computed += 1;
      const { value } = await answer.authorize(request);
      return { value: await compute(value) };
    },
  });
  return scheme;
}

const token = { name: 'own', get: () => ({ token: 't0' }) };

/** A server with a token, which redirects /old to /new. */
async function api() {
  const started = await plainServer(({ headers, url }, response) => {
    if (headers.authorization !== 'Bearer t0') return response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
    if (url === '/old') return response.writeHead(302, { Location: '/new' }).end();
    return response.end('"let in"');
  });
  const sent = () => started.requests.map(({ url, headers }) => [url, headers.authorization]);
  return { ...started, sent };
}

test('an authorization that is a promise is waited for, after a challenge and before one', async () => {
  const guarded = await api();
  const scheme = slow();
  const http = client(guarded.url, { schemes: [scheme], providers: [token] });
  for (let i = 0; i < 3; i += 1) expect((await http.get('/')).data).toBe('let in');
  expect(guarded.sent()).toEqual([['/', undefined], ...Array(3).fill(['/', 'Bearer t0'])]);
  expect(scheme.computed).toBe(3);
});

test('a redirect hop does not wait: it is sent without an authorization, and its 401 is answered', async () => {
  const guarded = await api();
  const http = client(guarded.url, { schemes: [slow()], providers: [token] });
  expect((await http.get('/old')).data).toBe('let in');
  expect(guarded.sent()).toEqual([
    ['/old', undefined],
    ['/old', 'Bearer t0'],
    ['/new', undefined],
    ['/new', 'Bearer t0'],
  ]);
});

test('a caller who leaves while an authorization is computed leaves at once', async () => {
  const guarded = await api();
  const leaving = new AbortController();
  const scheme = slow(() => {
    setImmediate(() => leaving.abort());
    return new Promise(() => {});
  });
  const http = client(guarded.url, { schemes: [scheme], providers: [token] });
  const error = await http.get('/', { signal: leaving.signal }).catch((reason: { code: string }) => reason);
  expect(error).toMatchObject({ code: 'ERR_CANCELED' });
  expect(guarded.requests).toHaveLength(1);
});

test('an authorization that cannot be computed fails the request with its own error', async () => {
  const guarded = await api();
  const broken = new Error('no ticket');
  const scheme = slow(() => Promise.reject(broken));
  const http = client(guarded.url, { schemes: [scheme], providers: [token] });
  expect(await http.get('/').catch((reason: unknown) => reason)).toBe(broken);
});
