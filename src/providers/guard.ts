/** Sees to it that a terminal is given back whole, however a question to the person ends. */

import type { Terminal } from './terminal.js';

const showCursor = '\u001b[?25h';
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `leave` when the person can no longer answer, which inquirer alone does not notice: it waits for ever when the
 * input ends, and lets a signal end the process with the terminal still in raw mode. Returns how to stop watching.
 */
export function guard(terminal: Terminal, leave: () => void): () => void {
  const releases = [
    onSignals(() => restore(terminal), leave),
    onInputEnd(terminal.input, leave),
    onExit(() => restore(terminal)),
  ];
  return () => {
    for (const release of releases) release();
  };
}

function restore({ input, output }: Terminal): void {
  input.setRawMode?.(false);
  output.write(`${showCursor}\n`);
}

/** First of all listeners, and gone before the next one: the others then find the process as if we had not been there. */
function onSignals(restoreTerminal: () => void, leave: () => void): () => void {
  const release = () => {
    for (const signal of signals) process.removeListener(signal, onSignal);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    release();
    restoreTerminal();
    leave();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  for (const signal of signals) process.prependListener(signal, onSignal);
  return release;
}

function onExit(restoreTerminal: () => void): () => void {
  process.once('exit', restoreTerminal);
  return () => process.removeListener('exit', restoreTerminal);
}

function onInputEnd(input: Terminal['input'], leave: () => void): () => void {
  const events = ['end', 'close', 'error'] as const;
  const onKey = (_: unknown, key?: { ctrl?: boolean; name?: string }) => {
    // Ctrl-D on an empty line: readline closes, which pauses the input, and tells only itself.
    if (key?.ctrl && key.name === 'd') setImmediate(() => input.isPaused() && leave());
  };
  // After Ctrl-Z and `fg`, readline waits for somebody to resume it.
  const onContinue = () => setImmediate(() => input.resume());
  for (const event of events) input.on(event, leave);
  input.on('keypress', onKey);
  process.on('SIGCONT', onContinue);
  if (!input.readable) leave();
  return () => {
    for (const event of events) input.removeListener(event, leave);
    input.removeListener('keypress', onKey);
    process.removeListener('SIGCONT', onContinue);
  };
}
