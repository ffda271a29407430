/** Joins what tshy has compiled into few files, for both module systems, and clears away what is then in no use. */

import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build, transform } from 'esbuild';
import ts from 'typescript';

const { tshy } = JSON.parse(await readFile('package.json', 'utf8'));
const doors = Object.values(tshy.exports).filter((path) => path.endsWith('.ts'));
const common = { platform: 'node', target: 'node20.19', logLevel: 'warning', metafile: true, allowOverwrite: true };

/** The program of the keychain's process, as text: it must also be found in a bundle that a user makes of this package. */
const { code: helper } = await transform(await readFile('src/providers/keychain/keytar-helper.cjs', 'utf8'), {
  minifyWhitespace: true,
  target: common.target,
});

/** What the entries share is in files of its own: there is one class AuthError, whichever of them it comes from. */
async function joinModules(entryPoints) {
  const { metafile } = await build({
    ...common,
    entryPoints,
    outbase: 'src',
    outdir: 'dist/esm',
    format: 'esm',
    bundle: true,
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    packages: 'external',
    define: { KEYTAR_HELPER: JSON.stringify(helper) },
  });
  return metafile.outputs;
}

/** esbuild splits no CommonJS, so the same files are translated one by one. `import()` stays: inquirer is ESM alone. */
async function translate(outputs) {
  const { metafile } = await build({
    ...common,
    entryPoints: [...reachable(outputs, doors.map(compiled('esm', '.js')))],
    outbase: 'dist/esm',
    outdir: 'dist/commonjs',
    format: 'cjs',
    // createRequire takes either.
    define: { 'import.meta.url': '__filename' },
  });
  return metafile.outputs;
}

function compiled(dialect, extension) {
  return (path) => path.replace(/^\.\/src/, `dist/${dialect}`).replace(/\.ts$/, extension);
}

function reachable(outputs, entries) {
  const found = new Set(entries);
  for (const path of found) {
    for (const { path: next, external } of outputs[path].imports) if (!external) found.add(next);
  }
  return found;
}

async function declarations(dialect) {
  const found = new Set(doors.map(compiled(dialect, '.d.ts')));
  for (const path of found) {
    const { importedFiles } = ts.preProcessFile(await readFile(path, 'utf8'));
    for (const { fileName } of importedFiles) {
      if (fileName.startsWith('.')) found.add(join(dirname(path), fileName.replace(/\.js$/, '.d.ts')));
    }
  }
  return found;
}

async function keepOnly(kept) {
  const wanted = new Set([...kept].map((path) => resolve(path)));
  for (const entry of await readdir('dist', { recursive: true, withFileTypes: true })) {
    const path = resolve(entry.parentPath, entry.name);
    if (entry.isFile() && entry.name !== 'package.json' && !wanted.has(path)) await rm(path);
  }
}

const esm = await joinModules(doors);
// Nobody imports the program. Joined with the doors it would cut them into parts, and each part costs an import time.
const program = await joinModules(['src/cli/main.ts']);
const commonjs = await translate(esm);
await keepOnly([
  ...Object.keys(esm),
  ...Object.keys(program),
  ...Object.keys(commonjs),
  ...(await declarations('esm')),
  ...(await declarations('commonjs')),
]);
