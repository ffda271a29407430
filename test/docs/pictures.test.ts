/** The pictures show what the program shows, and the house as its imports are. */

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { textOf } from '../support/docs.js';
import { ROOT } from '../support/program.js';
import { needsPty } from '../support/pty.js';
import { afterwards } from '../support/stage.js';

const FOLDER = join(ROOT, 'docs/pictures');
const pictures = readdirSync(FOLDER).filter((name) => name.endsWith('.svg'));

needsPty('drawn again', () => {
  test('they are the same (if not: npm run pictures)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-pictures-'));
    afterwards(() => rm(folder, { recursive: true }));
    execFileSync(process.execPath, [join(FOLDER, 'pictures.mjs'), folder], { stdio: 'inherit' });
    expect(readdirSync(folder).sort()).toEqual([...pictures].sort());
    for (const name of pictures)
      expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(readFileSync(join(folder, name), 'utf8'));
  });
});

test('the chart of README is drawn from its figures (if not: node bench/draw.mjs)', async () => {
  const { drawing }: { drawing(): Promise<string> } = await import(pathToFileURL(join(ROOT, 'bench/draw.mjs')).href);
  expect(readFileSync(join(ROOT, 'bench/chart.svg'), 'utf8')).toBe(await drawing());
  expect(textOf('README.md')).toContain('(bench/chart.svg)');
  expect(textOf('bench/README.md')).toContain('![All that was measured](results.svg)');
});

test('a refusal fits on a phone: 60 columns', () => {
  const ends = [
    ...readFileSync(join(FOLDER, 'explain.svg'), 'utf8').matchAll(/ x="([\d.]+)".* textLength="([\d.]+)"/g),
  ];
  expect(ends.length).toBeGreaterThan(10);
  for (const [, x, length] of ends) expect((Number(x) - 16 + Number(length)) / 8.4).toBeLessThanOrEqual(60);
});

test.each(pictures)('%s is on its page, and holds no secret', (name) => {
  const page = name === 'house.svg' ? 'CONTRIBUTING.md' : 'README.md';
  expect(textOf(page)).toContain(`(docs/pictures/${name})`);
  expect(readFileSync(join(FOLDER, name), 'utf8')).not.toMatch(/wonderland|outdated|127\.0\.0\.1/);
});
