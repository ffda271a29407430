/** Asks the person at the terminal to choose one of several names. */

import { AuthError } from '../../errors.js';
import { visible } from '../../syntax/visible.js';
import { askOnce, type QuestionOptions } from './ask.js';

/**
 * The name that the person chooses; `undefined` for none of them, and when the signal is aborted. Throws
 * `ERR_AUTH_CANCELLED` when the person leaves, and `ERR_AUTH_PROVIDER` when no terminal can be used.
 */
export async function choose(
  message: string,
  names: readonly string[],
  signal?: AbortSignal,
  options: QuestionOptions = {},
): Promise<string | undefined> {
  const choices = names.map((name) => ({ name: visible(name), value: name }));
  const question = { type: 'select', message, choices: [...choices, { name: 'none of these', value: '' }] } as const;
  const name = await askOnce<string>(question, { timeout: undefined, ...options, signal });
  if (name === undefined && !signal?.aborted) throw new AuthError('ERR_AUTH_CANCELLED', 'keychain: cancelled');
  return name || undefined;
}
