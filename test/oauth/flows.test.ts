/** Tokens of a real issuer, by each of the flows, to the request that they are for. */

import { explain } from '../../src/index.js';
import type { OAuthOptions } from '../../src/oauth/oauth.js';
import { FakeTerminal } from '../support/fake-terminal.js';
import { api, impatient, oauthClient, tokenStore } from '../support/oauth-stage.js';
import { JOB_SECRET, oidc, RESOURCE } from '../support/oidc.js';
import { failure, refused } from '../support/stage.js';
import { visit } from '../support/web-person.js';

const scope = 'openid offline_access files:read';
const job = { clientId: 'job', clientSecret: JOB_SECRET, resource: RESOURCE, scope: 'files:read' };

/** A person without a browser, as over ssh: the flow is that of the device. */
function cli(terminal: FakeTerminal, issuer: string, options: Partial<OAuthOptions> = {}): OAuthOptions {
  const { input, output, environment } = terminal;
  return {
    ...{ issuer, clientId: 'cli', resource: RESOURCE, scope, http: impatient() },
    input,
    output,
    environment,
    ...options,
  };
}

/** Enters the code that is shown at the address that is shown. */
async function enterCode(terminal: FakeTerminal): Promise<void> {
  await terminal.until(' and enter ');
  const [, address = '', code = ''] = /Open (\S+) and enter (\S+)/.exec(terminal.shown) ?? [];
  await visit(address, { types: { user_code: code, login: 'alice' } });
}

test('fifty cold requests of a job make one token request, for its resource', async () => {
  const id = await oidc();
  const files = await api(id);
  const client = oauthClient(files.url, { issuer: id.issuer, ...job });
  const responses = await Promise.all(Array.from({ length: 50 }, (_, at) => client.get(`/${at}`)));
  expect(responses.map(({ data }) => data)).toEqual(Array(50).fill('let in'));
  expect(id.grants()).toEqual(['client_credentials']);
  expect(await id.verify(files.tokens.at(-1) as string)).toMatchObject({ client_id: 'job', scope: 'files:read' });
});

test('a person logs in on another device, and the next program asks nobody', async () => {
  const id = await oidc();
  const files = await api(id);
  const [terminal, store] = [new FakeTerminal(), tokenStore()];
  const first = oauthClient(files.url, cli(terminal, id.issuer, { store })).get('/');
  await enterCode(terminal);
  expect((await first).data).toBe('let in');
  expect(terminal.shown).toContain(`${files.url} asks for a token of ${id.issuer}`);

  terminal.forget();
  const second = oauthClient(files.url, cli(terminal, id.issuer, { store }));
  expect((await second.get('/')).data).toBe('let in');
  expect(terminal.shown).toBe('');
  expect(new Set(id.grants())).toEqual(new Set(['urn:ietf:params:oauth:grant-type:device_code']));
});

test('a token with less than a minute to live is renewed before it is given, once for all', async () => {
  const id = await oidc({ accessTokenTtl: 50 });
  const files = await api(id);
  const [terminal, store] = [new FakeTerminal(), tokenStore()];
  const first = oauthClient(files.url, cli(terminal, id.issuer, { store })).get('/');
  await enterCode(terminal);
  await first;

  const before = id.grants().length;
  const second = oauthClient(files.url, cli(terminal, id.issuer, { store }));
  await Promise.all([second.get('/a'), second.get('/b'), second.get('/c')]);
  const renewals = id.grants().slice(before);
  expect(new Set(renewals)).toEqual(new Set(['refresh_token']));
  expect(renewals).toHaveLength(1);
  // The issuer rotates: the next renewal is made with the new refresh token.
  const third = oauthClient(files.url, cli(terminal, id.issuer, { store }));
  expect((await third.get('/')).data).toBe('let in');
});

test('a token that the server calls invalid is renewed once, and what is refused again is not', async () => {
  const id = await oidc();
  const files = await api(id);
  const [terminal, store] = [new FakeTerminal(), tokenStore()];
  const client = oauthClient(files.url, cli(terminal, id.issuer, { store }));
  const first = client.get('/');
  await enterCode(terminal);
  await first;
  files.revoke(files.tokens.at(-1) as string);
  expect((await client.get('/')).data).toBe('let in');
  expect(id.grants().at(-1)).toBe('refresh_token');
});

test('a person logs in with the browser', async () => {
  const id = await oidc();
  const files = await api(id);
  const terminal = new FakeTerminal();
  const opened: string[] = [];
  const open = async (url: string) => {
    opened.push(url);
    await visit(url, { types: { login: 'alice' } });
  };
  const client = oauthClient(files.url, cli(terminal, id.issuer, { open, redirect: { path: '/back' } }));
  expect((await client.get('/')).data).toBe('let in');
  expect(opened).toHaveLength(1);
  expect(terminal.shown).toContain(opened[0]);
  expect(id.grants()).toEqual(['authorization_code']);
});

test('a person who says no ends it, with the reason', async () => {
  const id = await oidc();
  const files = await api(id);
  const open = (url: string) => visit(url, { leavesBy: '[ Cancel ]' }).then(() => {});
  const client = oauthClient(files.url, cli(new FakeTerminal(), id.issuer, { open, redirect: { path: '/back' } }));
  const error = await failure(client.get('/'));
  expect(explain(error)).toContain('access_denied (the person said no)');
  expect(id.grants()).toEqual([]);
});

test('every request to the issuer that can name the resource does', async () => {
  const id = await oidc({ accessTokenTtl: 50 });
  const files = await api(id);
  const terminal = new FakeTerminal();
  const store = tokenStore();
  const first = oauthClient(files.url, cli(terminal, id.issuer, { store })).get('/');
  await enterCode(terminal);
  await first;
  await oauthClient(files.url, cli(terminal, id.issuer, { store })).get('/');
  const open = (url: string) => visit(url).then(() => {});
  await oauthClient(files.url, cli(terminal, id.issuer, { open, redirect: { path: '/back' } })).get('/');
  await oauthClient(files.url, { issuer: id.issuer, ...job }).get('/');
  const asked = id.hits.filter(
    ({ path, parameters }) =>
      ['/token', '/device/auth'].includes(path) || (path === '/auth' && parameters.has('client_id')),
  );
  expect(new Set(asked.map(({ path, parameters }) => parameters.get('grant_type') ?? path))).toEqual(
    new Set([
      ...['/device/auth', 'urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
      ...['/auth', 'authorization_code', 'client_credentials'],
    ]),
  );
  expect(asked.filter(({ parameters }) => parameters.get('resource') !== RESOURCE)).toEqual([]);
});

test('where nobody can log in the 401 is the caller’s, and says so', async () => {
  const id = await oidc();
  const files = await api(id);
  const terminal = new FakeTerminal();
  const environment = { CI: 'true' };
  const response = await refused(oauthClient(files.url, cli(terminal, id.issuer, { environment })).get('/'));
  expect(explain(response)).toContain('nobody can log in here: CI is set');
  const asked = oauthClient(files.url, cli(terminal, id.issuer, { prompt: false }));
  expect(explain(await refused(asked.get('/')))).toContain('prompt is false');
  expect(id.hits).toEqual([]);
  expect(terminal.shown).toBe('');
});

test('a client that is not registered, or has another secret, is told so', async () => {
  const id = await oidc();
  const files = await api(id);
  const wrong = oauthClient(files.url, { issuer: id.issuer, ...job, clientSecret: () => 'not-the-secret' });
  const said = explain(await refused(wrong.get('/')));
  expect(said).toContain('invalid_client (the client is not registered there, or its secret is wrong)');
  expect(said).not.toContain('not-the-secret');
});
