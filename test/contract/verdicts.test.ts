/** When every provider is asked and told: only after a 401 of the origin that was addressed, and only what was proven. */

import { explain, type Provider } from '../../src/index.js';
import type { ChallengeServerOptions } from '../../src/testing/challenge-server.js';
import { client, plainServer, server, statuses } from '../support/stage.js';
import { MAKERS, type Maker, SECRET } from './makers.js';

interface Calls {
  get: number;
  approve: number;
  reject: number;
}

const NEVER: Calls = { get: 0, approve: 0, reject: 0 };
const UNTOLD: Calls = { get: 1, approve: 0, reject: 0 };

/** A provider that counts what it is asked and told. A chain that is wrapped is asked itself. */
function counted(provider: Provider): Provider & { readonly calls: Calls } {
  const calls = { ...NEVER };
  return {
    ...provider,
    calls,
    get: (request) => {
      calls.get += 1;
      return provider.get(request);
    },
    approve: async (request, credential) => {
      calls.approve += 1;
      await provider.approve?.(request, credential);
    },
    reject: async (request, credential) => {
      calls.reject += 1;
      await provider.reject?.(request, credential);
    },
  };
}

/** What a client with this provider gets, whatever it is; no word of it may hold the secret. */
async function visit(url: string, provider: Provider, config: object = {}): Promise<void> {
  const outcome: unknown = await client(url, { providers: [provider] })
    .get('/', { validateStatus: null, ...config })
    .catch((error) => error);
  expect(explain(outcome)).not.toContain(SECRET);
}

/** What lets in whoever has what is held, a password or a token. */
const LETS_IN = {
  password: { users: { alice: SECRET } },
  token: { tokens: [SECRET], protect: { scheme: 'bearer' } },
} as const;

/** The same with another password, or another token. */
const REFUSES = { password: { users: { alice: 'another' } }, token: { tokens: ['another'] } } as const;

describe.each(Object.entries<Maker>(MAKERS))('%s', (_, { kind = 'password', ...maker }) => {
  const guard = (options: ChallengeServerOptions = {}) => server({ ...LETS_IN[kind], ...options });

  test('is not asked before a 401', async () => {
    const open = await guard({ protect: {} });
    const provider = counted(await maker.holding(open.url));
    await visit(open.url, provider);
    expect(provider.calls).toEqual(NEVER);
  });

  test('is not asked for another origin than the one that was addressed', async () => {
    const other = await guard();
    const first = await plainServer((_request, response) => response.writeHead(302, { Location: other.url }).end());
    const provider = counted(await maker.holding(other.url));
    await visit(first.url, provider);
    expect(statuses(other)).toEqual([401]);
    expect(provider.calls).toEqual(NEVER);
  });

  test('hears once that its credential was accepted', async () => {
    const guarded = await guard();
    const provider = counted(await maker.holding(guarded.url));
    const instance = client(guarded.url, { providers: [provider] });
    await instance.get('/');
    await instance.get('/');
    expect(provider.calls).toEqual({ get: 1, approve: 1, reject: 0 });
  });

  test('hears once that its credential was refused', async () => {
    const guarded = await guard(REFUSES[kind]);
    const provider = counted(await maker.holding(guarded.url));
    await visit(guarded.url, provider, { challenge: { maxCredentials: 1 } });
    expect(statuses(guarded)).toEqual([401, 401]);
    expect(provider.calls).toEqual({ get: 1, approve: 0, reject: 1 });
  });

  test.each([403, 500, 503])('hears nothing after a %i', async (status) => {
    const guarded = await guard({ onAuthenticated: (_received, response) => void response.writeHead(status).end() });
    const provider = counted(await maker.holding(guarded.url));
    await visit(guarded.url, provider);
    expect(statuses(guarded)).toEqual([401, status]);
    expect(provider.calls).toEqual(UNTOLD);
  });

  // A token has no nonce.
  const testNonces = kind === 'password' ? test : () => {};
  testNonces('hears nothing while every nonce is stale', async () => {
    const guarded = await guard({ protect: { scheme: 'digest', alwaysStale: true } });
    const provider = counted(await maker.holding(guarded.url));
    await visit(guarded.url, provider);
    expect(provider.calls).toEqual(UNTOLD);
  });

  test('hears nothing after a network error', async () => {
    const guarded = await guard({ onAuthenticated: (_received, response) => void response.destroy() });
    const provider = counted(await maker.holding(guarded.url));
    await visit(guarded.url, provider);
    // A GET that met a closed connection goes once more (RFC 9112 §9.3.1).
    expect(guarded.requests).toHaveLength(3);
    expect(provider.calls).toEqual(UNTOLD);
  });

  test('hears nothing after an abort', async () => {
    const leaving = new AbortController();
    const guarded = await guard({ onAuthenticated: () => leaving.abort() });
    const provider = counted(await maker.holding(guarded.url));
    await visit(guarded.url, provider, { signal: leaving.signal });
    expect(guarded.requests).toHaveLength(2);
    expect(provider.calls).toEqual(UNTOLD);
  });

  test('hears nothing of a 401 that is about another space', async () => {
    const { url, requests } = await plainServer(({ headers }, response) => {
      const challenge = `${kind === 'token' ? 'Bearer' : 'Basic'} realm="files"`;
      response.writeHead(401, headers.authorization ? {} : { 'WWW-Authenticate': challenge }).end();
    });
    const provider = counted(await maker.holding(url));
    await visit(url, provider);
    expect(requests).toHaveLength(2);
    expect(provider.calls).toEqual(UNTOLD);
  });
});
