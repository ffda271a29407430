/** `login`, `status` and `logout` on a real Secret Service; `secret-tool` says what is in it. */

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { needsSecretService, secretService } from '../support/secret-service.js';
import { server } from '../support/stage.js';
import { ALICE, cli, folder } from './run.js';

async function stage() {
  const [guarded, store] = [await server(), await secretService()];
  const variables = { ...store.variables, XDG_STATE_HOME: folder() };
  const run = (args: string[], more = {}, input = '') => cli(args, { ...variables, ...more }, input);
  const login = (input = 'wonderland\n') => run(['login', '-u', 'alice', '--password-stdin', guarded.url], {}, input);
  return { guarded, url: guarded.url, store, variables, run, login, service: `axios-challenge:${guarded.url}` };
}

needsSecretService('the keychain', () => {
  test('login checks and keeps a password from stdin, get uses it, status lists it, logout removes it', async () => {
    const { url, store, run, login, service, variables } = await stage();
    expect(await login()).toMatchObject({
      status: 0,
      stdout: '',
      stderr: `stored: alice for ${url}, in the keychain\n`,
    });
    expect(await store.lookup(service, 'alice')).toBe('wonderland');
    expect(await run(['get', `${url}/x`])).toMatchObject({ status: 0, stderr: '' });
    expect(await run(['status'])).toMatchObject({ status: 0, stdout: `${url}\talice\n`, stderr: '' });
    const index = join(variables.XDG_STATE_HOME, 'axios-challenge', 'origins');
    expect(readFileSync(index, 'utf8')).toBe(`${url}\n`);
    expect(statSync(index).mode & 0o777).toBe(0o600);
    expect(await run(['logout', url])).toMatchObject({ status: 0, stderr: `removed: alice for ${url}\n` });
    expect(await store.lookup(service, 'alice')).toBeUndefined();
    expect(await run(['status'])).toMatchObject({ status: 0, stdout: '', stderr: 'no accounts are stored\n' });
    expect(readFileSync(index, 'utf8')).toBe('');
  });

  test('login takes the credential of the environment', async () => {
    const { url, store, run, service } = await stage();
    expect((await run(['login', url], ALICE)).status).toBe(0);
    expect(await store.lookup(service, 'alice')).toBe('wonderland');
  });

  test('login does not keep a refused password, and tries it once', async () => {
    const { guarded, store, login, service } = await stage();
    expect(await login('mistyped')).toMatchObject({ status: 3, stderr: expect.stringContaining('ERR_AUTH_REFUSED') });
    expect(guarded.requests).toHaveLength(2);
    expect(await store.lookup(service, 'alice')).toBeUndefined();
  });

  test('login keeps nothing if the server does not ask, or gives no verdict', async () => {
    const store = await secretService();
    const open = await server({ protect: { '/x': { scheme: 'basic' } } });
    const broken = await server({ onAuthenticated: (_, response) => void response.writeHead(500).end() });
    const login = (url: string) => cli(['login', url], { ...store.variables, ...ALICE });
    expect(await login(open.url)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('does not ask for a credential'),
    });
    expect(await login(broken.url)).toMatchObject({ status: 4, stderr: expect.stringContaining('was not checked') });
    expect(await store.lookup(`axios-challenge:${broken.url}`, 'alice')).toBeUndefined();
  });

  test('if there are several accounts, the command line has to name one', async () => {
    const { url, store, run, login, service } = await stage();
    await store.store(service, 'bob', 'builder');
    expect((await login()).stderr).toContain('2 accounts');
    expect((await run(['status', url])).stdout.split('\n').sort()).toEqual(['', `${url}\talice`, `${url}\tbob`]);
    expect(await run(['logout', url])).toMatchObject({ status: 1, stderr: expect.stringMatching(/2 accounts.*alice/) });
    expect((await run(['logout', '-u', 'bob', url])).status).toBe(0);
    expect(await store.lookup(service, 'bob')).toBeUndefined();
    expect((await run(['status'])).stdout).toBe(`${url}\talice\n`);
  });

  test('logout of a missing account says so', async () => {
    const { url, run } = await stage();
    expect(await run(['logout', url])).toMatchObject({ status: 0, stderr: `no account is stored for ${url}\n` });
  });

  test('login takes the token of the environment', async () => {
    const { store, run } = await stage();
    const { url } = await server({ tokens: ['t0k3n'], protect: { scheme: 'bearer' } });
    const { status, stderr } = await run(['login', url], { AXIOS_CHALLENGE_TOKEN: 't0k3n' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining(`stored: a token for ${url}`) });
    expect((await store.secrets('axios-challenge:oauth')).join()).toContain('t0k3n');
  });

  test('a locked keychain is distinguished from an empty one', async () => {
    const { url, store, run, login } = await stage();
    await login();
    await store.lock();
    for (const args of [['status'], ['status', url], ['logout', url]]) {
      expect(await run(args)).toMatchObject({ status: 1, stderr: expect.stringContaining('is locked') });
    }
    expect((await run(['doctor'])).stdout).toMatch(/-- {2}keychain +locked: Secret Service \(gnome-keyring-d\)/);
  });

  test('probe sends one request without credentials, and does not delete a wrong password', async () => {
    const { guarded, url, store, run, service } = await stage();
    await store.store(service, 'alice', 'outdated');
    const { status, stdout } = await run(['probe', url]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/keychain +alice$/m) });
    expect(guarded.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(await store.lookup(service, 'alice')).toBe('outdated');
  });

  test('probe does not ask which of several accounts is meant', async () => {
    const { guarded, url, store, run, service } = await stage();
    await store.store(service, 'alice', 'wonderland');
    await store.store(service, 'bob', 'builder');
    const { stdout } = await run(['probe', url]);
    expect(stdout).toMatch(/keychain +2 accounts under/);
    expect(stdout.match(/keychain/g)).toHaveLength(1);
    expect(guarded.requests).toHaveLength(1);
  });

  test('doctor names the store', async () => {
    const { run } = await stage();
    const { status, stdout } = await run(['doctor']);
    expect(stdout).toMatch(/ok {2}keychain +Secret Service \(gnome-keyring-d\), through keytar \d/);
    expect(status).toBe(0);
  });
});

test.each([
  ['login', ['login', '-u', 'alice', '--password-stdin']],
  ['status', ['status']],
  ['logout', ['logout']],
])('without a store, %s says so', async (_, args) => {
  const { url } = await server();
  const { status, stderr } = await cli([...args, url], {}, 'wonderland');
  expect({ status, stderr }).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^axios-challenge: keychain: .*doctor/),
  });
});

test.each([
  ['without a name', ['--password-stdin'], 'wonderland', /needs --user/],
  ['that is empty', ['--password-stdin', '-u', 'alice'], '\n', /stdin holds no password/],
])('a password on stdin %s', async (_, args, input, expected) => {
  const guarded = await server();
  expect(await cli(['login', ...args, guarded.url], {}, input)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(expected),
  });
  expect(guarded.requests).toEqual([]);
});
