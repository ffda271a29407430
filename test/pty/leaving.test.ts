/** How the person leaves a prompt at a real pseudo-terminal: promptly, with the terminal whole, and never in silence. */

import { atTerminal, needsPty, type Piped, type Window } from '../support/pty.js';
import { server } from '../support/stage.js';
import type { Report, Visit } from '../support/visitor.js';

const COOKED = /(?<!-)\bicanon\b[\s\S]*(?<!-)\becho\b/;
const [CTRL_C, CTRL_D, CTRL_Z] = ['\u0003', '\u0004', '\u001a'];

async function visit(changes: Partial<Visit> = {}, piped: Piped = ['stdout']): Promise<Window> {
  const { url } = await server();
  return atTerminal('test/support/visitor.ts', [JSON.stringify({ save: 'never', urls: [url], ...changes })], piped);
}

function reports({ stdout }: Window): Report[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** The last that was said of it; a password hides it. */
function showsCursor({ screen }: Window): boolean {
  return screen.lastIndexOf('\u001b[?25h') >= screen.lastIndexOf('\u001b[?25l');
}

const cancelled = { status: 401, explained: expect.stringMatching(/prompt +cancelled[\s\S]*ERR_AUTH_CANCELLED/) };

/** The questions at which it may happen. */
const QUESTIONS: ReadonlyArray<readonly [string, (window: Window) => Promise<void>]> = [
  ['the user name', (window) => window.until('User name:')],
  [
    'the password',
    async (window) => {
      await window.answer('User name:', 'alice');
      await window.until('Password:');
    },
  ],
];

needsPty('a person at a terminal', () => {
  describe.each(QUESTIONS)('who is asked for %s', (_, reach) => {
    test.each([
      ['Ctrl-C', (window: Window) => window.type(CTRL_C)],
      ['Ctrl-D', (window: Window) => window.type(CTRL_D)],
      ['an abort', (window: Window) => window.kill('SIGUSR2')],
    ])('leaves by %s: the program goes on with the 401, and a status that is not 0', async (how, leave) => {
      const window = await visit();
      await reach(window);
      await leave(window);
      expect(await window.left()).toMatchObject({ status: 1, stty: expect.stringMatching(COOKED) });
      expect(reports(window)).toMatchObject(how === 'an abort' ? [{ status: 'ERR_CANCELED' }] : [cancelled]);
      expect(showsCursor(window)).toBe(true);
      expect(window.screen).not.toMatch(/^\s+at /m);
    });

    test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
      '%s ends the program, and the terminal is whole',
      async (name) => {
        const window = await visit();
        await reach(window);
        await window.kill(name);
        expect(await window.left()).toMatchObject({ status: null, signal: name, stty: expect.stringMatching(COOKED) });
        expect(showsCursor(window)).toBe(true);
        expect(window.screen).not.toMatch(/^\s+at /m);
      },
    );

    test.each<[string, Piped]>([
      ['', ['stdout']],
      [' with all three streams in pipes', ['stdin', 'stdout', 'stderr']],
    ])('closes the window%s: the program ends by SIGHUP, and not by a crash', async (_streams, piped) => {
      const window = await visit({}, piped);
      await reach(window);
      window.hangUp();
      expect(await window.left()).toMatchObject({ status: null, signal: 'SIGHUP' });
    });

    test('finds the terminal restored after the program has called process.exit', async () => {
      const window = await visit({ onSignal: 'exit' });
      await reach(window);
      await window.kill('SIGUSR2');
      expect(await window.left()).toMatchObject({ status: 3, stty: expect.stringMatching(COOKED) });
      expect(showsCursor(window)).toBe(true);
    });
  });

  test('stops the program with Ctrl-Z, uses the terminal meanwhile, and answers after fg', async () => {
    const window = await visit();
    await window.until('User name:');
    window.type(CTRL_Z);
    expect(await window.stopped()).toMatchObject({ stty: expect.stringMatching(COOKED) });
    await window.kill('SIGCONT');
    window.type('alice\r');
    await window.answer('Password:', 'wonderland');
    expect(await window.left()).toMatchObject({ status: 0, stty: expect.stringMatching(COOKED) });
  });

  test('leaves with Ctrl-C also the questions that wait for their turn', async () => {
    const [one, two] = [await server(), await server()];
    const window = await visit({ urls: [one.url, two.url], together: true });
    await window.until('User name:');
    window.type(CTRL_C);
    expect(await window.left()).toMatchObject({ status: 1 });
    expect(reports(window)).toMatchObject([cancelled, cancelled]);
    expect(window.screen.match(/asks for/g)).toHaveLength(1);
  });

  test('leaves one question with Ctrl-D, and is asked the next question', async () => {
    const [one, two] = [await server(), await server()];
    const window = await visit({ urls: [one.url, two.url], together: true });
    await window.until('User name:');
    window.type(CTRL_D);
    await window.answer('User name:', 'alice');
    await window.answer('Password:', 'wonderland');
    expect(await window.left()).toMatchObject({ status: 1 });
    expect(
      reports(window)
        .map(({ status }) => status)
        .sort(),
    ).toEqual([200, 401]);
  });

  test('is asked again by a request that comes after Ctrl-C', async () => {
    const [one, two] = [await server(), await server()];
    const window = await visit({ urls: [one.url, two.url] });
    await window.until('User name:');
    window.type(CTRL_C);
    await window.answer('User name:', 'alice');
    await window.answer('Password:', 'wonderland');
    await window.left();
    expect(reports(window)).toMatchObject([cancelled, { status: 200 }]);
  });

  test('ends a program that does nothing else with a status that is not 0', async () => {
    const { url } = await server();
    const window = atTerminal('examples/basic.ts', [url], ['stdout']);
    await window.until('User name:');
    window.type(CTRL_D);
    expect(await window.left()).toMatchObject({ status: 1 });
  });
});
