/** The process ends with a status whatever the program does. */

import { execFile } from 'node:child_process';
import { ROOT } from '../support/program.js';

type Ended = { status: number; stderr: string; stdout: string };

/** Lives through `work`, written in JavaScript. */
function live(work: string): Promise<Ended> {
  const script = `import { live } from './src/cli/io/process.ts'; live(${work})`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT, timeout: 10_000 }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

test('a command that never settles does not end with 0 and without a message', async () => {
  expect(await live('() => new Promise(() => {})')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('before the command was complete'),
  });
});

test('work in the background does not keep the program alive', async () => {
  expect(await live('async () => { setInterval(() => {}, 1000); return 7; }')).toMatchObject({ status: 7, stderr: '' });
});

test('an unexpected failure is reported without its message and its stack', async () => {
  const { status, stderr } = await live('async () => { throw new TypeError("s3cr3t"); }');
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'axios-challenge: unexpected failure (TypeError; please report this)\n',
  });
});

test('all output is written before the program ends', async () => {
  const { stdout } = await live('async () => { process.stdout.write("x".repeat(1_000_000)); return 0; }');
  expect(stdout).toHaveLength(1_000_000);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('%s ends even a command that does not listen to it', async (signal, status) => {
  const work = `async () => { setInterval(() => {}, 1000); process.kill(process.pid, '${signal}'); await new Promise(() => {}); }`;
  expect(await live(work)).toEqual({ status, stdout: '', stderr: '' });
});
