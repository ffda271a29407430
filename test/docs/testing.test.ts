/** What docs/testing.md says is what runs, in the runners that it names. */

import { type Block, blocksOf } from '../support/docs.js';
import { runInJest, runProgram } from '../support/docs-run.js';

const NOWHERE = { files: 'http://127.0.0.1:9' };

const blocks = blocksOf('docs/testing.md').filter(({ language }) => language === 'ts' || language === 'js');
const under = (heading: string) => blocks.find((block) => block.heading === heading)?.code ?? '';

const WRONG: ReadonlyArray<readonly [string, string]> = [
  ["password: 'wonderland'", "password: 'mistyped'"],
  ["users: { alice: 'another' }", "users: { alice: 'mistyped' }"],
];
const spoilt = (code: string) => WRONG.reduce((text, [right, wrong]) => text.replaceAll(right, wrong), code);

test('the test for node:test passes, and fails with a wrong password', async () => {
  expect(await runProgram(under('node:test'), NOWHERE, {})).toMatchObject({ status: 0 });
  expect(await runProgram(spoilt(under('node:test')), NOWHERE, {})).toMatchObject({ status: 1 });
});

test('the test for Jest passes, and fails when the password is right', async () => {
  expect(await runInJest(under('Jest'))).toMatchObject({ status: 0, stderr: expect.stringContaining('1 passed') });
  expect(await runInJest(spoilt(under('Jest')))).toMatchObject({ status: 1 });
});

// Vitest is not installed here; the names that the test takes from it are those of Jest.
test('the test for Vitest passes, and fails with another token', async () => {
  const code = under('Vitest').replace("'vitest'", "'@jest/globals'");
  expect(await runInJest(code)).toMatchObject({ status: 0, stderr: expect.stringContaining('1 passed') });
  expect(await runInJest(code.replace("{ token: 't0k3n' }", "{ token: 'other' }"))).toMatchObject({ status: 1 });
});

const programs = blocks.filter((block): block is Block & { readonly output: string } => block.output !== undefined);

test.each(programs.map((block) => [block.heading, block] as const))('%s: the program prints that', async (_, block) => {
  expect(await runProgram(block.code, NOWHERE, {})).toEqual({ status: 0, stdout: block.output, stderr: '' });
});

test('no block is left out but that of msw, which is not installed', () => {
  const headings = ['node:test', 'Jest', 'Vitest', ...programs.map(({ heading }) => heading)];
  expect(blocks.map(({ heading }) => heading).filter((one) => !headings.includes(one))).toEqual(['msw']);
  expect(programs).toHaveLength(3);
});
