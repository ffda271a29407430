/** The versions of this package, and of those it works with. */

import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The version of this package. */
export function ownVersion(): string {
  for (let folder = dirname(program()); ; folder = dirname(folder)) {
    const { name, version } = read(join(folder, 'package.json'));
    if (name === 'axios-challenge' && version !== undefined) return version;
    if (folder === dirname(folder)) return 'of unknown version';
  }
}

/** `undefined` where it is not installed. */
export function versionOf(name: string): string | undefined {
  try {
    return read(createRequire(program()).resolve(`${name}/package.json`)).version;
  } catch {
    return undefined;
  }
}

/** Whether `version` is at least `wanted`, both of three numbers. */
export function isAtLeast(version: string, wanted: string): boolean {
  return version.localeCompare(wanted, 'en', { numeric: true }) >= 0;
}

/** The file that runs, not the link that npm made to it. (`import.meta` is for one of the two dialects only.) */
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
