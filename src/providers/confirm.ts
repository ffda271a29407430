/** A yes or a no from the person at the terminal. */

import { ask } from './question.js';
import { inTurn } from './queue.js';
import { openTerminal, type TerminalOptions } from './terminal.js';

/** `false` for no, for no answer, and where there is nobody to ask. */
export async function confirm(message: string, signal?: AbortSignal, options: TerminalOptions = {}): Promise<boolean> {
  return (await inTurn(() => atTerminal(message, signal, options), signal)) ?? false;
}

async function atTerminal(message: string, signal: AbortSignal | undefined, options: TerminalOptions) {
  const terminal = openTerminal(options);
  if (typeof terminal === 'string') return undefined;
  try {
    return await ask<boolean>(terminal, { type: 'confirm', message, default: false }, signal);
  } finally {
    terminal.close();
  }
}
