/** Finds the versions of this package and of the packages that it works with. */

import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The version of this package. */
export function ownVersion(): string {
  for (let folder = dirname(program()); ; folder = dirname(folder)) {
    const { name, version } = read(join(folder, 'package.json'));
    if (name === 'axios-challenge' && version !== undefined) return version;
    if (folder === dirname(folder)) return '(unknown version)';
  }
}

/** The version of a package; `undefined` if it is not installed. */
export function versionOf(name: string): string | undefined {
  try {
    return read(createRequire(program()).resolve(`${name}/package.json`)).version;
  } catch {
    return undefined;
  }
}

/** Whether `version` is at least `wanted`; each consists of three numbers. */
export function isAtLeast(version: string, wanted: string): boolean {
  return version.localeCompare(wanted, 'en', { numeric: true }) >= 0;
}

/** The running file, with npm's link to it resolved. (`import.meta` exists in ES modules only, not in CommonJS.) */
function program(): string {
  return realpathSync(process.argv[1] ?? process.execPath);
}

function read(path: string): { readonly name?: string; readonly version?: string } {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}
