import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RunFailure, run } from '../../../src/providers/run.js';

const timeout = 20_000;
const sh = (script: string, ...args: string[]) => ['/bin/sh', '-c', script, 'sh', ...args];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'axios-challenge-run-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['its input', sh('cat'), { input: 'Grüße\n' }, { status: 0, signal: null, stdout: 'Grüße\n' }],
  ['an exit status', sh('exit 3'), {}, { status: 3, signal: null, stdout: '' }],
  ['the signal that ended it', sh('kill -9 $$'), {}, { status: null, signal: 'SIGKILL', stdout: '' }],
  ['nothing of stderr', sh('echo secret >&2; echo out'), {}, { status: 0, signal: null, stdout: 'out\n' }],
  ['its environment and no other', sh('echo "$A$HOME"'), { environment: { A: 'a' } }, { status: 0, stdout: 'a\n' }],
  ['as much output as agreed', sh('echo 123'), { maxOutput: 4 }, { status: 0, stdout: '123\n' }],
  ['input that is not read', sh('exit 0'), { input: 'x'.repeat(1 << 20) }, { status: 0, stdout: '' }],
])('a program gives %s', async (_, argv, options, expected) => {
  expect(await run(argv, { timeout, ...options })).toMatchObject(expected);
});

test('an argument is not run as a shell command', async () => {
  const { stdout } = await run(['/bin/echo', '$(id); `id` | id'], { timeout });
  expect(stdout).toBe('$(id); `id` | id\n');
});

test.each([
  ['missing', () => [join(folder, 'nothing')], {}],
  ['denied', () => [join(folder, 'plain')], {}],
  ['failed', () => ['/bin/echo', 'a secret\0'], {}],
  ['late', () => sh('exec sleep 60'), { timeout: 1 }],
  ['flooded', () => sh('echo 1234'), { maxOutput: 4 }],
  ['flooded', () => sh('exec yes'), {}],
  ['aborted', () => sh('exec sleep 60'), { signal: AbortSignal.abort() }],
] as const)('a program that is %s is a failure that shows nothing of it', async (reason, argv, options) => {
  await writeFile(join(folder, 'plain'), 'echo', { mode: 0o600 });
  const failure = await run(argv(), { timeout, ...options }).catch((error) => error);
  expect(failure).toBeInstanceOf(RunFailure);
  expect(failure).toMatchObject({ reason, message: reason });
  expect(failure.cause).toBeUndefined();
});

test('an abort kills the program and its children, even if they ignore SIGTERM', async () => {
  const fifo = join(folder, 'fifo');
  await promisify(execFile)('mkfifo', [fifo]);
  const leaving = new AbortController();
  const stubborn = sh('trap "" TERM; exec 3>"$1"; sleep 60 & wait', fifo);
  const running = run(stubborn, { timeout, signal: leaving.signal });
  const held = await open(fifo, 'r'); // When the program has opened it too.
  leaving.abort();
  await expect(running).rejects.toMatchObject({ reason: 'aborted' });
  expect(await held.readFile('utf8')).toBe(''); // Ends when nobody holds the other end any more.
  await held.close();
});

test('a program is not started if the signal was aborted before', async () => {
  const unstartable = run(['/bin/echo', '\0'], { timeout, signal: AbortSignal.abort() });
  await expect(unstartable).rejects.toMatchObject({ reason: 'aborted' });
});

test('stderr of a program is discarded', async () => {
  const { stdout } = await run(sh('[ /dev/fd/2 -ef /dev/null ] && echo lost'), { timeout });
  expect(stdout).toBe('lost\n');
});

test('a program has no terminal to ask at', async () => {
  const { stdout } = await run(sh('(: </dev/tty) 2>/dev/null && echo terminal || echo none'), { timeout });
  expect(stdout).toBe('none\n');
});

test('a polluted Object.prototype reaches neither the options nor the environment', async () => {
  const prototype = Object.prototype as Record<string, unknown>;
  Object.assign(prototype, { input: 'polluted', shell: '/bin/false', cwd: '/nowhere', POLLUTED: 'polluted' });
  try {
    const { stdout } = await run(sh('cat; echo "[$POLLUTED]"'), { timeout, environment: {} });
    expect(stdout).toBe('[]\n');
  } finally {
    for (const name of ['input', 'shell', 'cwd', 'POLLUTED']) delete prototype[name];
  }
});
