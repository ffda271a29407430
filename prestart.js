/** Before `npm start`: builds dist only if a source has changed since the last build, which takes long. */

import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

const SETTINGS = ['bundle.js', 'package.json', 'tsconfig.json'];
const BUILT = ['dist/esm/index.js', 'dist/commonjs/index.js', 'dist/esm/cli/main.js'];

if (newest([...filesIn('src'), ...SETTINGS]) > oldest(BUILT)) {
  console.log('Building dist from src, which takes some seconds …');
  const { status } = spawnSync('npm run --silent build', { shell: true, stdio: 'inherit' });
  if (status === 0) markAsBuilt();
  process.exitCode = status ?? 1;
}

/** The compiler does not write a file again that has not changed, so its time would stay that of an earlier build. */
function markAsBuilt() {
  const now = new Date();
  for (const path of BUILT) utimesSync(path, now, now);
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

function newest(paths) {
  return Math.max(...paths.map(changedAt));
}

function oldest(paths) {
  return Math.min(...paths.map(changedAt));
}

/** The time of the last change; 0 for a file that does not exist. */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
