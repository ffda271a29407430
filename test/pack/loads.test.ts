/** What `import` and `require` of the package load: axios, and what Node brings along; the rest when it is needed. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from '../support/program.js';

const run = promisify(execFile);
const WATCH = join(ROOT, 'test/pack/watch-imports.mjs');

/** What the files of this package ask for, other than each other, when `door` is loaded. */
async function loadedBy(dialect: string, door: string): Promise<string[]> {
  const { stdout } = await run(process.execPath, [WATCH, join(ROOT, 'dist', dialect, door)], { timeout: 30_000 });
  const ours = pathToFileURL(join(ROOT, 'dist')).href;
  const requests = stdout
    .trim()
    .split('\n')
    .map((line): [string | undefined, string] => JSON.parse(line));
  const foreign = requests.filter(([from, what]) => from?.startsWith(ours) && !what.startsWith('.'));
  return [...new Set(foreign.map(([, what]) => what))].sort();
}

const DOORS: ReadonlyArray<readonly [door: string, loads: readonly string[]]> = [
  [
    'index.js',
    [
      'axios',
      'node:child_process',
      'node:crypto',
      'node:fs',
      'node:fs/promises',
      'node:http',
      'node:https',
      'node:module',
      'node:net',
      'node:os',
      'node:path',
      'node:readline',
      'node:stream',
      'node:stream/promises',
      'node:tty',
      'node:util',
    ],
  ],
  ['protocol.js', ['node:crypto']],
  ['testing/challenge-server.js', ['node:crypto', 'node:http', 'node:https', 'node:net']],
];

const dialects = ['esm', 'commonjs'];

test.each(dialects.flatMap((dialect) => DOORS.map(([door, loads]) => [dialect, door, loads] as const)))(
  '%s/%s',
  async (dialect, door, loads) => {
    expect(await loadedBy(dialect, door)).toEqual(loads);
  },
);
