/** Reads the entries out of the text of a `.netrc` file. */

import { AuthError } from '../../errors.js';
import { NetrcWords } from './words.js';

/** The entry for one machine, or for all other machines. */
export interface NetrcEntry {
  /** The line where the entry begins, counted from 1. */
  readonly line: number;
  /** `undefined` in the entry `default`. */
  readonly machine?: string;
  readonly login?: string;
  readonly password?: string;
}

type Draft = { -readonly [Name in keyof NetrcEntry]: NetrcEntry[Name] };

/**
 * The entries in the order of the file, in linear time. Throws `ERR_AUTH_PROVIDER` with the line number and the file
 * name, but without any text of the file.
 */
export function parseNetrc(text: string, file: string): readonly NetrcEntry[] {
  const words = new NetrcWords(text, (line, what) => {
    throw new AuthError('ERR_AUTH_PROVIDER', `netrc: line ${line}: ${what} (${file})`);
  });
  const entries: Draft[] = [];
  for (let word = words.keyword(); word; word = words.keyword()) {
    const { keyword, line } = word;
    if (keyword === 'machine') entries.push(draft({ line, machine: words.valueOf(word) }));
    else if (keyword === 'default') entries.push(draft({ line }));
    else if (keyword === 'macdef') words.skipMacro(word);
    else if (keyword === 'account') words.valueOf(word);
    else write(words, entries.at(-1), keyword, line);
  }
  return entries;
}

/** Null prototype: a field that the entry lacks is not read from Object.prototype (SEC-28). */
function draft(entry: Draft): Draft {
  return Object.assign(Object.create(null), entry);
}

function write(words: NetrcWords, entry: Draft | undefined, name: 'login' | 'password', line: number): void {
  if (!entry) words.fail(line, `"${name}" before any "machine"`);
  // Otherwise the login of one account could be combined with the password of another.
  if (entry[name] !== undefined) words.fail(line, `a second "${name}" for one machine`);
  entry[name] = words.valueOf({ keyword: name, line });
}
