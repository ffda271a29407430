/** `login` and `logout` at a terminal, and where there is no store, or a locked one. */

import { join } from 'node:path';
import { width } from '../../src/base/columns.js';
import { atTerminal, needsPty, type Piped, type Window } from '../support/pty.js';
import { needsSecretService, secretService } from '../support/secret-service.js';
import { server } from '../support/stage.js';
import { ALICE, CLI, cli, folder } from './run.js';

const NO_STORE = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };

function person(args: readonly string[], variables: NodeJS.ProcessEnv = NO_STORE, piped: Piped = ['stdout']): Window {
  const home = folder();
  const own = { HOME: home, XDG_STATE_HOME: join(home, 'state'), LANG: 'C.UTF-8', ...variables };
  return atTerminal(CLI, args, piped, own);
}

async function typePassword(window: Window): Promise<void> {
  await window.answer('User name:', 'alice');
  await window.answer('Password:', 'wonderland');
}

test('only the first line of stdin is the password, and login says so', async () => {
  const guarded = await server();
  const args = ['login', '-u', 'alice', '--password-stdin', guarded.url];
  const { stderr } = await cli(args, {}, 'wonderland\nurl: https://files.example\n');
  expect(stderr).toContain('the first line is the password, the others are ignored');
  expect(guarded.requests.map(({ status }) => status)).toEqual([401, 200]);
});

test.each([
  ['stdin', ['-u', 'alice', '--password-stdin'], '//'],
  ['the URL', [], '//alice:wonderland@'],
])('the password of %s is for the origin, and a proxy that asks does not get it', async (_, options, slashes) => {
  const proxy = await server({ status: 407 });
  const variables = { http_proxy: proxy.url, NO_PROXY: '' };
  const line = ['login', ...options, `http:${slashes}files.example`];
  expect((await cli(line, variables, 'wonderland')).status).toBe(3);
  expect(proxy.requests.map(({ scheme }) => scheme)).toEqual([undefined]);
});

test("a proxy's password, which was right, is not stored as the origin's", async () => {
  const proxy = await server({ status: 407 });
  const variables = { ...ALICE, AXIOS_CHALLENGE_URL: proxy.url, http_proxy: proxy.url, NO_PROXY: '' };
  const { status, stderr } = await cli(['login', 'http://files.example'], variables);
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('does not ask for a credential') });
  expect(proxy.requests.map((request) => request.status)).toEqual([407, 200]);
});

test('a token from stdin is for the origin, and a proxy that asks does not get it', async () => {
  const proxy = await server({ status: 407, tokens: ['t0k3n'], protect: { scheme: 'bearer' } });
  const variables = { http_proxy: proxy.url, NO_PROXY: '' };
  expect((await cli(['login', '--token-stdin', 'http://127.0.0.1:9'], variables, 't0k3n')).status).toBe(3);
  expect(proxy.requests.map(({ scheme }) => scheme)).toEqual([undefined]);
});

needsPty('at a terminal', () => {
  test('login to a server that wants a token says how to bring one, and asks for nothing', async () => {
    const guarded = await server({ tokens: ['t0k3n'], protect: { scheme: 'bearer' } });
    const window = person(['login', guarded.url]);
    expect((await window.left()).status).toBe(1);
    expect(window.screen.replace(/\s+/g, ' ')).toContain('asks for a token: use --oauth, or --token-stdin');
    expect(window.screen).not.toContain('Token:');
    expect(guarded.requests).toHaveLength(1);
  });

  test('login reports a typed password that cannot be stored', async () => {
    const { url } = await server();
    const window = person(['get', url]);
    await typePassword(window);
    expect((await window.left()).status).toBe(0);
    expect(window.screen.replace(/\s+/g, ' ')).toContain('axios-challenge: the password was not stored: keychain');
  });

  const SAYINGS: ReadonlyArray<readonly string[]> = [
    ['--help'],
    ['get', '--help'],
    ['--frobnicate'],
    ['doctor'],
    ['probe'],
    ['get'],
  ];

  test.each(SAYINGS)('%s %s: no line breaks within a word at 80 or 40 columns', async (...args) => {
    const { url } = await server({ protect: { scheme: 'basic', realm: 'Files' } });
    const shown = async (columns: number) => {
      const own = { ...NO_STORE, AXIOS_CHALLENGE_NO_PROMPT: '1', NO_COLOR: '1', PTY_COLUMNS: `${columns}` };
      const window = person(['probe', 'get'].includes(args.join()) ? [...args, url] : args, own, []);
      await window.left();
      return window.screen
        .replaceAll('\r', '')
        .replace(/ {2,}\d+ ms$/gm, '')
        .trimEnd();
    };
    const words = (text: string) => text.split(/\s+/);
    const whole = new Set(words(await shown(400)));
    for (const columns of [80, 40]) {
      const screen = await shown(columns);
      expect(Math.max(...screen.split('\n').map(width))).toBeLessThanOrEqual(columns);
      // A word that is wider than its row is broken after punctuation, and nowhere else.
      const broken = words(screen).filter((word) => !whole.has(word) && !/[/_.,:;?&=)-]$/.test(word));
      const ends = broken.filter((word) => ![...whole].some((one) => one.endsWith(word)));
      expect(ends).toEqual([]);
    }
  });
});

needsSecretService('the keychain', () => {
  test('if there are several accounts, a person is asked which one to remove', async () => {
    const { url } = await server();
    const store = await secretService();
    const service = `axios-challenge:${url}`;
    await store.store(service, 'alice', 'wonderland');
    await store.store(service, 'bob', 'builder');
    const window = person(['logout', url], store.variables);
    await window.until('Which account of');
    await window.until('none of these');
    window.type('\r');
    expect((await window.left()).status).toBe(0);
    const [, gone] = /removed: (\w+) for/.exec(window.screen) ?? [];
    expect(await store.lookup(service, gone as string)).toBeUndefined();
    expect(await store.lookup(service, gone === 'alice' ? 'bob' : 'alice')).toBeDefined();
  });

  test('a locked keychain is called locked when a typed password is to be stored', async () => {
    const { url } = await server();
    const store = await secretService();
    await store.store(`axios-challenge:${url}`, 'bob', 'builder');
    await store.lock();
    const window = person(['get', url], store.variables);
    await typePassword(window);
    expect((await window.left()).status).toBe(0);
    expect(window.screen.replace(/\s+/g, ' ')).toMatch(/not stored: the keychain is locked/);
  });

  test('status and doctor write JSON', async () => {
    const { url } = await server();
    const store = await secretService();
    await store.store(`axios-challenge:${url}`, 'alice', 'wonderland');
    const status = await cli(['status', '--json', url], store.variables);
    expect(JSON.parse(status.stdout)).toEqual([{ origin: url, account: 'alice' }]);
    const doctor = await cli(['doctor', '--json'], { ...store.variables, ...ALICE });
    expect(JSON.parse(doctor.stdout)).toMatchObject({
      works: true,
      chain: [{ name: 'environment', state: 'ok' }, { name: 'keychain', state: 'ok' }, { name: 'prompt' }],
    });
  });
});

test('status --json without accounts is an empty list', async () => {
  const { stdout } = await cli(['status', '--json']);
  expect(JSON.parse(stdout)).toEqual([]);
});
