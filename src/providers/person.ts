/** Puts one short question to the person at the terminal, when it is its turn. */

import { AuthError } from '../errors.js';
import { follow } from '../followed.js';
import { ask, type Question } from './question.js';
import { inTurn } from './queue.js';
import { openTerminal, type TerminalOptions } from './terminal.js';

export interface PersonOptions extends TerminalOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until nobody waits for the answer any more; by default one waits. */
  readonly patience?: number | undefined;
}

/** The answer, or `undefined` when there is none. Throws `ERR_AUTH_PROVIDER` where there is nobody to ask. */
export function askPerson<Answer extends string | boolean>(
  question: Question,
  options: PersonOptions,
): Promise<Answer | undefined> {
  return inTurn(() => atTerminal(question, options), options.signal);
}

async function atTerminal<Answer extends string | boolean>(
  question: Question,
  { signal, patience, ...ends }: PersonOptions,
): Promise<Answer | undefined> {
  const terminal = openTerminal(ends);
  if (typeof terminal === 'string') throw nobody(terminal, question);
  const leaving = follow(signal, patience === undefined ? undefined : AbortSignal.timeout(patience));
  try {
    return await ask<Answer>(terminal, question, leaving.signal);
  } finally {
    leaving.release();
    terminal.close();
  }
}

function nobody(reason: string, { message }: Question): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `keychain: ${reason}, so nobody was asked: ${message}`);
}
