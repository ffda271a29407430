/** The credential store of the operating system, through the package `keytar`. */

import { createRequire } from 'node:module';
import { basename, isAbsolute } from 'node:path';
import { AuthError } from '../errors.js';
import { here } from './here.js';
import type { KeychainBackend, Store } from './keychain-backend.js';
import { keytarProcess } from './keytar-process.js';
import { keytarTrouble } from './keytar-trouble.js';
import { hasLocked } from './secret-service.js';

/** The store, for as long as `signal` is not aborted. Throws `ERR_AUTH_PROVIDER` when the package is not there. */
export async function openKeytar(signal: AbortSignal): Promise<Store> {
  const path = runsScripts(process.execPath) ? pathOfKeytar() : undefined;
  const backend = path === undefined ? await loadKeytar() : keytarProcess(path, signal);
  // There keytar has one answer for an entry that is locked and for none.
  if (process.platform !== 'linux') return backend;
  return { ...backend, hasLocked: (service) => hasLocked(service, signal) };
}

/** Whether it is Node itself: Electron, or a program made into one executable, would start a second time. */
export function runsScripts(executable: string): boolean {
  return /^node(js)?[\d.-]*(\.exe)?$/i.test(basename(executable));
}

/** `undefined` where it is not installed, and where a bundler has taken it in. */
function pathOfKeytar(): string | undefined {
  try {
    const path: unknown = createRequire(here).resolve('keytar');
    // webpack puts the name of the module in its bundle there: a number, or a path that begins with a dot.
    return typeof path === 'string' && isAbsolute(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Into this process. Throws `ERR_AUTH_PROVIDER` when the package is not there, or when its native part does not load. */
export async function loadKeytar(load?: () => Promise<unknown>): Promise<KeychainBackend> {
  try {
    // The import stands in the `try` for bundlers too: there they let an optional package be absent.
    const module = (load ? await load() : await import('keytar')) as KeychainBackend & {
      readonly default?: KeychainBackend;
    };
    return module.default ?? module;
  } catch (error) {
    throw new AuthError('ERR_AUTH_PROVIDER', `keychain: ${keytarTrouble(error)}`, { cause: error });
  }
}
