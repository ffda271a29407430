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
    return make ? [[name, make] as const] : [];
  });
}

const right = staticCredential({ username: 'alice', password: SECRET });

describe.each(Object.entries<Maker>(MAKERS))('%s', (_, maker) => {
  test('has a name', async () => {
    expect((await maker.holding(HOME)).name).toMatch(/^\w+$/);
  });

  test('gives what it holds, to the origin it is for', async () => {
    expect(await (await maker.holding(HOME)).get(ask())).toMatchObject({ username: 'alice', password: SECRET });
  });

  test.each([
    ['another host', { origin: 'https://other.example' }],
    ['a host that begins alike', { origin: 'https://files.example.evil' }],
    ['a subdomain', { origin: 'https://www.files.example' }],
    ['another port', { origin: 'https://files.example:8443' }],
    ['another scheme', { origin: 'http://files.example' }],
    ['another account', { username: 'bob' }],
    ['a token', { scheme: 'bearer' }],
  ] as const)('has nothing for %s, and says why in one line without the secret', async (_what, change) => {
    const provider = await maker.holding(HOME);
    const request = ask(change);
    const outcome = await outcomeOf(provider, request);
    // A person leaves the question, and that is trouble.
    if (provider.interactive) expect(outcome).toMatchObject({ code: 'ERR_AUTH_PROVIDER' });
    else expect(outcome).toBeUndefined();
    const reason = provider.absence?.(request) ?? '';
    expect(reason).not.toMatch(/\n/);
    expect(reason).not.toContain(SECRET);
  });

  test('shows no secret when it is inspected', async () => {
    const provider = await maker.holding(HOME);
    await provider.get(ask());
    expect(inspect(provider, { depth: 10, showHidden: true })).not.toContain(SECRET);
    expect(JSON.stringify(provider)).not.toContain(SECRET);
  });
});

test.each(inState('empty'))('%s: absence is undefined', async (_, empty) => {
  expect(await (await empty(HOME)).get(ask())).toBeUndefined();
});

test.each(inState('broken'))('%s: trouble is an AuthError without the secret', async (_, broken) => {
  const error = await outcomeOf(await broken(HOME));
  expect(error).toBeInstanceOf(AuthError);
  expect((error as AuthError).message).toMatch(/^\w+: [^\n]+$/);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
});

test.each(inState('broken'))('%s: the chain goes on after trouble', async (_, broken) => {
  const guarded = await server({ users: { alice: SECRET } });
  const response = await client(guarded.url, { providers: [await broken(guarded.url), right] }).get('/');
  expect(response.status).toBe(200);
});

test.each(inState('broken'))(
  "%s: alone and broken, it leaves the server's own 401, and says why",
  async (_, broken) => {
    const guarded = await server({ users: { alice: SECRET } });
    const provider = await broken(guarded.url);
    const error = await failure(client(guarded.url, { providers: [provider] }).get('/'));
    const { message } = (await outcomeOf(provider, ask({ origin: guarded.url }))) as AuthError;
    expect(explain(error)).toContain(message.replace(/^\w+: /, ''));
    expect(explain(error)).toContain('ERR_AUTH_NONE');
  },
);

test.each(inState('hanging'))('%s: who hangs is cut off at the limit, and the next one asked', async (_, hanging) => {
  const guarded = await server({ users: { alice: SECRET } });
  const response = await client(guarded.url, { providers: [await hanging(guarded.url), right] }).get('/');
  expect(response.status).toBe(200);
  expect(explain(response)).toMatch(/within 20 ms/);
  expect(explain(response)).not.toContain(SECRET);
});

test.each(inState('hanging'))('%s: who hangs is left when the caller leaves', async (_, hanging) => {
  const guarded = await server({ users: { alice: SECRET } });
  const leaving = new AbortController();
  const { providers: _parts, ...provider } = await hanging(guarded.url);
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
