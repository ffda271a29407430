/** The credential store of the operating system, through the package `keytar`. */

import { AuthError } from '../errors.js';

/** What is used of `keytar`, and what any other store has to offer. */
export interface KeychainBackend {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
  /** Any password of the service: asked before `findCredentials`, where a store has it. */
  findPassword?(service: string): Promise<string | null>;
  findCredentials(service: string): Promise<readonly { readonly account: string; readonly password: string }[]>;
}

/** Throws `ERR_AUTH_PROVIDER` when the package is not there, or when its native part does not load. */
export async function loadKeytar(load?: () => Promise<unknown>): Promise<KeychainBackend> {
  try {
    // The import stands in the `try` for bundlers too: there they let an optional package be absent.
    const module = (load ? await load() : await import('keytar')) as KeychainBackend & {
      readonly default?: KeychainBackend;
    };
    return module.default ?? module;
  } catch (error) {
    throw new AuthError('ERR_AUTH_PROVIDER', `keychain: ${troubleOf(error)}`, { cause: error });
  }
}

function troubleOf(error: unknown): string {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  const absent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  if (absent && message.includes('keytar')) return 'keytar is not installed (npm install keytar@npm:@github/keytar)';
  const remedy = process.platform === 'linux' ? ' (it needs the library libsecret)' : '';
  return `keytar does not load: ${message.split('\n', 1)[0]}${remedy}`;
}
