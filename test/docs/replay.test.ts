/** What docs/replay.md says is what runs. */

import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { program, ROOT } from '../support/program.js';
import { afterwards, server, statuses } from '../support/stage.js';

const page = readFileSync(join(ROOT, 'docs/replay.md'), 'utf8');
const programs = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text]) => text as string);

const SENDS = [
  ['a factory', 'challenge: { body:', [401, 200]],
  ['bufferBody', 'bufferBody:', [401, 200]],
  ['prime', 'handle.prime(', [401, 200, 200]],
  ['Expect', 'Expect:', [401, 200]],
] as const;

test.each(SENDS)('the program with %s', async (_, mark, sends) => {
  const [text, ...others] = programs.filter((one) => one.includes(mark));
  expect(others).toEqual([]);
  const guarded = await server();
  const folder = await mkdtemp(join(ROOT, '.replay-'));
  afterwards(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'program.ts'), text?.replaceAll('https://files.example', guarded.url) ?? '');
  const variables = { AXIOS_CHALLENGE_USERNAME: 'alice', AXIOS_CHALLENGE_PASSWORD: 'wonderland' };
  const { status, stdout, stderr } = await program(join(folder, 'program.ts'), [], variables);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('authenticated: true');
  expect(statuses(guarded)).toEqual(sends);
  expect(guarded.requests.at(-1)?.body.length).toBeGreaterThan(5);
});

test('no program of the page is left out', () => {
  expect(programs).toHaveLength(SENDS.length);
});
