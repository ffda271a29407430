/** A token that allows more, where the server asks for it: got by the program, or by the person who logs in again. */

import { Writable } from 'node:stream';
import { oauth } from '../../src/oauth/oauth.js';
import { ask } from '../support/credential-request.js';
import { fakeIssuer, json, tokens } from '../support/fake-issuer.js';

const plain = () => ask({ scheme: 'bearer' });
const refusal = { scheme: 'bearer', params: { error: 'insufficient_scope', scope: 'files:write' } };
const more = () => ask({ scheme: 'bearer', refusal });

test('a program gets a token for both scopes, and keeps it', async () => {
  let count = 0;
  const id = await fakeIssuer({
    '/token': (...sent) => {
      count += 1;
      tokens(`t${count}`)(...sent);
    },
  });
  const provider = oauth({ issuer: id.issuer, clientId: 'job', clientSecret: 's', scope: 'files:read' });
  expect(await provider.get(plain())).toMatchObject({ token: 't1' });
  expect(await provider.get(more())).toMatchObject({ token: 't2' });
  expect(id.asked.at(-1)?.body.get('scope')).toBe('files:read files:write');
  expect(await provider.get(more())).toMatchObject({ token: 't2' });
  expect(await provider.get(plain())).toMatchObject({ token: 't2' });
  expect(count).toBe(2);
});

test('a person is asked for the wider scope, once', async () => {
  const device = {
    device_code: 'd',
    user_code: 'UC',
    verification_uri: 'https://id.example/d',
    expires_in: 60,
    interval: 1,
  };
  const id = await fakeIssuer({ '/device': json(device), '/token': tokens('narrow', { refresh_token: 'r' }) });
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const own = { issuer: id.issuer, clientId: 'cli', scope: 'files:read', store: false, prompt: true, output } as const;
  const [silent, person] = oauth({ ...own, flow: 'device' }).providers ?? [];
  await person?.get(plain());
  id.pages.set('/token', tokens('wide'));
  const asked = more();
  expect(await silent?.get(asked)).toBeUndefined();
  expect(silent?.absence?.(asked)).toBe('the kept token does not allow what the server asks for');
  expect(await person?.get(more())).toMatchObject({ token: 'wide' });
  expect(
    id.asked
      .filter(({ path }) => path === '/device')
      .at(-1)
      ?.body.get('scope'),
  ).toBe('files:read files:write');
  expect(await silent?.get(more())).toMatchObject({ token: 'wide' });
  expect(id.count('/device')).toBe(2);
});

/** RFC 9470 §3. */
const login = {
  scheme: 'bearer',
  params: { error: 'insufficient_user_authentication', acr_values: 'gold', max_age: '60' },
};

/** The browser comes back at once, as after a login; `addresses` are those it was sent to. */
function browser(issuer: string) {
  const addresses: URL[] = [];
  const open = async (text: string) => {
    const address = new URL(text);
    addresses.push(address);
    const back = new URL(address.searchParams.get('redirect_uri') as string);
    const state = address.searchParams.get('state') as string;
    back.search = String(new URLSearchParams({ code: 'c', state, iss: issuer }));
    await fetch(back);
  };
  return { addresses, open };
}

const quiet = () => new Writable({ write: (_chunk, _encoding, done) => done() });

test('a login of another class is asked for with its class and its age, and a kept token does not do', async () => {
  const id = await fakeIssuer({ '/token': tokens('weak', { refresh_token: 'r' }) });
  const { addresses, open } = browser(id.issuer);
  const own = { issuer: id.issuer, clientId: 'cli', scope: 'files:read', store: false, prompt: true } as const;
  const [silent, person] = oauth({ ...own, flow: 'browser', open, output: quiet() }).providers ?? [];
  expect(await person?.get(plain())).toMatchObject({ token: 'weak' });
  expect(await silent?.get(plain())).toMatchObject({ token: 'weak' });

  id.pages.set('/token', tokens('strong'));
  const asked = ask({ scheme: 'bearer', refusal: login });
  expect(await silent?.get(asked)).toBeUndefined();
  expect(silent?.absence?.(asked)).toBe('the server asks for a new login of a person');
  expect(await person?.get(asked)).toMatchObject({ token: 'strong' });
  const [first, second] = addresses.map(({ searchParams }) => [
    ...['acr_values', 'max_age', 'scope'].map((name) => searchParams.get(name)),
  ]);
  expect([first, second]).toEqual([
    [null, null, 'files:read'],
    ['gold', '60', 'files:read'],
  ]);
  expect(id.asked.filter(({ path, body }) => path === '/token' && body.has('acr_values'))).toEqual([]);
  expect(await silent?.get(plain())).toMatchObject({ token: 'strong' });
});

test('on another device the login is asked for in the same way', async () => {
  const device = { device_code: 'd', user_code: 'UC', verification_uri: 'https://id.example/d' };
  const id = await fakeIssuer({
    '/device': json({ ...device, expires_in: 60, interval: 1 }),
    '/token': tokens('strong'),
  });
  const own = { issuer: id.issuer, clientId: 'cli', store: false, prompt: true, output: quiet() } as const;
  const [, person] = oauth({ ...own, flow: 'device' }).providers ?? [];
  expect(await person?.get(ask({ scheme: 'bearer', refusal: login }))).toMatchObject({ token: 'strong' });
  const { body } = id.asked.find(({ path }) => path === '/device') ?? {};
  expect([body?.get('acr_values'), body?.get('max_age')]).toEqual(['gold', '60']);
});

test('a program cannot log in as a person, and asks for no other token', async () => {
  const id = await fakeIssuer({ '/token': tokens('t') });
  const provider = oauth({ issuer: id.issuer, clientId: 'job', clientSecret: 's' });
  expect(await provider.get(plain())).toMatchObject({ token: 't' });
  expect(await provider.get(ask({ scheme: 'bearer', refusal: login }))).toBeUndefined();
  expect(id.count('/token')).toBe(1);
});

test('a password or a ticket is not what it has, and a token under another auth-scheme is', async () => {
  const id = await fakeIssuer({ '/token': tokens('t') });
  const provider = oauth({ issuer: id.issuer, clientId: 'job', clientSecret: 's' });
  expect(await provider.get(ask({ scheme: 'custom', kind: 'password' }))).toBeUndefined();
  expect(await provider.get(ask({ scheme: 'basic' }))).toBeUndefined();
  expect(await provider.get(ask({ scheme: 'token', kind: 'token' }))).toMatchObject({ token: 't' });
});
