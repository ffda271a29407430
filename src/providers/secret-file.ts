/** Reads a secret from a file that an environment variable names. */

import { type FileHandle, open } from 'node:fs/promises';
import { AuthError } from '../errors.js';

/**
 * The text of the file without its one trailing newline. Throws `ERR_AUTH_OPTION`, naming the variable and never the
 * path: who confuses the two variables has the secret there.
 */
export async function readSecretFile(path: string, variable: string): Promise<string> {
  const file = await attempt(variable, () => open(path, 'r'));
  try {
    await assertPrivate(file, variable);
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
    // The system's message has the path in it, so it is no cause either.
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new AuthError('ERR_AUTH_OPTION', `env: ${variable} names a file that cannot be read (${code})`);
  }
}

async function assertPrivate(file: FileHandle, variable: string): Promise<void> {
  if (process.platform === 'win32') return; // The mode says nothing there.
  const { mode } = await file.stat();
  if ((mode & 0o004) === 0) return;
  throw new AuthError('ERR_AUTH_OPTION', `env: ${variable} names a file that every user can read (chmod 600 it)`);
}
