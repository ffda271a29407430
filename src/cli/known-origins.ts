/** The origins for which a credential was kept: no store can be asked for a list of them. */

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { parseUrl } from '../syntax/url.js';

/** In the order of their names. `[]` where nothing was kept, or the file cannot be read. */
export async function knownOrigins(): Promise<string[]> {
  const text = await readFile(indexFile(), 'utf8').catch(() => '');
  return [...new Set(text.split('\n').filter(isOrigin))].sort();
}

/** Never rejects: it is a hint where to look, and no more. */
export async function rememberOrigin(origin: string): Promise<void> {
  const known = await knownOrigins();
  if (!known.includes(origin)) await write([...known, origin]);
}

export async function forgetOrigin(origin: string): Promise<void> {
  const known = await knownOrigins();
  if (known.includes(origin)) await write(known.filter((one) => one !== origin));
}

/** Names of servers only. XDG Base Directory 0.8: relative paths are ignored. */
export function indexFile({ XDG_STATE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv = process.env): string {
  const state = XDG_STATE_HOME && isAbsolute(XDG_STATE_HOME) ? XDG_STATE_HOME : join(homedir(), '.local', 'state');
  const folder = process.platform === 'win32' && LOCALAPPDATA ? LOCALAPPDATA : state;
  return join(folder, 'axios-challenge', 'origins');
}

async function write(origins: readonly string[]): Promise<void> {
  const file = indexFile();
  const next = `${file}.${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(
      next,
      [...origins]
        .sort()
        .map((origin) => `${origin}\n`)
        .join(''),
      { mode: 0o600 },
    );
    await rename(next, file);
  } catch {
    // `status URL` still finds it.
  }
}

function isOrigin(line: string): boolean {
  return parseUrl(line)?.origin === line;
}
