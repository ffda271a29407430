/** Sees to it that the process ends with a status: promptly when it is told to, and never in silence. */

import { constants } from 'node:os';
import { EXIT, Stop } from './exit-status.js';
import { hush, say } from './talk.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let interrupted: number | undefined;

/** Runs the program. `leaving` aborts when the person or the system wants it to end. */
export function live(work: (leaving: AbortSignal) => Promise<number>): void {
  const leaving = new AbortController();
  for (const signal of SIGNALS) process.on(signal, () => interrupt(leaving, signal));
  process.stdout.on('error', onStdoutError);
  process.stderr.on('error', () => {}); // Nobody is left to tell.
  process.once('beforeExit', () => end(cutShort()));
  work(leaving.signal).then(end, (error: unknown) => end(report(error)));
}

/** 128 and the number of the signal, as shells count. */
export function statusOf(signal: (typeof SIGNALS)[number]): number {
  return 128 + constants.signals[signal];
}

function interrupt(leaving: AbortController, signal: (typeof SIGNALS)[number]): void {
  interrupted = statusOf(signal);
  hush();
  leaving.abort();
  // A moment for those who heard it: programs that were started are stopped. What is left of a file goes at the exit.
  setImmediate(() => process.exit(interrupted));
}

/** `| head` is no error; a full disk is. */
function onStdoutError({ code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit(EXIT.brokenPipe);
  say(`axios-challenge: stdout cannot be written (${code})`);
  process.exit(EXIT.failed);
}

function cutShort(): number {
  say('axios-challenge: it ended before it was done (please report this)');
  return EXIT.failed;
}

/** One sentence; the stack and the cause may hold what nobody should see. */
function report(error: unknown): number {
  if (error instanceof Stop) {
    say(`axios-challenge: ${error.message}`);
    return error.status;
  }
  const name = error instanceof Error ? error.name : typeof error;
  const { code = name } = error as NodeJS.ErrnoException;
  say(`axios-challenge: unexpected failure (${code}; please report this)`);
  return EXIT.failed;
}

/** Not by itself: a store that does not answer would keep the process. */
function end(status: number): void {
  process.exitCode = interrupted ?? status;
  process.stdout.write('', () => process.exit());
}
