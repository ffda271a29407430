/** The command line at a real pseudo-terminal: what a person sees, and how they leave. */

import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { atTerminal, needsPty, type Piped, type Window } from '../support/pty.js';
import { needsSecretService, secretService } from '../support/secret-service.js';
import { afterwards, server } from '../support/stage.js';
import { ALICE, CLI, folder } from './run.js';

const COOKED = /(?<!-)\bicanon\b[\s\S]*(?<!-)\becho\b/;
const COLOUR = /\u001b\[\d+m/;

function person(args: readonly string[], piped: Piped = ['stdout'], variables = {}): Window {
  const home = folder();
  const own = { HOME: home, XDG_STATE_HOME: join(home, 'state'), DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
  return atTerminal(CLI, args, piped, { ...own, LANG: 'C.UTF-8', ...variables });
}

needsPty('at a terminal', () => {
  test('a person is asked, and stdout holds only the body', async () => {
    const { url } = await server();
    const window = person(['get', url]);
    await window.answer('User name:', 'alice');
    await window.answer('Password:', 'wonderland');
    expect(await window.left()).toMatchObject({ status: 0, stty: expect.stringMatching(COOKED) });
    expect(JSON.parse(window.stdout)).toMatchObject({ user: 'alice' });
    expect(window.screen).not.toContain('wonderland');
  });

  test('the body may come from stdin: the person is asked at the terminal all the same', async () => {
    const guarded = await server();
    const window = person(['request', '-d', '@-', guarded.url], ['stdin', 'stdout']);
    await window.answer('User name:', 'alice');
    await window.answer('Password:', 'wonderland');
    expect((await window.left()).status).toBe(0);
    expect(guarded.requests.at(-1)?.body.toString()).toBe('not a person\n');
  });

  test.each<[string, number, (window: Window) => unknown]>([
    ['Ctrl-C', 130, (window) => window.type('\u0003')],
    ['Ctrl-D', 130, (window) => window.type('\u0004')],
    ['SIGINT', 130, (window) => window.kill('SIGINT')],
    ['SIGTERM', 143, (window) => window.kill('SIGTERM')],
  ])('%s at the prompt: status %i, the terminal restored, no further message', async (_, status, leave) => {
    const { url } = await server();
    const window = person(['get', '-v', url]);
    await window.until('User name:');
    await leave(window);
    expect(await window.left()).toMatchObject({ status, stty: expect.stringMatching(COOKED) });
    expect(window.screen).not.toMatch(/gave back|ERR_AUTH|^\s+at /m);
  });

  test('--max-time holds for the person, too', async () => {
    const { url } = await server();
    const window = person(['get', '-m', '3', url]);
    await window.until('User name:');
    expect(await window.left()).toMatchObject({ status: 5, stty: expect.stringMatching(COOKED) });
    await window.until('--max-time is over');
  });

  test('login asks, and a wrong password is asked again', async () => {
    const { url } = await server();
    const window = person(['login', url]);
    await window.answer('User name:', 'alice');
    await window.answer('Password:', 'mistyped');
    await window.until('refused');
    await window.answer('(alice)', '');
    await window.answer('Password:', 'wonderland');
    // There is no store here.
    expect((await window.left()).status).toBe(1);
    await window.until('run: axios-challenge doctor');
  });

  test('--verbose draws the handshake', async () => {
    const { url } = await server({ protect: [{ scheme: 'basic' }, { scheme: 'digest', algorithm: 'SHA-256' }] });
    const window = person(['get', '-v', url], ['stdout'], { ...ALICE, NO_COLOR: '1' });
    expect((await window.left()).status).toBe(0);
    const lines = window.screen.split('\r\n').map((line) => line.replace(/ +/g, ' ').trim());
    expect(lines).toEqual([
      'providers client server',
      '│ │ │',
      expect.stringMatching(/^│ ├─ GET \/ ─+▶ │$/),
      '│ │ without credentials │',
      expect.stringMatching(/^│ │ ◀─+ 401 ─┤$/),
      '│ │ Basic, Digest SHA-256, realm "test" │',
      '│ │ not Basic: weaker │',
      expect.stringMatching(/^├─ env: alice ─+▶ │ │$/),
      expect.stringMatching(/^│ ├─ GET \/ ─+▶ │$/),
      '│ │ as alice (Digest SHA-256, nc 1) │',
      expect.stringMatching(/^│ │ ◀─+ 200 ─┤$/),
      '',
    ]);
  });

  test.each<[string, NodeJS.ProcessEnv, boolean]>([
    ['a terminal', {}, true],
    ['NO_COLOR', { NO_COLOR: '1' }, false],
    ['a dumb terminal', { TERM: 'dumb' }, false],
  ])('colour: %s', async (_, variables, expected) => {
    const { url } = await server();
    const window = person(['get', '-v', url], ['stdout'], { ...ALICE, ...variables });
    await window.left();
    expect(COLOUR.test(window.screen)).toBe(expected);
  });

  test('binary data is not written to the terminal', async () => {
    const { url } = await server({ onAuthenticated: (_, response) => void response.end(Buffer.from([0, 7, 27])) });
    const window = person(['get', url], [], ALICE);
    expect((await window.left()).status).toBe(1);
    await window.until('use -o FILE');
    expect(window.screen).not.toMatch(/[\u0000\u0007]/);
  });

  test.each<[string, string[], Piped]>([
    ['stdout is a pipe', [], ['stdout']],
    ['it goes to a file', ['-o', '/dev/null'], []],
  ])('a long download shows how far it is when %s, and cleans up', async (_, args, piped) => {
    const download = await half();
    const window = person(['get', ...args, download.url], piped);
    await window.until(/\r500\.0 kB of 1\.0 MB {2}50% {2}.*\/s {2}\d+ s left/);
    download.rest();
    expect((await window.left()).status).toBe(0);
    expect(window.screen).toMatch(/\r\u001b\[K$/);
  });

  test('a long upload shows how far it is, and cleans up', async () => {
    const file = join(folder(), 'body');
    writeFileSync(file, Buffer.alloc(20_000_000, 'a'));
    const upload = await slowReader();
    const window = person(['-T', file, upload.url]);
    await window.until(/\rsent \d+\.\d MB of 20\.0 MB {2}\d+% {2}/);
    upload.read();
    expect((await window.left()).status).toBe(0);
    expect(window.screen).toMatch(/\r\u001b\[K$/);
  });

  test.each<[string, Piped, NodeJS.ProcessEnv]>([
    ['the body goes to the same terminal', [], {}],
    ['the terminal is dumb', ['stdout'], { TERM: 'dumb' }],
  ])('nothing moves where %s', async (_, piped, variables) => {
    const download = await half(1500);
    const window = person(['get', download.url], piped, variables);
    expect((await window.left()).status).toBe(0);
    expect(window.screen).not.toContain('50%');
  });
});

needsSecretService('the question whether to keep a password', () => {
  test('is asked by get, and status lists the account', async () => {
    const { url } = await server();
    const store = await secretService();
    const variables = { ...store.variables, XDG_STATE_HOME: folder() };
    const window = person(['get', url], ['stdout'], variables);
    await window.answer('User name:', 'alice');
    await window.answer('Password:', 'wonderland');
    await window.answer(/Keep the password of alice/, 'y');
    expect((await window.left()).status).toBe(0);
    const status = person(['status'], ['stdout'], variables);
    await status.left();
    expect(status.stdout).toBe(`${url}\talice\n`);
  });
});

/** Reads the body of a request when it is told to. */
async function slowReader(): Promise<{ url: string; read(): void }> {
  const waiting: IncomingMessage[] = [];
  const started = createServer((request, response) => {
    waiting.push(request);
    request.on('end', () => response.end());
  });
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    started.closeAllConnections();
    started.close();
  });
  const url = `http://127.0.0.1:${(started.address() as AddressInfo).port}/body`;
  return { url, read: () => waiting.splice(0).forEach((request) => void request.resume()) };
}

/** A megabyte, of which the second half comes when it is told to, or after so many milliseconds. */
async function half(milliseconds?: number): Promise<{ url: string; rest(): void }> {
  const waiting: ServerResponse[] = [];
  const rest = () => waiting.splice(0).forEach((response) => void response.end(Buffer.alloc(500_000, 'b')));
  const started = createServer((_, response) => {
    response.writeHead(200, { 'content-length': 1_000_000 }).write(Buffer.alloc(500_000, 'a'));
    waiting.push(response);
    if (milliseconds !== undefined) setTimeout(rest, milliseconds);
  });
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    started.closeAllConnections();
    started.close();
  });
  return { url: `http://127.0.0.1:${(started.address() as AddressInfo).port}`, rest };
}
