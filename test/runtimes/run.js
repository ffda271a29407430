/** Tells the stories on Node, Bun and Deno, each against strict servers in a process of Node; says what came of each. */

import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { runtimes } from '../versions/matrix.js';
import { place } from './place.js';

const LONGEST = 180_000;
const run = promisify(execFile);

for (const runtime of runtimes()) {
  if (runtime.binary !== undefined) await tell(runtime);
  else {
    console.log(`${runtime.spec}: not run: npm has it for Linux on x64 only`);
    if (process.env.CI === 'true') process.exitCode = 1;
  }
}

async function tell(runtime) {
  const { stdout } = await run(runtime.binary, ['--version']);
  const [version] = /\d+\.\d+\.\d+/.exec(stdout);
  const start = performance.now();
  const { counted, skipped, failure } = await told(runtime);
  console.log(`${runtime.name} ${version}: ${counted} (${Math.round((performance.now() - start) / 1000)} s)`);
  for (const line of skipped) console.log(line);
  if (failure === undefined) return;
  console.log(failure);
  process.exitCode = 1;
}

async function told(runtime) {
  const stage = await place();
  const desk = fork(stage.judge, { cwd: stage.folder });
  try {
    const [url] = await once(desk, 'message');
    return outcomeOf(runtime, await ended(runtime, stage, url));
  } finally {
    desk.disconnect();
    await once(desk, 'exit');
    await stage.remove();
  }
}

function ended({ binary, flags }, { folder, stories, loaded }, url) {
  const env = { ...process.env, LOADED: loaded, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' };
  const options = { cwd: folder, env, timeout: LONGEST, killSignal: 'SIGKILL', maxBuffer: 2 ** 26 };
  return run(binary, [...flags, stories, url], options).catch((error) => error);
}

/** The last line names the runtime that has really told the stories. */
function outcomeOf({ name }, { stdout, stderr, code }) {
  const lines = stdout.trimEnd().split('\n');
  const last = lines.at(-1);
  const counted = last.startsWith(`${name}: `) ? last.slice(name.length + 2) : undefined;
  // Only an error has a code: a status, or null after a signal.
  const failed = counted === undefined || code !== undefined;
  return {
    counted: counted ?? 'the stories did not end',
    skipped: lines.filter((line) => line.startsWith('  skipped: ')),
    failure: failed ? stdout + stderr : undefined,
  };
}
