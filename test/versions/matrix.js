/** Which axios and which Node there are to run the tests with. */

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
  return Object.entries(pinned.optionalDependencies).map(([alias, spec]) => {
    const binary = join(HERE, 'node_modules', alias, 'bin/node');
    return { spec, binary: existsSync(binary) ? binary : undefined };
  });
}
