/** The keychain with a person at a real pseudo-terminal, and on a real Secret Service. */

import { installed, type Keytar } from '../support/installed.js';
import { atTerminal, needsPty, type Window } from '../support/pty.js';
import { needsSecretService, type SecretService, secretService } from '../support/secret-service.js';
import { server } from '../support/stage.js';
import type { Report, Visit } from '../support/visitor.js';

const COOKED = /(?<!-)\bicanon\b[\s\S]*(?<!-)\becho\b/;
const KEEP = 'Keep the password of alice';
const WHICH = 'Which account of';

function visit(visit: Visit, { variables }: SecretService, more: NodeJS.ProcessEnv = {}): Window {
  return atTerminal('test/support/visitor.ts', [JSON.stringify(visit)], ['stdout'], { ...variables, ...more });
}

function report({ stdout }: Window): Report {
  return JSON.parse(stdout);
}

async function login(window: Window, username = 'alice', password = 'wonderland'): Promise<void> {
  await window.answer('User name:', username);
  await window.answer('Password:', password);
}

const needsBoth: typeof needsPty = (name, body) =>
  needsPty(name, () => needsSecretService('on a Secret Service', body));

needsBoth('the question whether to keep a password', () => {
  test.each([
    ['y', 'wonderland'],
    ['n', undefined],
    ['', undefined],
  ])('is asked after the password was accepted: %j keeps %j', async (answer, kept) => {
    const [{ url, requests }, store] = [await server(), await secretService()];
    const window = visit({ urls: [url] }, store);
    await login(window);
    await window.until(KEEP);
    expect(requests).toHaveLength(2);
    expect(await store.lookup(`axios-challenge:${url}`, 'alice')).toBeUndefined();
    window.type(`${answer}\r`);
    expect(await window.left()).toMatchObject({ status: 0, stty: expect.stringMatching(COOKED) });
    expect(report(window).status).toBe(200);
    expect(await store.lookup(`axios-challenge:${url}`, 'alice')).toBe(kept);
    expect(window.screen).not.toContain('wonderland');
  });

  test('is not asked about a refused password, and once about the accepted password', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    const window = visit({ urls: [url] }, store);
    await login(window, 'alice', 'mistyped');
    await window.until('try again');
    expect(window.screen).not.toContain(KEEP);
    await window.answer('(alice)', '');
    await window.answer('Password:', 'wonderland');
    await window.answer(KEEP, 'y');
    expect(await window.left()).toMatchObject({ status: 0 });
    expect(await store.lookup(`axios-challenge:${url}`, 'alice')).toBe('wonderland');
  });

  test('is asked once for two requests with the same credential', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    const window = visit({ urls: [`${url}/one`, `${url}/two`], together: true }, store);
    await login(window);
    await window.answer(KEEP, 'n');
    expect(await window.left()).toMatchObject({ status: 0 });
    expect(window.screen.match(/✔.* Keep the password of alice .* No/g)).toHaveLength(1);
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s means no, the program gets its response, and the terminal is restored', async (_, key) => {
    const [{ url }, store] = [await server(), await secretService()];
    const window = visit({ urls: [url] }, store);
    await login(window);
    await window.until(KEEP);
    window.type(key);
    expect(await window.left()).toMatchObject({ status: 0, stty: expect.stringMatching(COOKED) });
    expect(report(window).status).toBe(200);
    expect(await store.lookup(`axios-challenge:${url}`, 'alice')).toBeUndefined();
  });

  test.each(['SIGTERM', 'SIGUSR2'] as const)('does not keep a program alive that is ended with %s', async (signal) => {
    const [{ url }, store] = [await server(), await secretService()];
    const window = visit({ urls: [url] }, store);
    await login(window);
    await window.until(KEEP);
    await window.kill(signal);
    const { status, stty } = await window.left();
    expect(status).not.toBe(0);
    expect(stty).toMatch(COOKED);
    expect(await store.lookup(`axios-challenge:${url}`, 'alice')).toBeUndefined();
  });

  test('is not asked when the store hangs, and the program ends', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.freeze();
    const window = visit({ urls: [url] }, store);
    await login(window);
    expect(await window.left()).toMatchObject({ status: 0 });
    expect(window.screen).not.toContain(KEEP);
    const said = report(window).explained.replace(/\s+/g, ' ');
    expect(said).toContain('the password was not kept, because the store failed before');
  });
});

async function twoAccounts(url: string): Promise<SecretService> {
  const store = await secretService();
  await store.store(`axios-challenge:${url}`, 'alice', 'wonderland');
  await store.store(`axios-challenge:${url}`, 'bob\u202e\u001b[2J', 'builder');
  return store;
}

needsBoth('the question which of several accounts to use', () => {
  test('is asked, and the chosen account is used', async () => {
    const { url } = await server();
    const window = visit({ urls: [url] }, await twoAccounts(url));
    await window.until(`${WHICH} ${url} in the keychain?`);
    await window.until('none of these');
    expect(window.screen).toContain('bob\\u202e\\x1b[2J');
    expect(window.screen).not.toMatch(/wonderland|builder|\u202e/);
    await window.answer('', 'alice');
    expect(await window.left()).toMatchObject({ status: 0, stty: expect.stringMatching(COOKED) });
    expect(report(window)).toMatchObject({ status: 200, explained: expect.stringMatching(/keychain +alice/) });
    expect(window.screen).not.toMatch(/User name:|Keep/);
  });

  test('is not asked if the URL names the account', async () => {
    const { url } = await server();
    const window = visit({ urls: [url.replace('//', '//alice@')] }, await twoAccounts(url));
    expect(await window.left()).toMatchObject({ status: 0 });
    expect(window.screen).toBe('');
  });

  test('may be answered with none of these: then the prompt asks', async () => {
    const { url } = await server();
    const store = await twoAccounts(url);
    const window = visit({ urls: [url], save: 'never' }, store);
    await window.until('none of these');
    window.type('\u001b[A');
    await window.answer('❯ none of these', '');
    await login(window);
    expect(await window.left()).toMatchObject({ status: 0 });
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s leaves: no other question is asked, and the terminal is restored', async (_, key) => {
    const { url } = await server();
    const window = visit({ urls: [url] }, await twoAccounts(url));
    await window.until('none of these');
    window.type(key);
    expect(await window.left()).toMatchObject({ status: 1, stty: expect.stringMatching(COOKED) });
    expect(window.screen).not.toContain('User name:');
    expect(report(window).explained).toMatch(/keychain +.*cancelled[\s\S]*ERR_AUTH_CANCELLED/);
  });

  test.each<[string, (window: Window) => unknown]>([
    ['SIGTERM', (window) => window.kill('SIGTERM')],
    ['an abort', (window) => window.kill('SIGUSR2')],
  ])('%s ends it, and the terminal is restored', async (_, leave) => {
    const { url } = await server();
    const window = visit({ urls: [url] }, await twoAccounts(url));
    await window.until('none of these');
    await leave(window);
    const { status, stty } = await window.left();
    expect(status).not.toBe(0);
    expect(stty).toMatch(COOKED);
  });
});

needsBoth('a keychain without a usable password', () => {
  test('is passed over, and the prompt offers the user name of the refused password', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.store(`axios-challenge:${url}`, 'alice', 'outdated');
    const window = visit({ urls: [url], save: 'never' }, store);
    await window.answer('(alice)', '');
    await window.answer('Password:', 'wonderland');
    expect(await window.left()).toMatchObject({ status: 0 });
  });

  test.each<[Keytar, RegExp]>([
    ['absent', /keychain +keytar is not installed \(npm install keytar@npm:@github\/keytar\)/],
    ['unloadable', /keychain +keytar does not load: libsecret-9\.so\.0: .*\s+\(it needs libsecret: apt-get install/],
  ])('is passed over when keytar is %s: the person is asked', async (keytar, reason) => {
    const { url } = await server();
    const window = atTerminal(await installed(keytar), [url], ['stdout']);
    await login(window);
    expect(await window.left()).toMatchObject({ status: 0 });
    expect(window.stdout).toMatch(/-> {2}200$/m);
    expect(window.stdout).toMatch(reason);
    expect(window.screen).not.toContain(KEEP);
  });
});
