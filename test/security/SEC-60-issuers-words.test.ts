/** What an issuer says, and what is said to it, is in no error, event or explanation: of its error only the code. */

import { inspect } from 'node:util';
import { explain } from '../../src/index.js';
import type { OAuthOptions } from '../../src/oauth/oauth.js';
import { type FakeIssuer, fakeIssuer, json, type Page } from '../support/fake-issuer.js';
import { FakeTerminal } from '../support/fake-terminal.js';
import { api, oauthClient } from '../support/oauth-stage.js';
import { failure } from '../support/stage.js';

const SECRET = 'the-secret-of-the-job';
const DEVICE_CODE = 'dEvIcE-cOdE';

/** All that is to be read anywhere about a request that failed. */
async function said(id: FakeIssuer, options: Partial<OAuthOptions>): Promise<string> {
  const files = await api({ verify: () => Promise.reject(new Error('no')) });
  const events: unknown[] = [];
  const { input, output, environment } = new FakeTerminal();
  const own = { issuer: id.issuer, clientId: 'cli', input, output, environment, ...options };
  const error = await failure(oauthClient(files.url, own, { onEvent: (event) => events.push(event) }).get('/'));
  return [explain(error), inspect(events, { depth: 9 }), inspect(error, { depth: 9, showHidden: true })].join('\n');
}

/** An error that repeats all that came with the request. */
const echo: Page = (request, response, body) => {
  const words = `${request.headers.authorization} ${atob(request.headers.authorization?.slice(6) ?? '')} ${body}`;
  const error = {
    error: 'invalid_client',
    error_description: `got ${words}`,
    error_uri: `https://evil.example/?${body}`,
    hint: words,
  };
  json(error, 401, { 'WWW-Authenticate': `Basic realm="${words.replaceAll('"', '')}"` })(request, response, body);
};

test('SEC-60 a job’s secret that the issuer repeats is not shown', async () => {
  const id = await fakeIssuer({ '/token': echo });
  const words = await said(id, { clientSecret: SECRET });
  expect(words).toContain('says invalid_client (the client is not registered there');
  expect(id.count('/token')).toBe(1);
  for (const secret of [SECRET, btoa(`cli:${SECRET}`), 'the%2Dsecret', 'grant_type=', 'evil.example'])
    expect(words).not.toContain(secret);
});

test('SEC-60 an error code that is no name, or that is the secret, is not shown', async () => {
  const sentence = await fakeIssuer({ '/token': json({ error: `invalid ${SECRET}` }, 400) });
  const advice = await fakeIssuer({ '/token': json({ error: 'Call 555-0100 and say c0de' }, 400) });
  const same = await fakeIssuer({ '/token': json({ error: 'my_secret_x' }, 400) });
  expect(await said(sentence, { clientSecret: SECRET })).not.toContain(SECRET);
  expect(await said(advice, { clientSecret: SECRET })).not.toContain('555-0100');
  expect(await said(same, { clientSecret: 'my_secret' })).not.toContain('my_secret');
});

test('SEC-60 a device code that the issuer repeats is not shown', async () => {
  const device = {
    device_code: DEVICE_CODE,
    user_code: 'UC',
    verification_uri: 'https://id.example/d',
    expires_in: 60,
  };
  const id = await fakeIssuer({ '/device': json({ ...device, interval: 1 }), '/token': echo });
  const words = await said(id, { flow: 'device' });
  expect(words).toContain('device code: ');
  expect(words).toContain('invalid_client');
  for (const secret of [DEVICE_CODE, 'evil.example', 'grant_type=']) expect(words).not.toContain(secret);
});

test('SEC-60 a code, its verifier and the state that the issuer repeats are not shown', async () => {
  const id = await fakeIssuer({ '/token': echo });
  let [state, challenge] = ['', ''];
  const open = async (address: string) => {
    const asked = new URL(address).searchParams;
    [state, challenge] = [String(asked.get('state')), String(asked.get('code_challenge'))];
    const back = new URLSearchParams({ code: 'tHe-CoDe', iss: id.issuer, state });
    await fetch(`${asked.get('redirect_uri')}?${back}`);
  };
  const words = await said(id, { flow: 'browser', open });
  const verifier = String(id.asked.at(-1)?.body.get('code_verifier'));
  expect(words).toContain('invalid_client');
  expect(verifier.length).toBeGreaterThan(42);
  for (const secret of ['tHe-CoDe', verifier, state, challenge, 'evil.example']) expect(words).not.toContain(secret);
});

test('SEC-60 an error code that repeats a device code, a code or a refresh token is not shown', async () => {
  const error = json({ error: 'of_this_login' }, 400);
  const device = { device_code: 'of_this_login', user_code: 'UC', verification_uri: 'https://id.example/d' };
  const id = await fakeIssuer({ '/device': json({ ...device, expires_in: 60, interval: 1 }), '/token': error });
  expect((await said(id, { flow: 'device' })).includes('of_this_login')).toBe(false);
  const open = async (address: string) => {
    const asked = new URL(address).searchParams;
    const back = new URLSearchParams({ code: 'of_this_login', iss: id.issuer, state: String(asked.get('state')) });
    await fetch(`${asked.get('redirect_uri')}?${back}`);
  };
  expect((await said(id, { flow: 'browser', open })).includes('of_this_login')).toBe(false);
  const kept = JSON.stringify({ version: 1, access: 'a', refresh: 'of_this_login', expires: 1 });
  const store = { get: async () => kept, set: async () => {}, delete: async () => {} };
  expect((await said(id, { prompt: false, store })).includes('of_this_login')).toBe(false);
  expect(id.count('/token')).toBe(3);
});

test('SEC-60 the description of a callback is not shown, its code is', async () => {
  const id = await fakeIssuer();
  const open = async (address: string) => {
    const asked = new URL(address).searchParams;
    const error = { error: 'access_denied', error_description: 'call 555-0100', error_uri: 'https://evil.example/' };
    const back = new URLSearchParams({ ...error, iss: id.issuer, state: String(asked.get('state')) });
    await fetch(`${asked.get('redirect_uri')}?${back}`);
  };
  const words = await said(id, { flow: 'browser', open });
  expect(words).toContain('access_denied (the person said no)');
  for (const text of ['555-0100', 'evil.example']) expect(words).not.toContain(text);
});
