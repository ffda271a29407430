/** Reads a secret from the first line of stdin. */

import { say } from '../io/stdio.js';
import { readInput } from './data.js';

/** A store like pass prints notes below the secret: these are not part of it. */
export async function firstLine(what: string, signal: AbortSignal): Promise<string> {
  const text = (await readInput(signal)).toString('utf8');
  const [first = '', ...more] = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (more.length > 0) say(`stdin has more than one line: the first line is the ${what}, the others are ignored`);
  return first;
}
