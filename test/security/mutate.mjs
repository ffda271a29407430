/**
 * Breaks each security rule at the line that keeps it, in a copy of the tree, and sees that a test of its name goes red.
 * Prints a table; exits 1 when a broken rule goes unnoticed. With arguments (`npm run mutations -- SEC-19`), only those.
 */

import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const COPIED = ['src', 'test', 'package.json', 'jest.config.js', 'tsconfig.json'];
const WORKERS = 2;

/** A tree of its own, which shares the installed packages. */
async function copyOfTree() {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-mutations-'));
  for (const part of COPIED) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** The files that hold tests of the rule: the others would be compiled, and skipped. */
function testsOf(rule) {
  return tests.filter(({ text }) => new RegExp(`['"\`]${rule} `).test(text)).map(({ file }) => `test/security/${file}`);
}

/** What the tests of the rule say. A tree that no longer compiles proves nothing. */
function verdict(folder, rule) {
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const which = [...testsOf(rule), '-t', rule, '--bail', '--forceExit'];
  const options = ['--experimental-vm-modules', '--no-warnings', jest, ...which];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, options, { cwd: folder, timeout: 300_000 }, (error, _stdout, stderr) => {
      if (!error) return resolve('UNNOTICED');
      const isProof = /^Tests: +\d+ failed/m.test(stderr) && !/Test suite failed to run/.test(stderr);
      resolve(isProof ? 'red' : 'NO PROOF');
    });
    child.stdin?.end();
  });
}

async function broken(folder, [rule, file, line, mutation]) {
  const path = join(folder, file);
  const source = await readFile(path, 'utf8');
  if (!source.includes(line)) return 'the line is gone';
  await writeFile(
    path,
    source.replace(line, () => mutation),
  );
  const result = await verdict(folder, rule);
  await writeFile(path, source);
  return result;
}

const folder = join(ROOT, 'test/security');
const files = (await readdir(folder)).filter((file) => /^[^.]+\.test\.ts$/.test(file) && file !== 'rules.test.ts');
const tests = await Promise.all(
  files.map(async (file) => ({ file, text: await readFile(join(folder, file), 'utf8') })),
);
const all = JSON.parse(await readFile(join(ROOT, 'test/security/mutations.json'), 'utf8'));
const wanted = process.argv.slice(2);
const mutations = all.filter(([rule]) => wanted.length === 0 || wanted.includes(rule));
const results = [];

async function work() {
  const folder = await copyOfTree();
  for (let next = mutations.shift(); next; next = mutations.shift()) {
    const result = await broken(folder, next);
    results.push(result);
    const [rule, file, line] = next;
    console.log(`${rule}  ${result.padEnd(9)}  ${file}: ${line.split('\n')[0].trim().slice(0, 80)}`);
  }
  await rm(folder, { recursive: true });
}

await Promise.all(Array.from({ length: WORKERS }, work));
const unnoticed = results.filter((result) => result !== 'red').length;
console.log(`${results.length} rules broken on purpose, ${results.length - unnoticed} noticed`);
process.exitCode = unnoticed === 0 ? 0 : 1;
