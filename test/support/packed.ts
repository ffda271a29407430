/** Projects of other people, with the package in them as npm installs it from the packed archive. */

import { type ExecFileException, execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './program.js';
import { afterwards } from './stage.js';

/** How a program ended. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a terminal, and without what this machine says about credentials. */
export function runIn(cwd: string, program: string, ...args: readonly string[]): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^AXIOS_CHALLENGE|^NODE_|^npm_/.test(name));
  const env = Object.fromEntries(inherited);
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env, timeout: 110_000 }, (error: ExecFileException | null, stdout, stderr) => {
      const status = error ? Number(error.code ?? 1) : 0;
      resolve({ status, stdout, stderr });
    });
  });
}

let archive: Promise<string> | undefined;

afterAll(async () => {
  if (archive) await rm(dirname(await archive), { recursive: true });
});

/** The packed archive, of what is built: building here would pull it away from under other tests. */
export function packed(): Promise<string> {
  archive ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-packed-'));
    const { stdout } = await runIn(ROOT, 'npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder);
    return join(folder, stdout.trim());
  })();
  return archive;
}

/** A project with these files, axios, and the package; `options` are npm's. */
export async function project(files: Readonly<Record<string, string>>, ...options: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-project-'));
  afterwards(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries({ 'package.json': '{ "private": true }', ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await npm(folder, 'install', ...options, `axios@${await versionOf('axios')}`, await packed());
  return folder;
}

/** `npm` says little, or the test fails with all it has said. */
export async function npm(folder: string, ...args: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await runIn(folder, 'npm', ...args, '--prefer-offline', '--no-audit', '--no-fund');
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stdout}${stderr}`);
}

/** Lets a project use a package that this one has for its development. */
export async function lend(folder: string, name: string): Promise<void> {
  await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true });
  await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'dir');
}

async function versionOf(name: string): Promise<string> {
  return JSON.parse(await readFile(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version;
}
