/** Finds and reads the `.netrc` file of the person, if nobody else can read it. */

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AuthError } from '../errors.js';
import { visible } from '../syntax/visible.js';
import { type Environment, variable } from './variables.js';

/** What decides where the file is. */
export interface NetrcPlace {
  readonly environment: Environment;
  /** `''` where there is none. */
  readonly home: string;
  readonly windows: boolean;
}

export interface NetrcText {
  readonly text: string;
  /** The path as messages show it: `~/.netrc`. */
  readonly file: string;
}

const here = (): NetrcPlace => ({
  environment: process.env,
  home: homeOrNone(),
  windows: process.platform === 'win32',
});

const largest = 1024 * 1024;

// A pipe that nobody writes to would otherwise keep us waiting. Windows has neither the flag nor such files.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The text of the first file that exists, or which ones do not. Throws `ERR_AUTH_PROVIDER` for one not to be used. */
export async function readNetrc(path?: string, place = here()): Promise<NetrcText | string> {
  const paths = path === undefined ? usualPaths(place) : [path];
  for (const each of paths) {
    const file = shown(each, place);
    const text = await readIfThere(each, file, place);
    if (text !== undefined) return { text, file };
  }
  return paths.length === 0
    ? 'no home directory, and NETRC is not set'
    : `no ${paths.map((each) => shown(each, place)).join(', no ')}`;
}

function usualPaths({ environment, home, windows }: NetrcPlace): readonly string[] {
  const named = variable(environment, 'NETRC') || undefined;
  if (named !== undefined) return [named];
  // Without a home the name alone would be a file of the working directory.
  if (home === '') return [];
  return ['.netrc', ...(windows ? ['_netrc'] : [])].map((name) => join(home, name));
}

/** Throws for a user that the system does not know, as in a container. */
function homeOrNone(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

function shown(path: string, { home }: NetrcPlace): string {
  const inHome = home !== '' && path.startsWith(join(home, '/'));
  return visible(inHome ? join('~', path.slice(home.length)) : path);
}

async function readIfThere(path: string, file: string, place: NetrcPlace): Promise<string | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, flags);
    await assertUsable(handle, file, place);
    return textOf(await handle.readFile(), file);
  } catch (error) {
    if (error instanceof AuthError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw broken(`${file} cannot be read (${code})`, error);
  } finally {
    await handle?.close();
  }
}

async function assertUsable(handle: FileHandle, file: string, { windows }: NetrcPlace): Promise<void> {
  const stats = await handle.stat();
  if (!stats.isFile()) throw broken(`${file} is not a file`);
  // On Windows the mode says nothing.
  if (!windows && (stats.mode & 0o077) !== 0) throw broken(`${file} can be read by others (chmod 600 ${file})`);
  if (stats.size > largest) throw broken(`${file} is larger than 1 MiB`);
}

/** A password that is read wrong would be sent wrong. The decoder drops a byte order mark. */
function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw broken(`${file} is not UTF-8`);
  }
}

function broken(what: string, cause?: unknown): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `netrc: ${what}`, cause === undefined ? {} : { cause });
}
