/** The keychain on a real Secret Service; `secret-tool` says what is in it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compiled } from '../support/compiled.js';
import { temporaryFolder } from '../support/files.js';
import { installed, type Keytar } from '../support/installed.js';
import { program, ROOT } from '../support/program.js';
import { needsSecretService, secretService } from '../support/secret-service.js';
import { server } from '../support/stage.js';
import type { Report, Visit } from '../support/visitor.js';

/** `exit`: how the program ended by itself; `null` is not at all. */
async function visit(visit: Visit, variables: NodeJS.ProcessEnv): Promise<Report & { readonly exit: number | null }> {
  const silent = { AXIOS_CHALLENGE_NO_PROMPT: '1', ...variables };
  const { status: exit, stdout, stderr } = await program('test/support/visitor.ts', [JSON.stringify(visit)], silent);
  if (stdout === '') throw new Error(`the visitor said nothing: ${stderr}`);
  return { ...JSON.parse(stdout), exit };
}

/** What the keychain said when it was asked, and how long that took. */
function lookupIn({ explained }: Report): { readonly reason: string; readonly milliseconds: number } {
  const [, reason = '', milliseconds] = /^ +keychain +(.*?)(?: {2,}(\d+) ms)?$/m.exec(explained) ?? [];
  return { reason, milliseconds: Number(milliseconds ?? 0) };
}

const right = { username: 'alice', password: 'wonderland' };
const wrong = { username: 'alice', password: 'mistyped' };
const nowhere = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };

// The limit of a lookup is 3000 ms; the rest is for a machine that does other things too.
const LIMIT = 4_000;

needsSecretService('the keychain', () => {
  test('what secret-tool stored is found', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.store(`axios-challenge:${url}`, 'alice', 'wonderland');
    const { status, explained } = await visit({ urls: [url] }, store.variables);
    expect(status).toBe(200);
    expect(explained).toMatch(/keychain +alice/);
  });

  test('what was typed and accepted is saved, and found by the next process', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    expect((await visit({ urls: [url], save: 'always', typed: right }, store.variables)).status).toBe(200);
    expect(await store.lookup(`axios-challenge:${url}`, 'alice')).toBe('wonderland');
    expect((await visit({ urls: [url] }, store.variables)).status).toBe(200);
  });

  test('what the server refused is not saved', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    expect((await visit({ urls: [url], save: 'always', typed: wrong }, store.variables)).status).toBe(401);
    expect(await store.lookup(`axios-challenge:${url}`, 'alice')).toBeUndefined();
  });

  test('where nobody can be asked whether to keep it, it is not kept, and that is said', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    const { status, explained } = await visit({ urls: [url], save: 'ask', typed: right }, store.variables);
    expect(status).toBe(200);
    expect(explained.replace(/\s+/g, ' ')).toMatch(
      /(CI|AXIOS_CHALLENGE_NO_PROMPT) is set, so this question was not asked: Keep the password of alice/,
    );
    expect(await store.lookup(`axios-challenge:${url}`, 'alice')).toBeUndefined();
  });

  test('what was stored and refused is deleted, and nothing else', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.store(`axios-challenge:${url}`, 'alice', 'outdated');
    await store.store(`axios-challenge:${url}`, 'bob', 'builder');
    await store.store('axios-challenge:https://files.example', 'alice', 'outdated');
    expect((await visit({ urls: [url.replace('//', '//alice@')] }, store.variables)).status).toBe(401);
    expect(await store.lookup(`axios-challenge:${url}`, 'alice')).toBeUndefined();
    expect(await store.lookup(`axios-challenge:${url}`, 'bob')).toBe('builder');
    expect(await store.lookup('axios-challenge:https://files.example', 'alice')).toBe('outdated');
  });

  test('of several accounts the one that the URL or the environment names is taken', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.store(`axios-challenge:${url}`, 'alice', 'wonderland');
    await store.store(`axios-challenge:${url}`, 'bob', 'builder');
    const unnamed = await visit({ urls: [url] }, store.variables);
    expect(unnamed).toMatchObject({ status: 401, explained: expect.stringMatching(/2 accounts under .*put the user/) });
    expect(unnamed.explained).not.toMatch(/wonderland|builder/);
    const inUrl = await visit({ urls: [url.replace('//', '//alice@')] }, store.variables);
    const inEnv = await visit({ urls: [url] }, { ...store.variables, AXIOS_CHALLENGE_USERNAME: 'alice' });
    expect([inUrl.status, inEnv.status]).toEqual([200, 200]);
  });

  test.each(['visit.mjs', 'visit.cjs'] as const)(
    'the built package finds it in %s, and outlives a crash',
    async (file) => {
      const [{ url }, other, store] = [await server(), await server(), await secretService()];
      const path = await installed('installed', file);
      await store.store(`axios-challenge:${url}`, 'alice', 'wonderland');
      await store.store(`axios-challenge:${other.url}`, undefined, 'of somebody else');
      const found = await program(path, [url], store.variables);
      expect(found.stdout).toMatch(/-> {2}200$[\s\S]*keychain +alice/m);
      const crashed = await program(path, [other.url], store.variables);
      expect(crashed).toMatchObject({ status: 0, stdout: expect.stringContaining('keytar crashed (SIGSEGV)') });
    },
  );
});

needsSecretService('a keychain that is no help is passed over with the reason, and the program ends', () => {
  test('one without the entry', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    const report = await visit({ urls: [url] }, store.variables);
    expect(report).toMatchObject({ status: 401, exit: 1 });
    expect(lookupIn(report).reason).toBe(`no entry under axios-challenge:${url}`);
  });

  test.each([
    ['one that keeps it locked', '', {}, 'locked, with an entry under'],
    ['one that keeps what the URL names locked', 'alice@', {}, 'locked, with an entry under'],
    [
      'one that may keep it locked, without dbus-send',
      '',
      { PATH: '/nonexistent' },
      'no entry under .*, or a locked one$',
    ],
  ])('%s', async (_, userinfo, variables, expected) => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.store(`axios-challenge:${url}`, 'alice', 'wonderland');
    await store.lock();
    const report = await visit({ urls: [url.replace('//', `//${userinfo}`)] }, { ...store.variables, ...variables });
    expect(report).toMatchObject({ status: 401, exit: 1 });
    expect(lookupIn(report).reason).toMatch(new RegExp(`^${expected}`));
    expect(lookupIn(report).milliseconds).toBeLessThan(LIMIT);
  });

  test('one that is locked and keeps something else', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.store('axios-challenge:https://files.example', 'alice', 'wonderland');
    await store.lock();
    const report = await visit({ urls: [url] }, store.variables);
    expect(lookupIn(report).reason).toBe(`no entry under axios-challenge:${url}`);
  });

  test('one that hangs', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.freeze();
    const report = await visit({ urls: [url] }, store.variables);
    expect(report).toMatchObject({ status: 401, exit: 1 });
    expect(lookupIn(report).reason).toMatch(/^no answer within 3000 ms/);
    expect(lookupIn(report).milliseconds).toBeLessThan(LIMIT);
  });

  test('one that dies in the middle', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.store(`axios-challenge:${url}`, 'alice', 'wonderland');
    const { called } = await store.watch();
    const frozen = await store.freeze();
    const visiting = visit({ urls: [url] }, store.variables);
    await called;
    frozen.kill();
    const report = await visiting;
    expect(report).toMatchObject({ status: 401, exit: 1 });
    expect(lookupIn(report).reason).toMatch(/^the store says: \S|^locked, with an entry under/); // D-Bus may start another.
    expect(lookupIn(report).milliseconds).toBeLessThan(LIMIT);
  });

  test('one with an entry of somebody else, on which keytar crashes', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.store(`axios-challenge:${url}`, undefined, 'wonderland');
    const report = await visit({ urls: [url] }, store.variables);
    expect(report).toMatchObject({ status: 401, exit: 1 });
    expect(lookupIn(report).reason).toBe('keytar crashed (SIGSEGV)');
  });

  test('one without a session bus', async () => {
    const { url } = await server();
    const report = await visit({ urls: [url] }, nowhere);
    expect(report).toMatchObject({ status: 401, exit: 1 });
    expect(lookupIn(report).reason).toMatch(/^the store says: .* \(it needs a D-Bus session with a Secret Service\)$/);
    expect(lookupIn(report).milliseconds).toBeLessThan(LIMIT);
  });

  test.each<[Keytar, RegExp]>([
    ['absent', /^keytar is not installed \(npm install keytar@npm:@github\/keytar\)$/],
    ['unloadable', /^keytar does not load: libsecret-9\.so\.0: .*\(it needs libsecret: apt-get install libsecret-1-0/],
  ])('one whose keytar is %s', async (keytar, reason) => {
    const [{ url }, path] = [await server(), await installed(keytar)];
    const { status, stdout } = await program(path, [url], { AXIOS_CHALLENGE_NO_PROMPT: '1' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/ {2}-> {2}401$/m);
    expect(lookupIn({ status: undefined, explained: stdout }).reason).toMatch(reason);
  });

  test('SEC-32: nothing is written to the disk instead', async () => {
    const { url } = await server();
    const home = await temporaryFolder();
    const folders = { HOME: home, TMPDIR: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, XDG_RUNTIME_DIR: home };
    const typed = { username: 'alice', password: 'wonderland' };
    const report = await visit({ urls: [url], save: 'always', typed }, { ...folders, ...nowhere });
    expect(report).toMatchObject({ status: 200, explained: expect.stringMatching(/alice was accepted, and failed: /) });
    expect(await holding('wonderland', home)).toEqual([]);
  });

  test('it leaves no process behind when the program is killed', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.freeze();
    const { called } = await store.watch();
    const before = await store.connections();
    const args = [compiled('test/support/visitor.ts'), JSON.stringify({ urls: [url] })];
    const env = { ...process.env, ...store.variables, AXIOS_CHALLENGE_NO_PROMPT: '1' };
    const visitor = spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'ignore' });
    await called;
    expect(await store.connections(before + 1)).toBe(before + 1);
    visitor.kill('SIGKILL');
    await once(visitor, 'exit');
    expect(await store.connections(before)).toBe(before);
  });
});

/** The files in a folder that have the text in them. */
async function holding(text: string, folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return (await stat(path)).isFile() && (await readFile(path)).includes(text) ? [path] : [];
    }),
  );
  return found.flat();
}
