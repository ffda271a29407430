/** The program as npm installs it: out of the package, through the link in node_modules/.bin. */

import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/program.js';
import { server } from '../support/stage.js';
import { ALICE, environment, folder } from './run.js';

const run = promisify(execFile);

/** A project with the package in it; `npm pack` without its scripts, which would build under the feet of other tests. */
async function project(...peers: string[]): Promise<string> {
  const place = folder();
  await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', place], { cwd: ROOT });
  const tarball = readdirSync(place).find((name) => name.endsWith('.tgz')) as string;
  const modules = join(place, 'node_modules');
  mkdirSync(join(modules, 'axios-challenge'), { recursive: true });
  await run('tar', ['-xzf', join(place, tarball), '--strip-components=1', '-C', join(modules, 'axios-challenge')]);
  mkdirSync(join(modules, '.bin'));
  symlinkSync('../axios-challenge/dist/esm/cli/main.js', join(modules, '.bin', 'axios-challenge'));
  for (const peer of peers) symlinkSync(join(ROOT, 'node_modules', peer), join(modules, peer));
  return join(modules, '.bin', 'axios-challenge');
}

test('get succeeds', async () => {
  const { url } = await server();
  const bin = await project('axios');
  const { stdout, stderr } = await run(process.execPath, [bin, 'get', url], { env: environment(ALICE) });
  expect(JSON.parse(stdout)).toMatchObject({ user: 'alice' });
  expect(stderr).toBe('');
  expect((await run(process.execPath, [bin, '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('without axios the help works, and get and doctor say what is missing', async () => {
  const bin = await project();
  const start = (...args: string[]) =>
    run(process.execPath, [bin, ...args], { env: environment() }).catch(
      (error) => error as { stdout: string; stderr: string },
    );
  expect((await start('--help')).stdout).toContain('Commands');
  expect((await start('get', 'http://127.0.0.1:1')).stderr).toBe(
    'axios-challenge: axios is not installed (npm install axios)\n',
  );
  const { stdout } = await start('doctor');
  expect(stdout).toMatch(/!! {2}axios +not installed/);
  expect(stdout).toMatch(/keytar is not installed[\s\S]*inquirer is not installed/);
});
