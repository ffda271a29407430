/** What docs/replay.md says is what runs. */

import { codeOf } from '../support/docs.js';
import { runProgram } from '../support/docs-run.js';
import { server, statuses } from '../support/stage.js';

const programs = codeOf('docs/replay.md', 'ts');

const SENDS = [
  ['a factory', 'challenge: { body:', [401, 200]],
  ['bufferBody', 'bufferBody:', [401, 200]],
  ['prime', 'handle.prime(', [401, 200, 200]],
] as const;

test.each(SENDS)('the program with %s', async (_, mark, sends) => {
  const [text = '', ...others] = programs.filter((one) => one.includes(mark));
  expect(others).toEqual([]);
  const guarded = await server();
  const { status, stdout, stderr } = await runProgram(text, { files: guarded.url });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('authenticated: true');
  expect(statuses(guarded)).toEqual(sends);
  expect(guarded.requests.at(-1)?.body.length).toBeGreaterThan(5);
});

test('no program of the page is left out', () => {
  expect(programs).toHaveLength(SENDS.length);
});
