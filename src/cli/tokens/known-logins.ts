/** Files that remember the logins, because a credential store cannot list its entries. No token is in them. */

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stateFolder } from '../../oauth/tokens/lock/state-folder.js';
import { EXIT, Stop } from '../io/exit.js';
import { formatLogin, type Login, parseLogin } from './login.js';

/** The login for an origin; `undefined` if there is none, or its file cannot be read. */
export async function loginFor(origin: string): Promise<Login | undefined> {
  const login = await loginIn(() => fileFor(origin));
  return login?.origin === origin ? login : undefined;
}

/** All logins, in the order of their origins. */
export async function knownLogins(): Promise<Login[]> {
  const files = await filesOf(folder).catch(() => []);
  const found = await Promise.all(
    files.filter((file) => file.endsWith('.json')).map((file) => loginIn(() => join(folder(), file))),
  );
  const logins = found.filter((login) => login !== undefined);
  return logins.sort((one, other) => (one.origin < other.origin ? -1 : 1));
}

/** In place of an earlier login for the origin. @throws Stop, because no command would find the token without it */
export async function rememberLogin(login: Login): Promise<void> {
  try {
    const file = fileFor(login.origin);
    const next = `${file}.${process.pid}`;
    await mkdir(folder(), { recursive: true, mode: 0o700 });
    await writeFile(next, formatLogin(login), { mode: 0o600 });
    await rename(next, file);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new Stop(EXIT.failed, `the login cannot be remembered: its file cannot be written (${code})`);
  }
}

export async function forgetLogin(origin: string): Promise<void> {
  await removeAt(() => fileFor(origin)).catch(() => {});
}

/** A file of its own for each origin: no program overwrites the login of another one. */
function fileFor(origin: string): string {
  return join(folder(), `${createHash('sha256').update(origin).digest('hex').slice(0, 32)}.json`);
}

function folder(): string {
  return join(stateFolder(), 'logins');
}

// A user without a home has no folder: then a place throws.

async function loginIn(place: () => string): Promise<Login | undefined> {
  return parseLogin(await textAt(place).catch(() => ''));
}

async function textAt(place: () => string): Promise<string> {
  return readFile(place(), 'utf8');
}

async function filesOf(place: () => string): Promise<string[]> {
  return readdir(place());
}

async function removeAt(place: () => string): Promise<void> {
  await rm(place(), { force: true });
}
