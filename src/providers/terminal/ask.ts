/** Asks the person at the terminal one short question, after all earlier questions have ended. */

import { follow } from '../../base/abort.js';
import { AuthError } from '../../errors.js';
import { ask, type Question } from './question.js';
import { openTerminal, type TerminalOptions } from './terminal.js';
import { inTurn } from './turn.js';

export interface QuestionOptions extends TerminalOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for the answer, in milliseconds; by default without limit. */
  readonly timeout?: number | undefined;
}

/** The answer, or `undefined` if the person gives no answer. Throws `ERR_AUTH_PROVIDER` if no terminal can be used. */
export function askOnce<Answer extends string | boolean>(
  question: Question,
  options: QuestionOptions,
): Promise<Answer | undefined> {
  return inTurn(() => atTerminal(question, options), options.signal);
}

async function atTerminal<Answer extends string | boolean>(
  question: Question,
  { signal, timeout, ...ends }: QuestionOptions,
): Promise<Answer | undefined> {
  const terminal = openTerminal(ends);
  if (typeof terminal === 'string') throw unavailable(terminal, question);
  const leaving = follow(signal, timeout === undefined ? undefined : AbortSignal.timeout(timeout));
  try {
    return await ask<Answer>(terminal, question, leaving.signal);
  } finally {
    leaving.release();
    terminal.close();
  }
}

function unavailable(reason: string, { message }: Question): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `keychain: ${reason}, so this question was not asked: ${message}`);
}

// The server has already accepted the request, so a missing answer must not keep the program alive.
const ANSWER_MS = 60_000;

/** `false` if the person says no, or does not answer in time. Throws `ERR_AUTH_PROVIDER` if no terminal can be used. */
export async function confirm(message: string, signal?: AbortSignal, options: QuestionOptions = {}): Promise<boolean> {
  const question = { type: 'confirm', message, default: false } as const;
  return (await askOnce<boolean>(question, { timeout: ANSWER_MS, ...options, signal })) ?? false;
}
