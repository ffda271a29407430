/** Restores the terminal, however a question to the person ends. */

import { ReadStream } from 'node:tty';
import { type Terminal, type TerminalInput, write } from './terminal.js';

const showCursor = '\u001b[?25h';
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

// Waits for the SIGHUP that the shell sends after the terminal has closed.
const HANG_UP_MS = 2000;

/** What the person cancels: this question, or every question at this terminal. */
export type Left = 'question' | 'terminal';

/**
 * Calls `leave` when the person can no longer answer. Inquirer alone does not notice: it waits forever when the input
 * ends, and lets a signal end the process with the terminal still in raw mode. Returns a function that stops watching.
 *
 * @param keys - the stream that inquirer reads
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

/**
 * Runs before all other listeners of a signal and removes itself before the next one runs, so that the others find the
 * process as if this listener did not exist.
 */
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
    // The window is closed. It is better that SIGHUP ends the process: without a terminal the error would not be read,
    // and Node aborts with a core dump when it exits (nodejs/node#51519). A process that ignores SIGHUP goes on.
    if (input instanceof ReadStream) hangingUp ??= setTimeout(end, HANG_UP_MS);
    else end();
  };
  for (const event of events) input.on(event, onEnd);
  if (!input.readable) end();
  return () => {
    clearTimeout(hangingUp);
    for (const event of events) input.removeListener(event, onEnd);
  };
}

/** Detects Ctrl-D on an empty line: readline then closes and pauses its input, but emits the event only on itself. */
function onCtrlD(keys: TerminalInput, leave: (left: Left) => void): () => void {
  const onKey = (_: unknown, key?: { ctrl?: boolean; name?: string }) => {
    if (key?.ctrl && key.name === 'd') setImmediate(() => keys.isPaused() && leave('question'));
  };
  keys.on('keypress', onKey);
  return () => keys.removeListener('keypress', onKey);
}

/** Resumes the input after Ctrl-Z and `fg`, because readline does not. */
function onContinue(keys: TerminalInput): () => void {
  const resume = () => setImmediate(() => keys.resume());
  process.on('SIGCONT', resume);
  return () => process.removeListener('SIGCONT', resume);
}
