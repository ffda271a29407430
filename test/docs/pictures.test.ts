/** The pictures of the README show what the program shows. */

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test.each(pictures)('%s is in the README, and holds no secret', (name) => {
  expect(textOf('README.md')).toContain(`(docs/pictures/${name})`);
  expect(readFileSync(join(FOLDER, name), 'utf8')).not.toMatch(/wonderland|outdated|127\.0\.0\.1/);
});
