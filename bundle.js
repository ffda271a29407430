/** Joins the sources into few files, for both module systems, and clears away what tshy has compiled and is then in no use. */

import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { transform } from 'esbuild';
import { rollup } from 'rollup';
import ts from 'typescript';

const { tshy } = JSON.parse(await readFile('package.json', 'utf8'));
const doors = Object.values(tshy.exports).filter((path) => path.endsWith('.ts'));
const target = 'node20.19';

/** The program of the keychain's process, as text: it must also be found in a bundle that a user makes of this package. */
const { code: helper } = await transform(await readFile('src/providers/keychain/keytar-helper.cjs', 'utf8'), {
  minifyWhitespace: true,
  target,
});

const sources = {
  name: 'sources',
  resolveId: (path, from = '') =>
    path.startsWith('.') ? resolve(dirname(from), path.replace(/\.js$/, '.ts')) : { id: path, external: true },
  transform: async (text) => {
    const define = { KEYTAR_HELPER: JSON.stringify(helper) };
    return (await transform(text, { loader: 'ts', target, define })).code;
  },
  // createRequire takes either.
  resolveImportMeta: (_, { format }) => (format === 'cjs' ? '__filename' : null),
  // Jest has no `import()` for CommonJS, unless a flag is set.
  renderDynamicImport: ({ format, targetModuleId }) =>
    format === 'cjs' && targetModuleId.startsWith('node:')
      ? { left: 'Promise.resolve().then(() => require(', right: '))' }
      : null,
};

/** What the entries share is in files of its own: there is one class AuthError, whichever of them it comes from. */
async function joinModules(entries, ...dialects) {
  const input = Object.fromEntries(entries.map((path) => [path.replace(/^\.\/src\/(.*)\.ts$/, '$1'), path]));
  const treeshake = { moduleSideEffects: false };
  const bundle = await rollup({ input, plugins: [sources], treeshake, logLevel: 'warn' });
  return (await Promise.all(dialects.map((dialect) => write(bundle, dialect)))).flat();
}

/** A part is named after its own module, or after the room that most of its modules are from. */
function nameOf({ facadeModuleId, moduleIds, name }) {
  if (facadeModuleId) return name;
  const rooms = moduleIds.map((id) => relative('src', id).split(sep)[0].replace(/\.ts$/, ''));
  const count = (room) => rooms.filter((one) => one === room).length;
  return rooms.reduce((most, room) => (count(room) > count(most) ? room : most));
}

/** In CommonJS, a part is required where it is imported later; `import()` of a package stays: inquirer is ESM alone. */
async function write(bundle, dialect) {
  const dir = join('dist', dialect);
  const { output } = await bundle.write({
    dir,
    format: dialect,
    chunkFileNames: (part) => `parts/${nameOf(part)}-[hash].js`,
    // Each file costs an import time, so a small one joins another: even one that is loaded later, if it is smaller.
    // With 5,000, the store of the keychain would join what starts keytar's process, and `oauth()` would load both.
    experimentalMinChunkSize: 4_000,
    hoistTransitiveImports: false,
    esModule: true,
    interop: 'auto',
    externalLiveBindings: false,
  });
  return output.map(({ fileName }) => join(dir, fileName));
}

async function declarations(dialect) {
  const found = new Set(doors.map((path) => path.replace(/^\.\/src/, `dist/${dialect}`).replace(/\.ts$/, '.d.ts')));
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

await keepOnly([
  ...(await joinModules(doors, 'esm', 'commonjs')),
  // Nobody imports the program. Joined with the doors it would cut them into parts.
  ...(await joinModules(['./src/cli/main.ts'], 'esm')),
  ...(await declarations('esm')),
  ...(await declarations('commonjs')),
]);
