/** `npm start` builds what has changed, and nothing else. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../support/program.js';
import { afterwards } from '../support/stage.js';

const SOURCES = ['src/index.ts', 'src/cli/main.ts', 'bundle.js', 'tsconfig.json'];
const BUILT = ['dist/esm/index.js', 'dist/commonjs/index.js', 'dist/esm/cli/main.js'];
const BUILDING = /^Building dist from src.*\nbuilt\n$/;

/** A project of empty files, built after the last change, whose build only says so. */
function project(build = 'echo built'): string {
  const folder = mkdtempSync(join(tmpdir(), 'axios-challenge-start-'));
  afterwards(() => rmSync(folder, { recursive: true }));
  const files = { ...Object.fromEntries([...SOURCES, ...BUILT].map((path) => [path, ''])), 'package.json': '' };
  for (const path of Object.keys(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    const text = path === 'package.json' ? JSON.stringify({ type: 'module', scripts: { build } }) : '';
    writeFileSync(join(folder, path), text);
    setAge(folder, path, BUILT.includes(path) ? 30 : 60);
  }
  return folder;
}

function setAge(folder: string, path: string, seconds: number): void {
  const time = Date.now() / 1000 - seconds;
  utimesSync(join(folder, path), time, time);
}

function prestart(folder: string): { status: number | null; stdout: string } {
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'prestart.js')], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout };
}

test('nothing is built where nothing has changed', () => {
  expect(prestart(project())).toEqual({ status: 0, stdout: '' });
});

test.each(['src/index.ts', 'src/cli/main.ts', 'package.json', 'bundle.js'])('%s has changed: built once', (path) => {
  const folder = project();
  setAge(folder, path, 0);
  expect(prestart(folder)).toEqual({ status: 0, stdout: expect.stringMatching(BUILDING) });
  expect(prestart(folder)).toEqual({ status: 0, stdout: '' });
});

test('a fresh clone is built', () => {
  const folder = project(
    `node -e "${BUILT.map((path) => `fs.mkdirSync(require('path').dirname('${path}'),{recursive:true});fs.writeFileSync('${path}','')`).join(';')}" && echo built`,
  );
  rmSync(join(folder, 'dist'), { recursive: true });
  expect(prestart(folder)).toEqual({ status: 0, stdout: expect.stringMatching(BUILDING) });
});

test('a build that fails stops the start', () => {
  const folder = project('exit 3');
  setAge(folder, 'src/index.ts', 0);
  expect(prestart(folder)).toMatchObject({ status: 3 });
});
