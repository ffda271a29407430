/** CONTRIBUTING.md: what it adds to the house by way of example compiles there, and keeps the contracts. */

import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { textOf } from '../support/docs.js';
import { ROOT } from '../support/program.js';
import { afterwards } from '../support/stage.js';

const run = promisify(execFile);
const PARTS = ['src', 'test', 'package.json', 'jest.config.js', 'tsconfig.json'];
const text = textOf('CONTRIBUTING.md');

interface Addition {
  readonly file: string;
  /** The table that gets it; without one it is added at the end, and makes the file where there is none. */
  readonly table: string | undefined;
  readonly code: string;
}

const additions = [...text.matchAll(/^```ts (\S+)(?: (\w+))?\n(.*?)^```$/gms)].map(
  ([, file, table, code]) => ({ file, table, code }) as Addition,
);

/** A house of its own, which shares the installed packages. */
async function copyOfHouse(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-contributing-'));
  afterwards(() => rm(folder, { recursive: true }));
  for (const part of PARTS) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function add(folder: string, { file, table, code }: Addition): Promise<void> {
  const path = join(folder, file);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  await writeFile(path, table === undefined ? before + code : intoTable(before, table, code));
}

function intoTable(before: string, table: string, code: string): string {
  const [line] = new RegExp(`^(export )?const ${table}\\b[^]*?[{[]\\n`, 'm').exec(before) ?? [];
  if (line === undefined) throw new Error(`there is no table ${table}`);
  return before.replace(line, () => line + code);
}

function faultsIn(folder: string, files: readonly string[]): string[] {
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, folder);
  const roots = files.map((file) => join(folder, file));
  const program = ts.createProgram(roots, { ...options, noEmit: true, types: ['node', 'jest'] });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
}

/** The titles of the tests that pass, and of those that do not. */
async function outcomes(folder: string): Promise<{ passed: string[]; failed: string[] }> {
  const jest = ['--experimental-vm-modules', '--no-warnings', join(ROOT, 'node_modules/jest/bin/jest.js')];
  const tests = ['test/contract', 'test/unit/house', 'test/integration/token'];
  const named = ['--json', '--reporters=default', '-t', '^(systemd|token|a key is sent|no room|each room)\\b'];
  const { stdout } = await run(process.execPath, [...jest, ...tests, ...named], {
    cwd: folder,
    maxBuffer: 2 ** 26,
  }).catch((error) => error as { stdout: string });
  type Result = { fullName: string; status: string };
  const results = (JSON.parse(stdout).testResults as Array<{ assertionResults: Result[] }>).flatMap(
    ({ assertionResults }) => assertionResults,
  );
  const titled = (status: string) => results.filter((one) => one.status === status).map(({ fullName }) => fullName);
  return { passed: titled('passed'), failed: titled('failed') };
}

test('the provider and the scheme of the examples', async () => {
  const folder = await copyOfHouse();
  for (const addition of additions) await add(folder, addition);
  expect(faultsIn(folder, [...new Set(additions.map(({ file }) => file))])).toEqual([]);
  const { passed, failed } = await outcomes(folder);
  expect(failed).toEqual([]);
  const about = (name: string) => passed.filter((title) => title.startsWith(name)).length;
  expect(about('systemd')).toBeGreaterThan(20);
  expect(about('token')).toBeGreaterThan(7);
  expect(passed).toEqual(expect.arrayContaining([additions.map(({ code }) => titleOf(code)).find(Boolean)]));
  expect(about('no room imports') + about('each room imports')).toBe(2);
}, 120_000);

const titleOf = (code: string) => /^test\('(.*?)'/m.exec(code)?.[1];

test('every room of the house is in its table', () => {
  const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(rooms.filter(({ name }) => !text.includes(`\`src/${name}/\``))).toEqual([]);
});

test('every dependency is in a table, and nothing else', () => {
  const { peerDependencies, optionalDependencies, devDependencies } = JSON.parse(textOf('package.json'));
  const wanted = Object.keys({ ...peerDependencies, ...optionalDependencies, ...devDependencies });
  const [, section = ''] = /^## Dependencies\n(.*?)^## /ms.exec(text) ?? [];
  const cells = [...section.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell]) => (cell as string).replace(/\(.*?\)/g, ''));
  const told = cells.flatMap((cell) => cell.split(/, */)).map((name) => name.trim());
  const names = new Set(told.filter((name) => name !== 'package' && !/^-+$/.test(name)));
  expect([...names].sort()).toEqual([...new Set(wanted)].sort());
});

test('the versions are those that are run', () => {
  const { dependencies, optionalDependencies } = JSON.parse(textOf('test/versions/package.json'));
  const axioses = Object.values<string>(dependencies).map((spec) => spec.replace(/^.*@/, ''));
  const entries = Object.entries<string>(optionalDependencies);
  const versions = new Map(entries.map(([alias, spec]) => [alias, spec.replace(/^.*@/, '')]));
  const nodes = [...versions].filter(([alias]) => alias.startsWith('node-')).map(([, version]) => version);
  const [row = ''] = /^\| `npm run test:versions` .*$/m.exec(text) ?? [];
  expect(row.match(/\d+\.\d+\.\d+/g)).toEqual(axioses);
  expect([...row.matchAll(/(?:Node |, |and )(\d\d(?:\.\d+)?)\b(?!\.)/g)].map(([, node]) => node)).toEqual(
    nodes.map((version) => version.replace(/^(20\.\d+|\d+).*/, '$1')),
  );
  for (const name of ['Bun', 'Deno']) {
    const told = `${name} ${versions.get(name.toLowerCase())?.replace(/\.\d+$/, '')}`;
    for (const page of [row, textOf('docs/questions.md')]) expect(page).toContain(told);
  }
});

test('every command is a script, and every script that proves something is there', () => {
  const { scripts } = JSON.parse(textOf('package.json'));
  const told = [...text.matchAll(/^\| `npm (?:run )?([\w:]+)/gm)].map(([, name]) => name as string);
  expect(told.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  const proofs = Object.keys(scripts).filter((name) => /^(test|bench|coverage|mutations|fuzz|soak)/.test(name));
  expect(proofs.filter((name) => !told.includes(name))).toEqual([]);
});
