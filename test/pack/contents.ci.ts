/** What is in the packed package, and what the tools that judge packages say of it. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packed, runIn } from '../support/packed.js';
import { ROOT } from '../support/program.js';

async function entries(): Promise<string[]> {
  const { stdout } = await runIn(ROOT, 'tar', '-tzf', await packed());
  return stdout
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''));
}

async function textOf(path: string): Promise<string> {
  return (await runIn(ROOT, 'tar', '-xOzf', await packed(), `package/${path}`)).stdout;
}

const bin = (name: string) => join(ROOT, 'node_modules/.bin', name);

test('publint has nothing to say', async () => {
  expect(await runIn(ROOT, bin('publint'), '--strict', await packed())).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('All good!'),
  });
});

test('are the types wrong? No, in any of the ways to resolve them', async () => {
  const { status, stdout } = await runIn(ROOT, bin('attw'), await packed(), '--format', 'json');
  expect(status).toBe(0);
  const { analysis, problems } = JSON.parse(stdout);
  expect(problems).toEqual({});
  expect(Object.keys(analysis.entrypoints)).toEqual([
    './package.json',
    '.',
    './protocol',
    './testing',
    './oauth',
    './ntlm',
    './negotiate',
  ]);
});

test('nothing is in it but what is built, its documentation, and what npm asks for', async () => {
  const others = (await entries()).filter((path) => !/^(dist|docs)\//.test(path));
  expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json']);
  const kinds = (await entries()).filter((path) => path.startsWith('dist/') && !/(\.js|\.d\.ts)$/.test(path));
  expect(kinds.sort()).toEqual(['dist/commonjs/package.json', 'dist/esm/package.json']);
});

/** What a file asks for by a path, with the suffix of its kind. */
function requests(file: string, text: string): string[] {
  const pattern = /(?:from|import|require)\s*\(?\s*["'](\.[^"']+)["']/g;
  const suffix = file.endsWith('.d.ts') ? '.d.ts' : '.js';
  return [...text.matchAll(pattern)].map(([, path]) => join(dirname(file), path as string).replace(/\.js$/, suffix));
}

test('every file in dist is reached from a door of the package', async () => {
  const files = (await entries()).filter((path) => /^dist\/.*\.(js|d\.ts)$/.test(path));
  const { exports, bin: bins } = JSON.parse(await textOf('package.json'));
  const doors: string[] = JSON.stringify([exports, bins]).match(/dist\/[^"]+/g) ?? [];
  const found = new Set(doors);
  for (const file of found) for (const path of requests(file, await textOf(file))) found.add(path);
  expect([...found].sort()).toEqual(files.sort());
});

test('what the README in it links to is in it, or in the repository alone', async () => {
  const files = await entries();
  const links = [...(await textOf('README.md')).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path as string);
  const elsewhere = links.filter((path) => !files.some((file) => file === path || file.startsWith(`${path}/`)));
  expect(elsewhere.every((path) => existsSync(join(ROOT, path)))).toBe(true);
  expect(elsewhere.filter((path) => !/^(examples|bench|CONTRIBUTING)/.test(path))).toEqual([]);
});
