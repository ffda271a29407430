/** Which of several names, from the person at the terminal. */

import { visible } from '../syntax/visible.js';
import { askPerson, type PersonOptions } from './person.js';

/** `undefined` for none of them, and for no answer. Throws `ERR_AUTH_PROVIDER` where there is nobody to ask. */
export async function choose(
  message: string,
  names: readonly string[],
  signal?: AbortSignal,
  options: PersonOptions = {},
): Promise<string | undefined> {
  const choices = names.map((name) => ({ name: visible(name), value: name }));
  const question = { type: 'select', message, choices: [...choices, { name: 'none of these', value: '' }] } as const;
  return (await askPerson<string>(question, { ...options, signal })) || undefined;
}
