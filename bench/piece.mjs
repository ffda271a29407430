/** Measures one step of the pieces in a process of its own: `fork('piece.mjs', [step, mode])`. */

import { againstBare } from './against-bare.mjs';
import { bare, ours } from './clients.mjs';
import { STEPS } from './join-pieces.mjs';
import { pieced } from './pieced.mjs';
import { challengeOf, readyMade } from './ready-made.mjs';
import { startServer } from './start-server.mjs';

const SPACE = '/digest/';
const step = Number(process.argv[2]);
const rounds = process.argv[3] === '--quick' ? 20 : 200;

const server = await startServer();
const { origin } = server;
const header = await readyMade(origin, `${SPACE}1000`);
const challenge = await challengeOf(origin, `${SPACE}1000`);
const client = step < STEPS.length ? await pieced(origin, challenge, step) : ours(origin);
const makeBare = () => bare(origin, header);
const lines = await againstBare({ label: 'step', makeBare, client, parts: {}, space: SPACE, rounds });
server.stop();
process.send(lines, () => process.exit());
