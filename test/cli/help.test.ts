/** The help is what runs: every command line in it is run here against the strict server. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../src/cli/commands.js';
import { ROOT } from '../support/program.js';
import { needsSecretService, secretService } from '../support/secret-service.js';
import { server } from '../support/stage.js';
import { ALICE, cli, shell } from './run.js';

const NAMES = Object.keys(COMMANDS);
const EXAMPLES = Object.entries(COMMANDS).flatMap(([name, { examples }]) =>
  examples.map(({ line }) => [name, line] as const),
);

test('--help names every command', async () => {
  const { status, stdout, stderr } = await cli(['--help']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const name of NAMES) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
});

test.each(NAMES)('%s --help names every option', async (name) => {
  const { status, stdout } = await cli([name, '--help']);
  expect(status).toBe(0);
  for (const option of Object.keys(COMMANDS[name]?.options ?? {})) expect(stdout).toContain(`--${option}`);
  for (const line of stdout.split('\n').filter((one) => !one.includes('axios-challenge'))) {
    expect(line.length).toBeLessThanOrEqual(80);
  }
});

test.each(['--version', '-V'])('%s is the version of the package', async (flag) => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(await cli([flag])).toMatchObject({ status: 0, stdout: `${version}\n` });
});

test('every command has an example', () => {
  expect(NAMES.filter((name) => !EXAMPLES.some(([of]) => of === name))).toEqual([]);
});

needsSecretService('examples', () => {
  // A login at an issuer takes a person with a browser: tokens.test.ts has one.
  test.each(EXAMPLES.filter(([, line]) => !line.includes('--oauth')))('%s: %s', async (_, line) => {
    const { url } = await server();
    const store = await secretService();
    await store.store(`axios-challenge:${url}`, 'alice', 'wonderland');
    const { status, stderr } = await shell(line.replaceAll('https://files.example', url), {
      ...ALICE,
      ...store.variables,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('axios-challenge:') });
  });
});
