/** Reads a secret from a file that an environment variable names. */

import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { AuthError } from '../../errors.js';

// Without this flag, opening a pipe without a writer would block a thread, and the exit of the process, forever.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

const MAX_BYTES = 64 * 1024;

/**
 * The text of the file without one trailing newline. Throws `ERR_AUTH_OPTION` with the name of the variable and never
 * the path: if the user confused the two variables, the path is the secret.
 */
export async function readSecretFile(path: string, variable: string): Promise<string> {
  const file = await attempt(variable, () => open(path, flags));
  try {
    const objection = objectionTo(await file.stat());
    if (objection !== undefined) throw unusable(variable, objection);
    const text = await attempt(variable, () => file.readFile('utf8'));
    return text.replace(/\r?\n$/, '');
  } finally {
    await file.close();
  }
}

async function attempt<T>(variable: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    // The system's message contains the path, so the error is not passed on as the cause either.
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw unusable(variable, `a file that cannot be read (${code})`);
  }
}

function objectionTo(file: Stats): string | undefined {
  if (!file.isFile()) return 'a folder, a pipe or a device instead of a file';
  if (file.size > MAX_BYTES) return 'a file of more than 64 KiB';
  if (process.platform === 'win32') return undefined; // The mode says nothing there.
  return (file.mode & 0o004) === 0 ? undefined : 'a file that every user can read (chmod 600 it)';
}

function unusable(variable: string, what: string): AuthError {
  return new AuthError('ERR_AUTH_OPTION', `env: ${variable} names ${what}`);
}
