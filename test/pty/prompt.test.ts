/** The prompt at a real pseudo-terminal; `stty` says whether it was given back whole. */

import { atTerminal, needsPty, type Piped, type Window } from '../support/pty.js';
import { server } from '../support/stage.js';
import type { Report, Visit } from '../support/visitor.js';

const COOKED = /(?<!-)\bicanon\b[\s\S]*(?<!-)\becho\b/;

function visit(visit: Visit, piped: Piped = ['stdout'], variables = {}): Window {
  return atTerminal('test/support/visitor.ts', [JSON.stringify({ save: 'never', ...visit })], piped, variables);
}

function reports({ stdout }: Window): Report[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function login(window: Window, username = 'alice', password = 'wonderland'): Promise<void> {
  await window.answer('User name:', username);
  await window.answer('Password:', password);
}

needsPty('a prompt at a terminal', () => {
  test.each<[string, Piped]>([
    ['stdout is a pipe, which holds nothing but data', ['stdout']],
    ['stdin is a pipe too, and the person at the controlling terminal', ['stdin', 'stdout']],
    ['all three are pipes', ['stdin', 'stdout', 'stderr']],
  ])('lets the person in when %s', async (_, piped) => {
    const { url } = await server();
    const window = visit({ urls: [url] }, piped);
    await login(window);
    const { status, stty } = await window.left();
    expect({ status, reports: reports(window) }).toMatchObject({ status: 0, reports: [{ status: 200 }] });
    expect(window.screen).not.toContain('wonderland');
    expect(stty).toMatch(COOKED);
  });

  test.each([
    ['the URL', (url: string) => url.replace('//', '//alice@'), {}],
    ['the environment', (url: string) => url, { AXIOS_CHALLENGE_USERNAME: 'alice' }],
  ])('offers the user name of %s', async (_, address, variables) => {
    const { url } = await server();
    const window = visit({ urls: [address(url)] }, ['stdout'], variables);
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

  test('shows a realm of 10 kB with bidi characters as short, harmless text', async () => {
    const realm = `\u202e\u2066${'x'.repeat(10_000)}`;
    const { url } = await server({ protect: { scheme: 'basic', realm } });
    const window = visit({ urls: [url] });
    await window.until('User name:');
    expect(window.screen).not.toMatch(/[\u202e\u2066]|x{81}/);
    window.type('\u0003');
    await window.left();
  });

  test.each<[string, (window: Window) => unknown]>([
    ['Ctrl-C', (window) => window.type('\u0003')],
    ['Ctrl-D', (window) => window.type('\u0004')],
    ['SIGTERM', (window) => window.kill('SIGTERM')],
    ['an abort', (window) => window.kill('SIGUSR2')],
  ])('%s ends it, and the terminal is whole', async (_, leave) => {
    const { url } = await server();
    const window = visit({ urls: [url] });
    await window.until('User name:');
    await leave(window);
    const { status, stty } = await window.left();
    expect(status).not.toBe(0);
    expect(stty).toMatch(COOKED);
    expect(window.screen).not.toMatch(/^\s+at /m);
  });

  test.each(['CI', 'AXIOS_CHALLENGE_NO_PROMPT'])('is passed over where %s is set', async (name) => {
    const { url } = await server();
    const window = visit({ urls: [url] }, ['stdout'], { [name]: 'true' });
    expect(await window.left()).toMatchObject({ status: 1 });
    expect(reports(window)[0]?.explained).toMatch(`${name} is set (set AXIOS_CHALLENGE_USERNAME`);
    expect(window.screen).toBe('');
  });

  test('two are asked one after the other', async () => {
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
