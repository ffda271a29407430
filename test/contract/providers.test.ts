/** What every provider promises. */

import { inspect } from 'node:util';
import { AuthError, type CredentialRequest, explain, type Provider, staticCredential } from '../../src/index.js';
import { client, failure, refused, server } from '../support/stage.js';
import { HOME, MAKERS, type Maker, SECRET } from './makers.js';

function ask(change: Partial<CredentialRequest> = {}): CredentialRequest {
  return { origin: HOME, realm: 'r', scheme: 'digest', proxy: false, url: `${HOME}/`, refused: 0, ...change };
}

/** What it gives, or the error it throws. */
async function outcomeOf(provider: Provider, request = ask()): Promise<unknown> {
  try {
    return await provider.get(request);
  } catch (error) {
    return error;
  }
}

function inState(state: 'empty' | 'broken' | 'hanging') {
  return Object.entries(MAKERS).flatMap(([name, maker]) => {
    const make = maker[state];
    return make ? [[name, make, maker.kind] as const] : [];
  });
}

/** What a server asks of a provider that gives passwords, or tokens. */
const wanted = (kind: Maker['kind']): Partial<CredentialRequest> =>
  kind === 'token' ? { scheme: 'bearer', kind } : {};

const held = (kind: Maker['kind']) => (kind === 'token' ? { token: SECRET } : { username: 'alice', password: SECRET });

/** A server that lets in whoever has what is held. */
function guardedBy(kind: Maker['kind']) {
  return server(kind === 'token' ? { tokens: [SECRET], protect: { scheme: 'bearer' } } : { users: { alice: SECRET } });
}

const OTHER_KINDS = {
  password: [
    ['another account', { username: 'bob' }],
    ['a token', { scheme: 'bearer', kind: 'token' }],
    ['a token under another auth-scheme', { scheme: 'token', kind: 'token' }],
  ],
  token: [
    ['a password', { scheme: 'digest', kind: 'password' }],
    ['a password under another auth-scheme', { scheme: 'pass', kind: 'password' }],
    ['a proxy', { scheme: 'bearer', kind: 'token', proxy: true }],
  ],
} as const;

describe.each(Object.entries<Maker>(MAKERS))('%s', (_, maker) => {
  const { kind } = maker;

  test('has a name', async () => {
    expect((await maker.holding(HOME)).name).toMatch(/^\w+$/);
  });

  test('gives what it holds, to the origin it is for', async () => {
    expect(await (await maker.holding(HOME)).get(ask(wanted(kind)))).toMatchObject(held(kind));
  });

  test.each([
    ['another host', { origin: 'https://other.example' }],
    ['a host that begins alike', { origin: 'https://files.example.evil' }],
    ['a subdomain', { origin: 'https://www.files.example' }],
    ['another port', { origin: 'https://files.example:8443' }],
    ['another scheme', { origin: 'http://files.example' }],
    ...OTHER_KINDS[kind ?? 'password'],
  ] as const)('has nothing for %s, and says why in one line without the secret', async (_what, change) => {
    const provider = await maker.holding(HOME);
    const request = ask({ ...wanted(kind), ...change });
    const outcome = await outcomeOf(provider, request);
    // The person leaves the question.
    if (provider.interactive) expect(outcome).toMatchObject({ code: 'ERR_AUTH_CANCELLED' });
    else expect(outcome).toBeUndefined();
    const reason = provider.absence?.(request) ?? '';
    expect(reason).not.toMatch(/\n/);
    expect(reason).not.toContain(SECRET);
  });

  test('can be wrapped by spreading: the `get` of the wrapper is asked', async () => {
    const guarded = await server({ users: { alice: 'another' } });
    const wrapper: Provider = {
      ...(await maker.holding(guarded.url)),
      get: () => ({ username: 'alice', password: 'another' }),
    };
    expect((await client(guarded.url, { providers: [wrapper] }).get('/')).status).toBe(200);
  });

  test('shows no secret when it is inspected', async () => {
    const provider = await maker.holding(HOME);
    await provider.get(ask(wanted(kind)));
    expect(inspect(provider, { depth: 10, showHidden: true })).not.toContain(SECRET);
    expect(JSON.stringify(provider)).not.toContain(SECRET);
  });
});

test.each(inState('empty'))('%s: absence is undefined', async (_, empty, kind) => {
  expect(await (await empty(HOME)).get(ask(wanted(kind)))).toBeUndefined();
});

test.each(inState('broken'))('%s: trouble is an AuthError without the secret', async (_, broken, kind) => {
  const error = await outcomeOf(await broken(HOME), ask(wanted(kind)));
  expect(error).toBeInstanceOf(AuthError);
  expect((error as AuthError).message).toMatch(/^\w+: [^\n]+$/);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
});

test.each(inState('broken'))('%s: the chain goes on after trouble', async (_, broken, kind) => {
  const guarded = await guardedBy(kind);
  const providers = [await broken(guarded.url), staticCredential(held(kind))];
  const response = await client(guarded.url, { providers }).get('/');
  expect(response.status).toBe(200);
});

test.each(inState('broken'))(
  "%s: alone and broken, it leaves the server's own 401, and says why",
  async (_, broken, kind) => {
    const guarded = await guardedBy(kind);
    const provider = await broken(guarded.url);
    const error = await failure(client(guarded.url, { providers: [provider] }).get('/'));
    const { message } = (await outcomeOf(provider, ask({ ...wanted(kind), origin: guarded.url }))) as AuthError;
    expect(explain(error)).toContain(message.replace(/^\w+: /, ''));
    expect(explain(error)).toContain('ERR_AUTH_NONE');
  },
);

test.each(inState('hanging'))(
  '%s: who hangs is cut off at the limit, and the next one asked',
  async (_, hanging, kind) => {
    const guarded = await guardedBy(kind);
    const providers = [await hanging(guarded.url), staticCredential(held(kind))];
    const response = await client(guarded.url, { providers }).get('/');
    expect(response.status).toBe(200);
    expect(explain(response)).toMatch(/within 20 ms/);
    expect(explain(response)).not.toContain(SECRET);
  },
);

test.each(inState('hanging'))('%s: who hangs is left when the caller leaves', async (_, hanging, kind) => {
  const guarded = await guardedBy(kind);
  const leaving = new AbortController();
  const provider = await hanging(guarded.url);
  const get: Provider['get'] = (request) => {
    setImmediate(() => leaving.abort());
    return provider.get(request);
  };
  const request = client(guarded.url, { providers: [{ ...provider, timeout: 60_000, get }] }).get('/', {
    signal: leaving.signal,
  });
  await expect(request).rejects.toMatchObject({ code: 'ERR_CANCELED' });
});

test('a person may take longer than any limit, and is left when the caller leaves', async () => {
  const guarded = await server();
  const leaving = new AbortController();
  let asked: (request: CredentialRequest) => void = () => {};
  const asking = new Promise<CredentialRequest>((resolve) => {
    asked = resolve;
  });
  const get: Provider['get'] = (request) => {
    asked(request);
    return new Promise(() => {});
  };
  const person: Provider = { name: 'person', interactive: true, timeout: 1, get };
  const response = client(guarded.url, { providers: [person] }).get('/', { signal: leaving.signal });
  const signal = (await asking).signal as AbortSignal;
  const longer = client(guarded.url, { providers: [{ name: 'own', timeout: 20, get: () => new Promise(() => {}) }] });
  await refused(longer.get('/'));
  expect(signal.aborted).toBe(false);
  leaving.abort();
  await expect(response).rejects.toMatchObject({ code: 'ERR_CANCELED' });
  expect(signal.aborted).toBe(true);
});
