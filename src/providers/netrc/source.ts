/** Finds and reads the `.netrc` file of the person, if no other user can read it. */

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AuthError } from '../../errors.js';
import { visible } from '../../syntax/visible.js';
import { type Environment, variable } from '../environment.js';

/** What the path of the file depends on. */
export interface NetrcPlace {
  readonly environment: Environment;
  /** The home directory; `''` if the user has no home directory. */
  readonly home: string;
  readonly windows: boolean;
}

export interface NetrcText {
  readonly text: string;
  /** The path as messages show it: `~/.netrc`. */
  readonly file: string;
}

const ofThisProcess = (): NetrcPlace => ({
  environment: process.env,
  home: homeOrNone(),
  windows: process.platform === 'win32',
});

const MAX_BYTES = 1024 * 1024;

// Without this flag, opening a pipe without a writer would wait forever. Windows has neither the flag nor such files.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The text of the first existing file, or which files are missing. Throws `ERR_AUTH_PROVIDER` for an unusable file. */
export async function readNetrc(path?: string, place = ofThisProcess()): Promise<NetrcText | string> {
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
  // Without a home directory, the bare name would mean a file in the working directory.
  if (home === '') return [];
  return ['.netrc', ...(windows ? ['_netrc'] : [])].map((name) => join(home, name));
}

/** `homedir` throws for a user that the system does not know, as in a container. */
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
  if (stats.size > MAX_BYTES) throw broken(`${file} is larger than 1 MiB`);
}

/** Refuses other encodings: a wrongly decoded password would be sent. The decoder drops a byte order mark. */
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
