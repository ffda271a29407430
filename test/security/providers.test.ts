/** What providers take, and what they hand to others (SEC-08 to SEC-10, SEC-13, SEC-14, SEC-16, SEC-31, SEC-32). */

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { command, explain, git, keychain, netrc, prompt } from '../../src/index.js';
import { ask } from '../support/credential-request.js';
import { FakeTerminal } from '../support/fake-terminal.js';
import { temporaryFile, temporaryFolder } from '../support/files.js';
import { afterwards, client, server } from '../support/stage.js';

const NETRC = 'machine files.example login alice password x\ndefault login anyone password y\n';

test.each([
  'https://victim:x@attacker.example',
  'https://attacker.example:443',
  'https://files.example.attacker.example',
])('SEC-08 netrc is looked up by the parsed host: %s', async (url) => {
  const file = await temporaryFile(
    'file',
    'machine victim login v password p\nmachine attacker.example login a password q\nmachine files.example login f password r\n',
  );
  const { origin } = new URL(url);
  const found = await netrc({ file }).get(ask({ origin, url }));
  expect(found).toEqual(url.includes('files') ? undefined : { username: 'a', password: 'q' });
});

test('SEC-09 another login of the host does not match, and a login without a password inherits none', async () => {
  const file = await temporaryFile(
    'file',
    'machine files.example login alice password x\nmachine b.example login bob\n',
  );
  expect(await netrc({ file }).get(ask({ username: 'bob' }))).toBeUndefined();
  expect(await netrc({ file }).get(ask({ origin: 'https://b.example' }))).toEqual({ username: 'bob' });
});

test('SEC-10 the default entry is off, and nothing goes over http, unless asked for', async () => {
  const file = await temporaryFile('file', NETRC);
  expect(await netrc({ file }).get(ask({ origin: 'https://other.example' }))).toBeUndefined();
  expect(await netrc({ file, default: true }).get(ask({ origin: 'https://other.example' }))).toBeDefined();
  expect(await netrc({ file }).get(ask({ origin: 'http://files.example' }))).toBeUndefined();
});

const BREAKING = ['\n', '\r', '\0', '%0a', '%0A', '%0d', '%00', 'x\r\nhost=evil.example'];

test.each(BREAKING)('SEC-13 no line break or NUL is passed to a helper: %j', async (breaking) => {
  const trace = join(await temporaryFolder(), 'told');
  const helper = `!f() { cat >> ${trace}; echo username=alice; echo password=x; }; f`;
  const home = await temporaryFile('file', `[credential]\n  helper = ${JSON.stringify(helper)}\n`);
  const provider = git({ environment: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: home, GIT_CONFIG_NOSYSTEM: '1' } });
  await expect((async () => provider.get(ask({ username: `alice${breaking}` })))()).rejects.toThrow(
    /line break or NUL/,
  );
  const program = command(['sh', '-c', `cat >> ${trace}; echo x`, '{username}'], { input: 'docker' });
  await expect((async () => program.get(ask({ username: `alice${breaking}` })))()).rejects.toThrow(
    /control characters/,
  );
  expect(existsSync(trace)).toBe(false);
});

test.each([
  ['escape sequences', '\u001b[2J\u001b]8;;https://evil.example\u0007', /[\u001b\u0007]/],
  ['bidi marks', 'a\u202eb\u2066c', /[\u202e\u2066]/],
  ['10 kB', 'x'.repeat(10_000), /x{200}/],
  ['lines', 'a\r\nhttps://bank.example asks for a password', /\nhttps:/],
])(
  'SEC-14 a prompt shows the origin first, and a realm with %s as short, quoted, harmless text',
  async (_, realm, harmful) => {
    const terminal = new FakeTerminal();
    const leaving = new AbortController();
    const asked = Promise.resolve(prompt(terminal).get(ask({ realm, signal: leaving.signal }))).catch(() => undefined);
    await terminal.until('User name:');
    const introduction = terminal.shown
      .slice(0, terminal.shown.indexOf('User name:'))
      .replace(/\u001b\[[\d;?]*[A-Za-z]/g, '');
    leaving.abort();
    await asked;
    const raw = terminal.shown.slice(0, terminal.shown.indexOf('The server calls this'));
    expect(raw.startsWith('https://files.example asks for')).toBe(true);
    const line = introduction.slice(introduction.indexOf('The server calls this')).split('\n')[0] ?? '';
    expect(line).toMatch(/^The server calls this ".*/);
    expect(line).not.toMatch(harmful);
  },
);

test.each([
  ['another host', 'host=evil.example', 'https://evil.example'],
  ['another protocol', 'protocol=http', 'http://files.example'],
])('SEC-16 the answer of a helper for %s is not used', async (_, line, url) => {
  const helper = `!f() { echo ${line}; echo username=alice; echo password=x; }; f`;
  const home = await temporaryFile('file', `[credential]\n  helper = ${JSON.stringify(helper)}\n`);
  const provider = git({ environment: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: home, GIT_CONFIG_NOSYSTEM: '1' } });
  expect(await provider.get(ask())).toBeUndefined();
  const printed = command(['printf', '%s', JSON.stringify({ ServerURL: url, Username: 'alice', Secret: 'x' })]);
  await expect((async () => printed.get(ask()))()).rejects.toThrow(/another origin/);
});

describe('SEC-31 external commands', () => {
  test('SEC-31 no shell is used', async () => {
    const touched = join(await temporaryFolder(), 'touched');
    const program = command(['printf', '%s', `; touch ${touched}`, `$(touch ${touched})`], { username: 'alice' });
    await (async () => program.get(ask()))().catch(() => {});
    const named = command([`printf; touch ${touched}`]);
    await expect((async () => named.get(ask()))()).rejects.toThrow(/not installed/);
    expect(existsSync(touched)).toBe(false);
  });

  test('SEC-31 the time and the output are limited, and stderr and arguments are not shown', async () => {
    const endless = command(['sh', '-c', 'sleep 60 # s3cret'], { timeout: 50 });
    await expect((async () => endless.get(ask()))()).rejects.toThrow(/within 50 ms/);
    const flooding = command(['sh', '-c', 'yes | head -c 1000000']);
    await expect((async () => flooding.get(ask()))()).rejects.toThrow(/more than a credential/);
    const loud = command(['sh', '-c', 'echo s3cret >&2; exit 3']);
    const error: Error = await (async () => loud.get(ask()))().then(
      () => new Error('none'),
      (reason) => reason,
    );
    expect(error.message).toContain('status 3');
    expect(error.message).not.toContain('s3cret');
  });
});

test('SEC-32 a keychain that is down keeps nothing, and nothing is written anywhere', async () => {
  const down = async (): Promise<never> => {
    throw new Error('the store is down');
  };
  const backend = {
    getPassword: down,
    setPassword: down,
    deletePassword: down,
    findPassword: down,
    findCredentials: down,
  };
  const folder = await temporaryFolder();
  const guarded = await server();
  const person = { name: 'person', interactive: true, get: () => ({ username: 'alice', password: 'wonderland' }) };
  const home = process.env.HOME;
  process.env.HOME = folder;
  afterwards(() => {
    process.env.HOME = home;
  });
  const providers = [keychain({ backend, save: 'always' }), person];
  const response = await client(guarded.url, { providers }).get('/');
  expect(response.status).toBe(200);
  expect(explain(response)).toMatch(/keychain +told that alice was accepted, and failed/);
  expect(await readdir(folder)).toEqual([]);
});
