/** `node bench/run.mjs [--quick]`: measures every row, prints the table, draws the pictures. It judges, but fails nothing. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { keep } from './draw.mjs';
import { joinPieces } from './join-pieces.mjs';
import { picture } from './picture.mjs';
import { stage, versions } from './stage.mjs';
import { table } from './table.mjs';
import { misses } from './verdict.mjs';

const ROW = fileURLToPath(new URL('row.mjs', import.meta.url));
const PICTURE = new URL('results.svg', import.meta.url);
const PEERS = ['@mhoc/axios-digest-auth', 'digest-fetch', 'urllib'];
const PARSERS = ['auth-header', 'http-auth-utils', 'www-authenticate'];
const LONGEST = 240_000;

const quick = process.argv.includes('--quick');
await stage();
await joinPieces();
const caption = captionLines();
const files = (await readdir(new URL('rows/', import.meta.url))).sort();
const lines = [];
for (const file of files) lines.push(...(await measured(file)));

console.log(`${table(lines)}\n`);
console.log(
  'Ratios are taken within a round: median ±its error [quartiles]. "bare again" is bare axios against itself.',
);
for (const text of [...misses(lines), ...caption]) console.log(text);

const svg = picture(lines, caption);
if (quick) console.log('--quick: too few rounds to judge by; no picture was written.');
else {
  await writeFile(PICTURE, svg);
  await keep(lines, caption);
}

/** One row, in its own process. */
async function measured(file) {
  const options = { execArgv: ['--expose-gc'], timeout: LONGEST };
  const child = fork(ROW, [file, quick ? 'quick' : 'full'], options);
  process.stderr.write(`${file.replace(/\.mjs$/, '')}\n`);
  const outcome = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  const [own] = outcome;
  if (!Array.isArray(own)) throw new Error(`${file} ended without a result`);
  return own.map((line) => ({ row: Number.parseInt(file, 10), ...line }));
}

function captionLines() {
  const [{ model }] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  return [
    `${date}, ${model.trim()}, ${cpus().length} cores, Node ${process.versions.node}, ${process.platform}; 127.0.0.1, server in a process of its own`,
    versions(['axios-challenge', 'axios', ...PEERS]).join(', '),
    versions(PARSERS).join(', '),
  ];
}
