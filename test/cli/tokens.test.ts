/** Tokens on the command line: a real issuer, a real keychain, and a person at a terminal. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { login } from '../../src/cli/login/command.js';
import { api } from '../support/oauth-stage.js';
import { type Oidc, oidc, RESOURCE } from '../support/oidc.js';
import { atTerminal, needsPty, type Window } from '../support/pty.js';
import { needsSecretService, secretService } from '../support/secret-service.js';
import { plainServer } from '../support/stage.js';
import { visit } from '../support/web-person.js';
import { CLI, cli, folder } from './run.js';

/** Where tokens are in the keychain. */
const SERVICE = 'axios-challenge:oauth';

const SCOPE = 'openid offline_access files:read';

/** One machine: its keychain and its files outlive each command. */
async function machine() {
  const store = await secretService();
  const home = folder();
  const variables: NodeJS.ProcessEnv = {
    ...store.variables,
    HOME: home,
    XDG_STATE_HOME: join(home, 'state'),
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
  };
  const person = (...args: string[]) => {
    // A display, and no program that opens a browser on it.
    const desk = { ...variables, DISPLAY: ':7', SSH_CONNECTION: '', SSH_TTY: '', PTY_COLUMNS: '1000' };
    return atTerminal(CLI, args, ['stdout'], { ...desk, PATH: '/nonexistent:/usr/bin:/bin' });
  };
  const run = (args: string[], input = '') => cli(args, variables, input);
  return { store, variables, person, run, home };
}

type Machine = Awaited<ReturnType<typeof machine>>;

/** All that the commands wrote to files. */
function filesOf({ home }: Machine): string {
  const entries = readdirSync(home, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.map((file) => `${file}\n${readFileSync(file, 'latin1')}`).join('\n');
}

/** The example of `login --help`, for this issuer, with what it has to be told as well. */
function oauthArgs(issuer: string): string[] {
  const { line = '' } = login.examples.find((example) => example.line.includes('--oauth')) ?? {};
  const [, ...args] = line.replace('https://id.example', issuer).split(' ').slice(0, -1);
  return [...args, '--scope', SCOPE, '--resource', RESOURCE, '--redirect', 'http://127.0.0.1/back'];
}

async function useBrowser(window: Window): Promise<void> {
  await window.until('with your browser');
  await window.until(/http:\S+\/auth\?\S+\s/);
  const [address = ''] = /http:\S+\/auth\?\S+/.exec(window.screen) ?? [];
  await visit(address);
}

async function loggedIn(id: Oidc, here: Machine, url: string): Promise<Window> {
  const window = here.person(...oauthArgs(id.issuer), url);
  await useBrowser(window);
  expect(await window.left()).toMatchObject({ status: 0 });
  return window;
}

needsPty('at a terminal', () => {
  needsSecretService('with a keychain', () => {
    test('a person logs in, get uses the token, and status describes it', async () => {
      const id = await oidc();
      const files = await api(id);
      const here = await machine();
      const window = await loggedIn(id, here, files.url);
      expect(window.screen).toContain(`${files.url} asks for a token of ${id.issuer}`);
      expect(window.screen).toMatch(new RegExp(`stored: a token of ${id.issuer} for ${files.url}, in the keychain`));
      expect(window.screen).toMatch(
        /expires \d{4}-\d\d-\d\dT\d\d:\d\dZ \(in (?:59|60) minutes\), can be renewed, allows .*files:read/,
      );

      const got = await here.run(['get', `${files.url}/report`]);
      expect(got).toMatchObject({ status: 0, stdout: '"let in"' });
      const status = await here.run(['status']);
      expect(status.stdout).toMatch(`${files.url}\ta token of ${id.issuer}: expires`);
      const json = await here.run(['status', '--json', files.url]);
      expect(JSON.parse(json.stdout)).toEqual([
        {
          origin: files.url,
          issuer: id.issuer,
          clientId: 'cli',
          resource: RESOURCE,
          kept: true,
          expires: expect.stringMatching(/^\d{4}-.*Z$/),
          expiresIn: expect.any(Number),
          scope: expect.stringContaining('files:read'),
          renewable: true,
        },
      ]);
    });

    test('logout revokes the login, and no command has printed a token or written it to a file', async () => {
      const id = await oidc();
      const files = await api(id);
      const here = await machine();
      const window = await loggedIn(id, here, files.url);
      const probe = await here.run(['probe', files.url]);
      expect(probe).toMatchObject({ status: 0, stdout: expect.stringMatching(/oauth +a token/) });
      const got = await here.run(['get', '-v', files.url]);
      const status = await here.run(['status', '--json']);

      const kept = await here.store.secrets(SERVICE);
      const written = filesOf(here);
      const out = await here.run(['logout', files.url]);
      expect(out.status).toBe(0);
      expect(out.stderr).toContain(`revoked: the login at ${id.issuer}`);
      expect(out.stderr).toContain(`removed: the token of ${id.issuer} for ${files.url}`);
      const revoked = id.hits.filter(({ path }) => path === '/token/revocation').map(({ parameters }) => parameters);
      expect(revoked.map((parameters) => parameters.get('token_type_hint'))).toEqual(['refresh_token', 'access_token']);
      expect(await here.store.secrets(SERVICE)).toEqual([]);
      expect((await here.run(['status'])).stderr).toBe('no accounts are stored\n');

      // Access and refresh token, as the issuer got them for revocation.
      const secrets = revoked.map((parameters) => String(parameters.get('token')));
      expect(kept.join()).toContain(secrets[0]);
      const all = [got, status, probe, out].map(({ stdout, stderr }) => stdout + stderr);
      for (const secret of secrets) {
        expect([...all, window.screen, window.stdout, written, filesOf(here)].join()).not.toContain(secret);
      }
      expect(written).toContain(`"issuer": "${id.issuer}"`);
    });

    test('a token that has run out is renewed by get, and is not by probe', async () => {
      const id = await oidc({ accessTokenTtl: 50 });
      const files = await api(id);
      const here = await machine();
      await loggedIn(id, here, files.url);
      const before = id.hits.length;
      expect((await here.run(['probe', files.url])).stdout).toMatch(/oauth +a token/);
      expect(id.hits.slice(before)).toEqual([]);
      expect(await here.run(['get', files.url])).toMatchObject({ status: 0, stdout: '"let in"' });
      expect(id.grants()).toEqual(['authorization_code', 'refresh_token']);
    });

    test('get at a terminal logs in again when the login has ended', async () => {
      const id = await oidc();
      const files = await api(id);
      const here = await machine();
      await loggedIn(id, here, files.url);
      await here.store.clear(SERVICE);
      const window = here.person('get', files.url);
      await useBrowser(window);
      expect(await window.left()).toMatchObject({ status: 0 });
      expect(window.stdout).toBe('"let in"');
    });

    test('without --issuer the server names it, and later commands do not ask again', async () => {
      const id = await oidc();
      const { url, requests } = await plainServer(({ url: path, headers }, response) => {
        const metadata = { resource: url, authorization_servers: [id.issuer], scopes_supported: ['files:read'] };
        if (path?.startsWith('/.well-known/'))
          return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(metadata));
        const isGood = headers.authorization !== undefined;
        return response.writeHead(isGood ? 200 : 401, isGood ? {} : { 'WWW-Authenticate': 'Bearer' }).end('report');
      });
      const here = await machine();
      const names = ['--client-id', 'cli', '--redirect', 'http://127.0.0.1/back'];
      const window = here.person('login', '--oauth', ...names, url);
      await useBrowser(window);
      expect(await window.left()).toMatchObject({ status: 0 });
      expect(window.screen).toContain(`${url} asks for a token of ${id.issuer}`);
      const [asked, hits] = [requests.length, id.hits.length];
      expect(await here.run(['get', url])).toMatchObject({ status: 0, stdout: 'report' });
      expect(requests.slice(asked).map(({ url: path }) => path)).toEqual(['/', '/']);
      expect(id.hits.slice(hits)).toEqual([]);
      const out = await here.run(['logout', url]);
      expect(out.stderr).toContain(`revoked: the login at ${id.issuer}`);
    });

    test('another device: the code is shown, and --device is remembered', async () => {
      const id = await oidc();
      const files = await api(id);
      const here = await machine();
      const window = here.person(...oauthArgs(id.issuer), '--device', files.url);
      await window.until(' and enter ');
      await window.until('\n');
      const [, address = '', code = ''] = /Open (\S+) and enter (\S+)/.exec(window.screen) ?? [];
      await visit(address, { types: { user_code: code, login: 'alice' } });
      expect(await window.left()).toMatchObject({ status: 0 });
      expect(filesOf(here)).toContain('"flow": "device"');
    });

    test('an issuer that does not revoke: logout says so, and forgets all the same', async () => {
      const id = await oidc();
      const files = await api(id);
      const here = await machine();
      await loggedIn(id, here, files.url);
      id.stop();
      const { status, stderr } = await here.run(['logout', files.url]);
      expect({ status, stderr }).toMatchObject({
        status: 0,
        stderr: expect.stringContaining('not revoked: the login at'),
      });
      expect(stderr).toContain('removed: the token of');
      expect(await here.store.secrets(SERVICE)).toEqual([]);
    });

    test('an issuer that refuses the client: its error code is the reason', async () => {
      const id = await oidc();
      const files = await api(id);
      const here = await machine();
      const names = ['--issuer', id.issuer, '--client-id', 'nobody', '--device'];
      const window = here.person('login', '--oauth', ...names, files.url);
      expect(await window.left()).toMatchObject({ status: 3 });
      expect(window.screen).toMatch(/nobody has logged in: .* says invalid_client/);
    });

    test('a token that the server refuses is not kept', async () => {
      const id = await oidc();
      const files = await api({ verify: () => Promise.reject(new Error('no')) });
      const here = await machine();
      const window = here.person(...oauthArgs(id.issuer), files.url);
      await useBrowser(window);
      expect(await window.left()).toMatchObject({ status: 3 });
      expect(window.screen).not.toContain('stored:');
      expect(await here.store.secrets(SERVICE)).toEqual([]);
    });
  });
});
