/** A file that lists the origins with a stored credential, because a credential store cannot list them. */

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stateFolder } from '../../oauth/tokens/lock/state-folder.js';
import { parseUrl } from '../../syntax/url.js';

/** The origins in alphabetical order; `[]` if the file does not exist or cannot be read. */
export async function knownOrigins(): Promise<string[]> {
  const text = await readFile(indexFile(), 'utf8').catch(() => '');
  return [...new Set(text.split('\n').filter(isOrigin))].sort();
}

/** Adds an origin. Never rejects, because the list is only a hint where credentials are stored. */
export async function rememberOrigin(origin: string): Promise<void> {
  const known = await knownOrigins();
  if (!known.includes(origin)) await write([...known, origin]);
}

export async function forgetOrigin(origin: string): Promise<void> {
  const known = await knownOrigins();
  if (known.includes(origin)) await write(known.filter((one) => one !== origin));
}

/** The path of the file, which contains only origins. */
export function indexFile(environment: NodeJS.ProcessEnv = process.env): string {
  return join(stateFolder(environment), 'origins');
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
    // `status URL` still finds the credential, because it asks the store itself.
  }
}

function isOrigin(line: string): boolean {
  return parseUrl(line)?.origin === line;
}
