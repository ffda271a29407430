/** Ends the process with an exit status: promptly after a signal, and with a message if it ends too early. */

import { constants } from 'node:os';
import { EXIT, Stop } from './exit.js';
import { fitted } from './fitted.js';
import { hush, say } from './stdio.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let interrupted: number | undefined;

/** Runs the program. `leaving` aborts on SIGINT, SIGTERM and SIGHUP. */
export function live(work: (leaving: AbortSignal) => Promise<number>): void {
  const leaving = new AbortController();
  for (const signal of SIGNALS) process.on(signal, () => interrupt(leaving, signal));
  process.stdout.on('error', onStdoutError);
  process.stderr.on('error', () => {}); // An error of stderr cannot be reported.
  process.once('beforeExit', () => end(cutShort()));
  work(leaving.signal).then(end, (error: unknown) => end(report(error)));
}

/** The exit status after a signal: 128 and the number of the signal, as in shells. */
export function statusOf(signal: (typeof SIGNALS)[number]): number {
  return 128 + constants.signals[signal];
}

function interrupt(leaving: AbortController, signal: (typeof SIGNALS)[number]): void {
  interrupted = statusOf(signal);
  hush();
  leaving.abort();
  // Abort listeners first have a moment to stop child processes. A partial file is removed by its `exit` listener.
  setImmediate(() => process.exit(interrupted));
}

/** A closed pipe (`| head`) ends the program without a message; a full disk is an error. */
function onStdoutError({ code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit(EXIT.brokenPipe);
  say(`axios-challenge: stdout cannot be written (${code})`);
  process.exit(EXIT.failed);
}

function cutShort(): number {
  say('axios-challenge: the program ended before the command was complete (please report this)');
  return EXIT.failed;
}

/** Prints one sentence only, because the stack and the cause may contain a secret. */
function report(error: unknown): number {
  if (error instanceof Stop) {
    say(fitted(`axios-challenge: ${error.message}`, process.stderr));
    return error.status;
  }
  const name = error instanceof Error ? error.name : typeof error;
  const { code = name } = error as NodeJS.ErrnoException;
  say(`axios-challenge: unexpected failure (${code}; please report this)`);
  return EXIT.failed;
}

/** Exits explicitly, because a credential store that does not answer would keep the process alive. */
function end(status: number): void {
  process.exitCode = interrupted ?? status;
  process.stdout.write('', () => process.exit());
}
