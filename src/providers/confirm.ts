/** A yes or a no from the person at the terminal. */

import { askPerson, type PersonOptions } from './person.js';

// What was asked for is there already when this is asked: a program that has got it is not kept from ending for ever.
const PATIENCE = 60_000;

/** `false` for no, and for no answer in time. Throws `ERR_AUTH_PROVIDER` where there is nobody to ask. */
export async function confirm(message: string, signal?: AbortSignal, options: PersonOptions = {}): Promise<boolean> {
  const question = { type: 'confirm', message, default: false } as const;
  return (await askPerson<boolean>(question, { patience: PATIENCE, ...options, signal })) ?? false;
}
