/** The prompt at a real pseudo-terminal; `stty` says whether it was given back whole. */

import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program, ROOT } from '../support/program.js';
import { atTerminal, needsPty, type Piped, type Window } from '../support/pty.js';
import { afterwards, server, statuses } from '../support/stage.js';
import type { Report, Visit } from '../support/visitor.js';

const COOKED = /(?<!-)\bicanon\b[\s\S]*(?<!-)\becho\b/;
const VISITOR = 'test/support/visitor.ts';

function visit(visit: Visit, piped: Piped = ['stdout'], variables = {}): Window {
  return atTerminal(VISITOR, [JSON.stringify({ save: 'never', ...visit })], piped, variables);
}

function reports({ stdout }: Pick<Window, 'stdout'>): Report[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function login(window: Window, username = 'alice', password = 'wonderland'): Promise<void> {
  await window.answer('User name:', username);
  await window.answer('Password:', password);
}

/** A server that asks for Basic with these bytes as its realm, which no server of Node would send. */
async function serverWithRealm(realm: string): Promise<string> {
  const raw = createServer((socket) => {
    const head = `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="${realm}"\r\nContent-Length: 0\r\n\r\n`;
    socket.on('error', () => {}).on('data', () => socket.write(head, 'latin1'));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => raw.once('listening', resolve));
  afterwards(() => raw.close());
  return `http://127.0.0.1:${(raw.address() as { port: number }).port}`;
}

const PROGRAM = `import axios from 'axios';
import { explain, installAuth, prompt } from 'axios-challenge';
const client = axios.create();
installAuth(client, { providers: [prompt()] });
console.log(explain(await client.get(process.argv[2], { validateStatus: null })));
`;

/** A program whose only packages are axios and this one, as it is built. */
async function programWithoutInquirer(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-bare-'));
  afterwards(() => rm(folder, { recursive: true }));
  const own = join(folder, 'node_modules/axios-challenge');
  await mkdir(own, { recursive: true });
  await cp(join(ROOT, 'dist'), join(own, 'dist'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(own, 'package.json'));
  await symlink(join(ROOT, 'node_modules/axios'), join(folder, 'node_modules/axios'));
  await writeFile(join(folder, 'program.mjs'), PROGRAM);
  return join(folder, 'program.mjs');
}

needsPty('a prompt at a terminal', () => {
  test.each<[string, Piped]>([
    ['stdout is a pipe, which holds nothing but data', ['stdout']],
    ['stdin is a pipe too, and the person at the controlling terminal', ['stdin', 'stdout']],
    ['all three are pipes', ['stdin', 'stdout', 'stderr']],
  ])('gets the request accepted when %s', async (_, piped) => {
    const { url } = await server();
    const window = visit({ urls: [url] }, piped);
    await login(window);
    const { status, stty } = await window.left();
    expect({ status, reports: reports(window) }).toMatchObject({ status: 0, reports: [{ status: 200 }] });
    expect(window.screen).not.toContain('wonderland');
    expect(stty).toMatch(COOKED);
  });

  test('shows nothing of a password after the reveal key of inquirer', async () => {
    const { url } = await server();
    const window = visit({ urls: [url] });
    await window.answer('User name:', 'alice');
    await window.answer('Password:', 'wonder\u0014land');
    expect(await window.left()).toMatchObject({ status: 0 });
    expect(window.screen).not.toMatch(/wonder|land|\*/);
  });

  test.each<[string, (url: string) => string, object, Partial<Visit>]>([
    ['the URL', (url) => url.replace('//', '//alice@'), {}, {}],
    ['the environment', (url) => url, { AXIOS_CHALLENGE_USERNAME: 'alice' }, {}],
    ['another provider', (url) => url, {}, { hint: 'alice' }],
  ])('offers the user name of %s', async (_, address, variables, changes) => {
    const { url } = await server();
    const window = visit({ urls: [address(url)], ...changes }, ['stdout'], variables);
    await window.answer('(alice)', '');
    await window.answer('Password:', 'wonderland');
    expect(await window.left()).toMatchObject({ status: 0 });
  });

  test('offers the user name whose stored password was refused', async () => {
    const { url } = await server();
    const outdated = { AXIOS_CHALLENGE_USERNAME: 'alice', AXIOS_CHALLENGE_PASSWORD: 'outdated' };
    const window = visit({ urls: [url] }, ['stdout'], outdated);
    await window.until('The server refused the user name or password of another source.');
    await window.answer('(alice)', '');
    await window.answer('Password:', 'wonderland');
    expect(await window.left()).toMatchObject({ status: 0 });
  });

  test('asks again after a wrong password, says why, and stops at maxCredentials', async () => {
    const { url } = await server();
    const window = visit({ urls: [url], maxCredentials: 2 });
    await login(window, 'alice', 'wrong one');
    await window.until('The server refused that user name or password; try again.');
    await window.answer('(alice)', '');
    await window.answer('Password:', 'wrong two');
    expect(await window.left()).toMatchObject({ status: 1, stty: expect.stringMatching(COOKED) });
    expect(reports(window)).toMatchObject([{ status: 401 }]);
    expect(window.screen).not.toMatch(/wrong (one|two)/);
  });

  test.each<[string, string, string | RegExp]>([
    // axios takes control characters out of a field, as far as it is not decoded.
    ['an escape sequence that clears the screen', '\u001b[2J', /(\\x1b)?\[2J/],
    ['a link', '\u001b]8;;http://evil.example\u0007files', /(\\x1b)?\]8;;http:\/\/evil.example(\\x07)?files/],
    ['a C1 control', Buffer.from('\u009b2J').toString('latin1'), '\\x9b2J'],
    ['a bidi override', Buffer.from('\u202egnp').toString('latin1'), '\\u202egnp'],
    ['a bidi isolate', Buffer.from('\u2066x').toString('latin1'), '\\u2066x'],
    ['a quotation mark', 'x\\"y', 'x\\"y'],
    ['10 kB', 'x'.repeat(10_000), `${'x'.repeat(79)}…`],
  ])('shows a realm with %s as harmless text', async (_, realm, shown) => {
    const url = await serverWithRealm(realm);
    const window = visit({ urls: [url], insecureHTTPParser: true });
    await window.until('The server calls this "');
    await window.until(shown);
    await window.until('User name:');
    expect(window.screen).not.toMatch(/\u001b(\[2J|\])|[\u0007\u0080-\u009f\u202e\u2066]|x{80}/);
    window.type('\u0003');
    await window.left();
  });

  test.each([
    ['yes', 'y', 200],
    ['no', 'n', 401],
    ['Enter, which is no', '', 401],
  ])('asks before a password travels in clear text: %s', async (_, answer, status) => {
    const guarded = await server({ protect: { scheme: 'basic' } });
    const url = guarded.url.replace('127.0.0.1', 'files.example');
    const window = visit({ urls: [url], address: '127.0.0.1' });
    await window.until(`The password would travel in the clear to ${url}`);
    window.type(`${answer}\r`);
    if (status === 200) await login(window);
    await window.left();
    expect(reports(window)).toMatchObject([{ status }]);
    expect(statuses(guarded)).toEqual(status === 200 ? [401, 200] : [401]);
    if (status === 401)
      expect(reports(window)[0]?.explained).toContain('declined: the secret would travel in clear text');
  });

  test('does not ask that if no password travels in clear text', async () => {
    const { url } = await server({ protect: { scheme: 'digest' } });
    const window = visit({ urls: [url.replace('127.0.0.1', 'files.example')], address: '127.0.0.1' });
    await login(window);
    expect(await window.left()).toMatchObject({ status: 0 });
    expect(window.screen).not.toContain('clear');
  });

  test.each(['CI', 'AXIOS_CHALLENGE_NO_PROMPT'])('is passed over if %s is set', async (name) => {
    const { url } = await server();
    const window = visit({ urls: [url] }, ['stdout'], { [name]: 'true' });
    expect(await window.left()).toMatchObject({ status: 1 });
    expect(reports(window)[0]?.explained).toMatch(`${name} is set (set AXIOS_CHALLENGE_USERNAME`);
    expect(window.screen).toBe('');
  });

  test('is passed over without a terminal, and names the variables', async () => {
    const { url } = await server();
    const ended = await program(VISITOR, [JSON.stringify({ urls: [url] })], { CI: '' });
    expect(ended).toMatchObject({ status: 1, stderr: '' });
    expect(reports(ended)[0]?.explained).toContain(
      'not available: stdin is not a terminal (set AXIOS_CHALLENGE_USERNAME and AXIOS_CHALLENGE_PASSWORD, or run in a terminal)',
    );
  });

  test('is passed over if inquirer is not installed, shows nothing, and says how to install it', async () => {
    const { url } = await server();
    const window = atTerminal(await programWithoutInquirer(), [url], ['stdout']);
    expect(await window.left()).toMatchObject({ status: 0, stty: expect.stringMatching(COOKED) });
    expect(window.stdout).toContain('inquirer is not installed (npm install inquirer)');
    expect(window.screen).toBe('');
  });

  test('two questions are asked one after the other', async () => {
    const [one, two] = [await server(), await server()];
    const window = visit({ urls: [one.url, two.url], together: true });
    await window.until('User name:');
    expect(window.screen.match(/asks for/g)).toHaveLength(1);
    window.type('alice\r');
    await window.answer('Password:', 'wonderland');
    await login(window);
    expect(await window.left()).toMatchObject({ status: 0 });
  });
});
