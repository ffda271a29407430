/** A folder with the stories and the built package, as a program has them: in node_modules, beside axios. */

import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '../..');

/** They say that they were loaded. A test has no use for a real keychain, or for a question. */
const DOUBLES = {
  inquirer: '',
  keytar: `
    exports.findCredentials = async () => [{ account: 'alice', password: 'wonderland' }];
    exports.getPassword = async () => 'wonderland';
    exports.setPassword = exports.deletePassword = exports.findPassword = async () => {};`,
};

/** @returns the folder, the stories in it, the judge, and the file that says what was loaded */
export async function place() {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-runtimes-'));
  const loaded = join(folder, 'loaded');
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, 'axios-challenge'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(loaded, '');
  await symlink(join(ROOT, 'node_modules/axios'), join(modules, 'axios'));
  for (const part of ['package.json', 'dist'])
    await cp(join(ROOT, part), join(modules, 'axios-challenge', part), { recursive: true });
  for (const [name, text] of Object.entries(DOUBLES)) await double(modules, name, text, loaded);
  await bundle(folder);
  await cp(join(HERE, 'judge.mjs'), join(folder, 'judge.mjs'));
  const remove = () => rm(folder, { recursive: true });
  return { folder, loaded, stories: join(folder, 'stories.mjs'), judge: join(folder, 'judge.mjs'), remove };
}

async function double(modules, name, text, loaded) {
  await mkdir(join(modules, name));
  const note = `require('node:fs').appendFileSync(${JSON.stringify(loaded)}, '${name}\\n');`;
  await writeFile(join(modules, name, 'index.js'), note + text);
  await writeFile(join(modules, name, 'package.json'), JSON.stringify({ name, version: '99.0.0', main: 'index.js' }));
}

async function bundle(outdir) {
  await build({
    entryPoints: [join(HERE, 'stories.ts')],
    outfile: join(outdir, 'stories.mjs'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    // The package says that its modules have no side effects; the stories have.
    ignoreAnnotations: true,
    logLevel: 'warning',
  });
}
