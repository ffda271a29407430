/** Sees to it that a terminal is given back whole, however a question to the person ends. */

import { ReadStream } from 'node:tty';
import { type Terminal, type TerminalInput, write } from './terminal.js';

const showCursor = '\u001b[?25h';
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

// Milliseconds between the end of a terminal and the SIGHUP that comes of it, by way of the shell.
const HANG_UP = 2000;

/** What the person leaves: this question, or all of them. */
export type Left = 'question' | 'terminal';

/**
 * Calls `leave` when the person can no longer answer, which inquirer alone does not notice: it waits for ever when the
 * input ends, and lets a signal end the process with the terminal still in raw mode. Returns how to stop watching.
 *
 * @param keys - what inquirer reads of the input
 */
export function guard(terminal: Terminal, keys: TerminalInput, leave: (left: Left) => void): () => void {
  const releases = [
    onSignals(() => restore(terminal), leave),
    onInputEnd(terminal.input, leave),
    onCtrlD(keys, leave),
    onContinue(keys),
    onExit(() => restore(terminal)),
  ];
  return () => {
    for (const release of releases) release();
  };
}

function restore({ input, output }: Terminal): void {
  input.setRawMode?.(false);
  write(output, `${showCursor}\n`);
}

/** First of all listeners, and gone before the next one: the others then find the process as if we had not been there. */
function onSignals(restoreTerminal: () => void, leave: (left: Left) => void): () => void {
  const release = () => {
    for (const signal of signals) process.removeListener(signal, onSignal);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    release();
    restoreTerminal();
    leave('terminal');
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  for (const signal of signals) process.prependListener(signal, onSignal);
  return release;
}

function onExit(restoreTerminal: () => void): () => void {
  process.once('exit', restoreTerminal);
  return () => process.removeListener('exit', restoreTerminal);
}

function onInputEnd(input: TerminalInput, leave: (left: Left) => void): () => void {
  const events = ['end', 'close', 'error'] as const;
  let hangingUp: NodeJS.Timeout | undefined;
  const end = () => leave('terminal');
  const onEnd = () => {
    // The window is closed. To be ended by SIGHUP is better than to go on without a terminal: nobody would read why,
    // and a Node that exits then aborts with a core dump (nodejs/node#51519). Whoever ignores SIGHUP does go on.
    if (input instanceof ReadStream) hangingUp ??= setTimeout(end, HANG_UP);
    else end();
  };
  for (const event of events) input.on(event, onEnd);
  if (!input.readable) end();
  return () => {
    clearTimeout(hangingUp);
    for (const event of events) input.removeListener(event, onEnd);
  };
}

/** Ctrl-D on an empty line: readline closes, which pauses its input, and tells only itself. */
function onCtrlD(keys: TerminalInput, leave: (left: Left) => void): () => void {
  const onKey = (_: unknown, key?: { ctrl?: boolean; name?: string }) => {
    if (key?.ctrl && key.name === 'd') setImmediate(() => keys.isPaused() && leave('question'));
  };
  keys.on('keypress', onKey);
  return () => keys.removeListener('keypress', onKey);
}

/** After Ctrl-Z and `fg`, readline waits for somebody to resume it. */
function onContinue(keys: TerminalInput): () => void {
  const resume = () => setImmediate(() => keys.resume());
  process.on('SIGCONT', resume);
  return () => process.removeListener('SIGCONT', resume);
}
