/** Asks the person at the terminal a yes-or-no question. */

import { askOnce, type QuestionOptions } from './ask.js';

// The server has already accepted the request, so a missing answer must not keep the program alive.
const ANSWER_MS = 60_000;

/** `false` if the person says no, or does not answer in time. Throws `ERR_AUTH_PROVIDER` if no terminal can be used. */
export async function confirm(message: string, signal?: AbortSignal, options: QuestionOptions = {}): Promise<boolean> {
  const question = { type: 'confirm', message, default: false } as const;
  return (await askOnce<boolean>(question, { timeout: ANSWER_MS, ...options, signal })) ?? false;
}
