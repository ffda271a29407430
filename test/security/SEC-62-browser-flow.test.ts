/** A code of the browser flow is taken from the issuer alone, for the question that was asked, once. */

import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { openCallback } from '../../src/oauth/flow/callback.js';
import { type OAuthOptions, oauth } from '../../src/oauth/oauth.js';
import { ask, origin } from '../support/credential-request.js';
import { type FakeIssuer, fakeIssuer, tokens } from '../support/fake-issuer.js';
import { FakeTerminal } from '../support/fake-terminal.js';
import { tokenStore } from '../support/oauth-stage.js';

type Back = Readonly<Record<string, string>>;

/** Logs in with a browser that comes back with what `back` says. */
async function login(id: FakeIssuer, back: (asked: URLSearchParams) => Back, options: Partial<OAuthOptions> = {}) {
  const { input, output, environment } = new FakeTerminal();
  const open = async (address: string) => {
    const asked = new URL(address).searchParams;
    await fetch(`${asked.get('redirect_uri')}?${new URLSearchParams(back(asked))}`);
  };
  const own = { issuer: id.issuer, clientId: 'cli', store: false, input, output, environment, open } as const;
  const [, person] = oauth({ ...own, ...options }).providers ?? [];
  return person?.get(ask({ scheme: 'bearer' }));
}

const stateOf = (asked: URLSearchParams) => String(asked.get('state'));

test('SEC-62 the code is bound to this program: S256 of a verifier that only the token request has', async () => {
  const id = await fakeIssuer({ '/token': tokens('t') });
  const seen: URLSearchParams[] = [];
  const back = (asked: URLSearchParams) => {
    seen.push(asked);
    return { code: 'c', iss: id.issuer, state: stateOf(asked) };
  };
  expect(await login(id, back)).toMatchObject({ token: 't' });
  await login(id, back);
  const [first, second] = seen as [URLSearchParams, URLSearchParams];
  const sent = id.asked.find(({ path }) => path === '/token')?.body;
  const hash = createHash('sha256')
    .update(String(sent?.get('code_verifier')))
    .digest('base64url');
  expect([first.get('code_challenge'), first.get('code_challenge_method')]).toEqual([hash, 'S256']);
  expect(sent?.get('redirect_uri')).toBe(first.get('redirect_uri'));
  for (const name of ['state', 'code_challenge', 'redirect_uri']) expect(first.get(name)).not.toBe(second.get(name));
  expect(Buffer.from(stateOf(first), 'base64url').length).toBeGreaterThanOrEqual(16);
});

const STRANGERS: Readonly<Record<string, (iss: string, state: string) => Back>> = {
  'another state': (iss) => ({ code: 'c', iss, state: 'x'.repeat(43) }),
  'no state': (iss) => ({ code: 'c', iss }),
  'no iss, which the issuer says it sends': (_, state) => ({ code: 'c', state }),
  'another iss': (_, state) => ({ code: 'c', state, iss: 'https://evil.example' }),
  'an iss with a slash more': (iss, state) => ({ code: 'c', state, iss: `${iss}/` }),
  'an error of another iss': (_, state) => ({ error: 'access_denied', state, iss: 'https://evil.example' }),
};

test.each(Object.entries(STRANGERS))('SEC-62 %s: nothing is redeemed, and none of its words shown', async (_, back) => {
  const id = await fakeIssuer({ '/token': tokens('t') });
  const error = await login(id, (asked) => back(id.issuer, stateOf(asked))).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(error?.message).toContain('did not send this browser');
  expect(error?.message).not.toMatch(/access_denied|evil/);
  expect(id.count('/token')).toBe(0);
});

test('SEC-62 an iss is compared where the issuer does not say that it sends it, and may be absent there', async () => {
  const id = await fakeIssuer({ '/token': tokens('t') }, { authorization_response_iss_parameter_supported: undefined });
  const bad = login(id, (asked) => ({ code: 'c', state: stateOf(asked), iss: 'https://evil.example' }));
  await expect(bad).rejects.toThrow(/did not send this browser/);
  expect(await login(id, (asked) => ({ code: 'c', state: stateOf(asked) }))).toMatchObject({ token: 't' });
});

test.each([[undefined], [[]], [['plain']], ['S256 is a text here']])(
  'SEC-62 an issuer that offers %j in place of S256 is refused before anybody is asked',
  async (methods) => {
    const id = await fakeIssuer({ '/token': tokens('t') }, { code_challenge_methods_supported: methods });
    const asked: string[] = [];
    const back = (address: URLSearchParams) => {
      asked.push(String(address));
      return { code: 'c', iss: id.issuer, state: stateOf(address) };
    };
    await expect(login(id, back, { flow: 'browser' })).rejects.toThrow(/without PKCE/);
    expect(asked).toEqual([]);
  },
);

test.each([true, false])('SEC-62 a browser that stays open holds up no login (given up: %s)', async (isGivenUp) => {
  const id = await fakeIssuer({ '/token': tokens('t') }, { authorization_response_iss_parameter_supported: undefined });
  const { input, output, environment } = new FakeTerminal();
  const giving = new AbortController();
  const open = async (address: string) => {
    const asked = new URL(address).searchParams;
    if (isGivenUp) giving.abort();
    else await fetch(`${asked.get('redirect_uri')}?code=c&state=${stateOf(asked)}`);
    await new Promise(() => {});
  };
  const own = { issuer: id.issuer, clientId: 'cli', store: false, input, output, environment, open } as const;
  const given = oauth(own).providers?.[1]?.get(ask({ scheme: 'bearer', signal: giving.signal }));
  if (isGivenUp) await expect(given).rejects.toBeDefined();
  else expect(await given).toMatchObject({ token: 't' });
});

async function status(url: string, init: RequestInit = {}): Promise<number> {
  return (await fetch(url, init)).status;
}

/** `fetch` sends no Host of another name. */
function raw(url: string, host: string): Promise<string> {
  const { port, pathname } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(`GET ${pathname}?code=c HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
    );
    socket.once('data', (data) => {
      socket.destroy();
      resolve(String(data).split('\r\n', 1)[0] as string);
    });
  });
}

test('SEC-62 the callback server takes one GET of its address, and nothing else', async () => {
  const callback = await openCallback({});
  const { redirectUri } = callback;
  expect(redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}$/);
  expect(await status(`${redirectUri}?code=c`, { method: 'POST' })).toBe(405);
  expect(await status(`${redirectUri}/other?code=c`)).toBe(404);
  expect(await status(new URL('/?code=c', redirectUri).href)).toBe(404);
  expect(await raw(redirectUri, 'evil.example')).toContain('404');
  const page = await fetch(`${redirectUri}?code=<script>`);
  expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).not.toMatch(/<script|<img|href|src/);
  expect((await callback.hit()).get('code')).toBe('<script>');
  await expect(fetch(`${redirectUri}?code=c`)).rejects.toThrow();
});

test('SEC-62 the callback server is closed when nobody comes in time', async () => {
  const id = await fakeIssuer();
  const callback = await openCallback({}, 20);
  await expect(callback.hit()).rejects.toThrow(/nobody came back/);
  callback.close();
  await expect(fetch(callback.redirectUri)).rejects.toThrow();
  // And when the request is given up.
  const leaving = new AbortController();
  let address = '';
  const { input, output, environment } = new FakeTerminal();
  const open = (url: string) => {
    address = String(new URL(url).searchParams.get('redirect_uri'));
    leaving.abort();
  };
  const own = { issuer: id.issuer, clientId: 'cli', store: false, input, output, environment, open } as const;
  const [, person] = oauth(own).providers ?? [];
  await expect(person?.get(ask({ scheme: 'bearer', signal: leaving.signal }))).rejects.toThrow();
  await expect(fetch(address)).rejects.toThrow();
});

test('SEC-62 a token is given to the origin of its resource alone, and kept for no other client or issuer', async () => {
  const id = await fakeIssuer({ '/token': tokens('t') });
  const [elsewhere, store] = [ask({ scheme: 'bearer', origin: 'https://evil.example' }), tokenStore()];
  const back = (asked: URLSearchParams) => ({ code: 'c', iss: id.issuer, state: stateOf(asked) });
  await login(id, back, { store, resource: `${origin}/` });
  const kept = { issuer: id.issuer, clientId: 'cli', store, resource: `${origin}/` };
  const silent = (options: OAuthOptions) => oauth(options).providers?.[0];
  expect(await silent(kept)?.get(ask({ scheme: 'bearer' }))).toMatchObject({ token: 't' });
  expect(await silent(kept)?.get(elsewhere)).toBeUndefined();
  expect(await silent(kept)?.get(ask({ scheme: 'bearer', proxy: true }))).toBeUndefined();
  expect(await silent(kept)?.get(ask({ scheme: 'basic' }))).toBeUndefined();
  for (const other of [{ clientId: 'other' }, { issuer: (await fakeIssuer()).issuer }, { resource: `${origin}/b` }])
    expect(await silent({ ...kept, ...other })?.get(ask({ scheme: 'bearer' }))).toBeUndefined();
});
