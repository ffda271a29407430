/**
 * `node bench/pieces.mjs`: what a warm Digest request pays, piece by piece. Each step is measured beside bare axios in a
 * process of its own: wall and CPU time, of bare axios with a ready-made header.
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { joinPieces, STEPS } from './join-pieces.mjs';
import { stage } from './stage.mjs';

await stage();
await joinPieces();
for (const [step, name] of [...STEPS, 'axios-challenge'].entries()) {
  const child = fork(fileURLToPath(new URL('piece.mjs', import.meta.url)), [step, ...process.argv.slice(2)], {
    execArgv: ['--expose-gc'],
  });
  const [lines] = await once(child, 'message');
  console.log(`${lines.map(({ ours }) => ours.padEnd(28)).join('')}${name}`);
}
