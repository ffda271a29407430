/** `login --token-stdin`: a token that a person brings, on a real Secret Service. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needsSecretService, secretService } from '../support/secret-service.js';
import { plainServer, server } from '../support/stage.js';
import { cli, folder } from './run.js';

const SERVICE = 'axios-challenge:oauth';
const TOKEN = 't0k3n-of-alice';
const ARGS = ['login', '--token-stdin'];

async function stage() {
  const store = await secretService();
  const variables = { ...store.variables, XDG_STATE_HOME: folder() };
  const run = (args: readonly string[], input = '') => cli(args, variables, input);
  return { store, run, state: variables.XDG_STATE_HOME };
}

/** Takes this token, and from then on what `allow` says. */
async function api() {
  let allowed = [TOKEN];
  const { url, requests } = await plainServer(({ headers }, response) => {
    const token = /^Bearer (.*)/.exec(headers.authorization ?? '')?.[1] ?? '';
    const isGood = allowed.includes(token);
    const error = token === '' ? '' : ' error="invalid_token"';
    response.writeHead(isGood ? 200 : 401, isGood ? {} : { 'WWW-Authenticate': `Bearer${error}` }).end('report');
  });
  const allow = (...tokens: string[]) => {
    allowed = tokens;
  };
  return { url, requests, allow };
}

function filesIn(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')).join('\n');
}

/** A token that says when it expires. */
function jwt(exp: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ exp })}.x`;
}

needsSecretService('the keychain', () => {
  test('the first line of stdin is tried, kept, and used by get and probe', async () => {
    const { store, run, state } = await stage();
    const { url, requests } = await api();
    const login = await run([...ARGS, url], `${TOKEN}\na note\n`);
    expect(login).toMatchObject({ status: 0, stdout: '' });
    expect(login.stderr).toContain('the first line is the token, the others are ignored');
    expect(login.stderr).toContain(`stored: a token for ${url}, in the keychain`);
    expect(requests).toHaveLength(2);
    expect((await store.secrets(SERVICE)).join()).toContain(TOKEN);

    const got = await run(['get', url]);
    expect(got).toMatchObject({ status: 0, stdout: 'report' });
    const probe = await run(['probe', url]);
    expect(probe).toMatchObject({ status: 0, stdout: expect.stringMatching(/token +a token/) });
    const status = await run(['status']);
    expect(status.stdout).toBe(`${url}\ta token: has no known end, cannot be renewed\n`);
    const out = await run(['logout', url]);
    expect(out).toMatchObject({ status: 0, stderr: `removed: the token for ${url}\n` });
    expect(await store.secrets(SERVICE)).toEqual([]);
    const printed = [login, got, probe, status, out].map(({ stdout, stderr }) => stdout + stderr).join();
    expect(printed + filesIn(state)).not.toContain(TOKEN);
  });

  test('a kept token that the server refuses is deleted, and get says so; probe deletes nothing', async () => {
    const { store, run } = await stage();
    const { url, allow } = await api();
    await run([...ARGS, url], TOKEN);
    allow('another');
    await run(['probe', url]);
    expect(await store.secrets(SERVICE)).not.toEqual([]);
    const got = await run(['get', url]);
    expect(got).toMatchObject({ status: 3, stderr: expect.stringContaining('refused the token that is kept for it') });
    expect(await store.secrets(SERVICE)).toEqual([]);
    expect(await run(['status'])).toMatchObject({ stderr: 'no accounts are stored\n' });
  });

  test('a token that the server refuses is not kept', async () => {
    const { store, run } = await stage();
    const { url, requests } = await api();
    expect(await run([...ARGS, url], 'mistyped')).toMatchObject({ status: 3 });
    expect(requests).toHaveLength(2);
    expect(await store.secrets(SERVICE)).toEqual([]);
    const parrot = await plainServer(({ headers: { authorization = '' } }, response) => {
      const said = `Bearer error="invalid_token", error_description="${authorization} is wrong"`;
      response.writeHead(401, { 'WWW-Authenticate': said }).end();
    });
    const refused = await run([...ARGS, parrot.url], 'hunter2');
    expect(refused).toMatchObject({ status: 3, stderr: expect.stringContaining('Bearer ... is wrong') });
    expect(refused.stderr).not.toMatch(/hunter2|maxCredentials/);
    expect(await run([...ARGS, url], '\n')).toMatchObject({ status: 2, stderr: expect.stringContaining('no token') });
  });

  test('a server that asks for no token: nothing is kept', async () => {
    const { store, run } = await stage();
    const open = await plainServer((_, response) => void response.end('open'));
    expect(await run([...ARGS, open.url], TOKEN)).toMatchObject({ status: 1 });
    const basic = await server({ protect: { scheme: 'basic' } });
    expect(await run([...ARGS, basic.url], TOKEN)).toMatchObject({ status: 3 });
    expect(await store.secrets(SERVICE)).toEqual([]);
  });

  test('status says when a token expires that says so itself, and another takes its place', async () => {
    const { store, run } = await stage();
    const { url, allow } = await api();
    const [old, next] = [jwt(946_684_800), jwt(4_102_444_800)];
    allow(old, next);
    await run([...ARGS, url], old);
    expect((await run(['status'])).stdout).toContain('expired 2000-01-01T00:00Z');
    // The server decides, whatever the token says.
    expect(await run(['get', url])).toMatchObject({ status: 0 });
    await run([...ARGS, url], next);
    expect((await run(['status'])).stdout).toContain('expires 2100-01-01T00:00Z');
    expect((await store.secrets(SERVICE)).join()).not.toContain(old);
  });
});

test.each([
  ['two secrets', ['--token-stdin', '--password-stdin'], '--token-stdin and --password-stdin exclude each other'],
  ['a token and an issuer', ['--token-stdin', '--oauth'], '--oauth and --token-stdin exclude each other'],
  ['an account', ['--token-stdin', '-u', 'alice'], 'a token has no account'],
  ['an issuer without --oauth', ['--issuer', 'https://id.example'], '--issuer needs --oauth'],
  ['--device without --oauth', ['--device'], '--device needs --oauth'],
  ['no client', ['--oauth', '--issuer', 'https://id.example'], '--oauth needs --client-id'],
  ['no issuer', ['--oauth', '--client-id', 'cli', '--issuer', 'http://id.example'], 'issuer is not an issuer'],
  ['an account at an issuer', ['--oauth', '--client-id', 'cli', '-u', 'alice'], '--oauth takes no user name'],
  ['a redirect', ['--oauth', '--client-id', 'cli', '--redirect', 'http://files.example/'], '--redirect must be'],
])('%s: nothing is sent', async (_, options, message) => {
  const { url, requests } = await api();
  const { status, stderr } = await cli(['login', ...options, url], {}, TOKEN);
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) });
  expect(stderr).not.toContain(TOKEN);
  expect(requests).toEqual([]);
});

test('login --oauth says why nobody has logged in', async () => {
  const { url } = await api();
  const args = ['login', '--oauth', '--client-id', 'cli', '--issuer', 'http://127.0.0.1:1', url];
  const { status, stderr } = await cli(args);
  expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringContaining('nobody can log in here') });
});

test('login --oauth at a server of passwords says that it asks for no token', async () => {
  const { url } = await server();
  const { status, stderr } = await cli([
    'login',
    '--oauth',
    '--client-id',
    'cli',
    '--issuer',
    'http://127.0.0.1:1',
    url,
  ]);
  expect(status).toBe(3);
  expect(stderr).toBe(`axios-challenge: ${url} does not ask for a token: log in without --oauth\n`);
});
