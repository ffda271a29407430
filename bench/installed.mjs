/** Bytes and number of the packages in a node_modules folder: all of them, or those that one package needs. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Everything below a node_modules folder. */
export async function packagesIn(modules) {
  const files = await filesOf(modules);
  const packages = files.filter((file) => /node_modules[/\\](@[^/\\]+[/\\])?[^/\\]+[/\\]package\.json$/.test(file));
  return { bytes: await sizeOf(files), packages: packages.length };
}

/** A package with all that it depends on, as it was installed. */
export async function installedWith(name, modules) {
  const folders = new Set();
  await collect(name, modules, folders);
  const sizes = await Promise.all([...folders].map(async (folder) => sizeOf(await filesOf(folder, 'node_modules'))));
  return { bytes: sizes.reduce((total, size) => total + size, 0), packages: folders.size };
}

async function collect(name, modules, folders) {
  const folder = await find(name, modules);
  if (folder === undefined || folders.has(folder)) return;
  folders.add(folder);
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json')));
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) {
    await collect(needed, join(folder, 'node_modules'), folders);
  }
}

/** As Node looks for it: in this node_modules, else in those further up. */
async function find(name, modules) {
  const folder = join(modules, name);
  if (await stat(join(folder, 'package.json')).catch(() => undefined)) return folder;
  const parent = dirname(dirname(modules));
  return parent === dirname(parent) ? undefined : find(name, join(parent, 'node_modules'));
}

async function filesOf(folder, skipped) {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === skipped || entry.name === '.bin') return [];
    return entry.isDirectory() ? filesOf(path, skipped) : [path];
  });
  return (await Promise.all(nested)).flat();
}

async function sizeOf(files) {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((total, size) => total + size, 0);
}
