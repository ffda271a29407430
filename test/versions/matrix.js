/** Which axios, which Node and which other runtimes there are to run the tests with. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = join(HERE, '../..');

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const pinned = read(join(HERE, 'package.json'));

/** The usual axios last. */
export function axioses() {
  const aliases = Object.keys(pinned.dependencies).map((alias) => ({
    alias,
    folder: join(HERE, 'node_modules', alias),
  }));
  const all = [...aliases, { alias: undefined, folder: join(ROOT, 'node_modules/axios') }];
  return all.map((one) => ({ ...one, version: read(join(one.folder, 'package.json')).version }));
}

/** Node's own binaries; `undefined` in place of one that npm did not install, as it is for another platform. */
export function nodes() {
  const specs = Object.entries(pinned.optionalDependencies).filter(([alias]) => alias.startsWith('node-'));
  return specs.map(([alias, spec]) => ({ spec, binary: binaryOf(alias, 'bin/node') }));
}

/** What a program needs on Deno; the tests write, too. */
const DENO = ['--allow-net', '--allow-env', '--allow-read', '--allow-write', '--no-prompt'];

/** The runtimes that Jest does not run on, and this Node; `flags` stand before the program. */
export function runtimes() {
  const specOf = (alias) => pinned.optionalDependencies[alias];
  return [
    { name: 'Node', spec: 'node', binary: process.execPath, flags: [] },
    { name: 'Bun', spec: specOf('bun'), binary: binaryOf('bun', 'bin/bun'), flags: ['run'] },
    {
      name: 'Deno',
      spec: specOf('deno'),
      binary: binaryOf('deno', 'deno'),
      flags: ['run', ...DENO, '--node-modules-dir=manual'],
    },
  ];
}

function binaryOf(alias, path) {
  const binary = join(HERE, 'node_modules', alias, path);
  return existsSync(binary) ? binary : undefined;
}
