/** A TypeScript program as one JavaScript file: it starts in a quarter of the time that a loader for TypeScript takes. */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

// Inside the tree, so that packages are found as they are from the sources.
const CACHE = join(ROOT, '.compiled');

const known = new Map<string, string>();

/** What Node runs for a program of this tree: its JavaScript file, made of the sources as they are now. */
export function compiled(file: string): string {
  const path = known.get(file) ?? write(textOf(file));
  known.set(file, path);
  return path;
}

/** The arguments of Node for any program: a TypeScript file that is not of this tree has a loader. */
export function runnable(file: string): readonly string[] {
  if (/^(src|test)\//.test(file)) return [compiled(file)];
  return /\.m?ts$/.test(file) ? ['--import', 'tsx', file] : [file];
}

function textOf(file: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(ROOT, file)],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    write: false,
    // As bundle.js does.
    define: {
      KEYTAR_HELPER: JSON.stringify(readFileSync(join(ROOT, 'src/providers/keychain/keytar-helper.cjs'), 'utf8')),
    },
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

function write(text: string): string {
  const path = join(CACHE, `${createHash('sha256').update(text).digest('hex').slice(0, 24)}.mjs`);
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true });
  // Others may write the same at the same moment.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
  return path;
}
