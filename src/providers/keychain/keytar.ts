/** The credential store of the operating system, through the package `keytar`. */

import { createRequire } from 'node:module';
import { basename, isAbsolute } from 'node:path';
import { AuthError } from '../../errors.js';
import { here } from '../module-url.js';
import type { KeychainBackend, Store } from './backend.js';
import { keytarProcess } from './keytar-process.js';
import { keytarTrouble } from './keytar-trouble.js';
import { hasLocked } from './secret-service.js';

/** Opens the store until `signal` is aborted. Throws `ERR_AUTH_PROVIDER` if the package is not installed. */
export async function openKeytar(signal: AbortSignal): Promise<Store> {
  const path = runsScripts(process.execPath) ? pathOfKeytar() : undefined;
  const backend = path === undefined ? await loadKeytar() : keytarProcess(path, signal);
  // On Linux keytar gives the same answer for a locked entry and for a missing entry.
  if (process.platform !== 'linux') return backend;
  return { ...backend, hasLocked: (service) => hasLocked(service, signal) };
}

/** Whether the executable is Node: Electron, or a single-executable program, would start itself a second time. */
export function runsScripts(executable: string): boolean {
  return /^node(js)?[\d.-]*(\.exe)?$/i.test(basename(executable));
}

/** `undefined` if keytar is not installed, or if a bundler has included it. */
function pathOfKeytar(): string | undefined {
  try {
    const path: unknown = createRequire(here).resolve('keytar');
    // In a webpack bundle this is the bundle's name of the module: a number, or a path that begins with a dot.
    return typeof path === 'string' && isAbsolute(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Loads keytar into this process. Throws `ERR_AUTH_PROVIDER` if the package is not installed, or if its native part
 * does not load.
 */
export async function loadKeytar(load?: () => Promise<unknown>): Promise<KeychainBackend> {
  try {
    // Bundlers need the import inside the `try`: only there may an optional package be absent.
    const module = (load ? await load() : await import('keytar')) as KeychainBackend & {
      readonly default?: KeychainBackend;
    };
    return module.default ?? module;
  } catch (error) {
    throw new AuthError('ERR_AUTH_PROVIDER', `keychain: ${keytarTrouble(error)}`, { cause: error });
  }
}
