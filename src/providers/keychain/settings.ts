/** The options of the keychain, and the settings made from them. */

import type { CredentialRequest } from '../../model.js';
import { ownOptions } from '../../syntax/options.js';
import type { KeychainBackend } from './backend.js';

/** Options of `keychain()`. */
export interface KeychainOptions {
  /** The prefix of the service name of an entry; by default `axios-challenge`. */
  readonly service?: string | undefined;
  /** Whether to save a typed password after the server accepted it; by default the person is asked then. */
  readonly save?: 'ask' | 'always' | 'never' | undefined;
  /** The store; by default the package `keytar` in its own process. A given backend runs in this process. */
  readonly backend?: KeychainBackend | undefined;
  /** How long to wait for the store, in milliseconds; by default 3000. */
  readonly timeout?: number | undefined;
  /** Asks the person whether to save; by default at the terminal. For programs with windows. */
  readonly confirm?: ((question: string, signal?: AbortSignal) => Promise<boolean>) | undefined;
  /** Asks the person which account to use; by default at the terminal. `undefined` means no account. */
  readonly choose?:
    | ((question: string, accounts: readonly string[], signal?: AbortSignal) => Promise<string | undefined>)
    | undefined;
}

const NAMES = ['service', 'save', 'backend', 'timeout', 'confirm', 'choose'] as const;

/** The settings that the provider uses. */
export interface KeychainSettings {
  readonly save: NonNullable<KeychainOptions['save']>;
  readonly backend: KeychainBackend | undefined;
  /** The time limit of one call, in milliseconds. */
  readonly timeout: number;
  readonly confirm: NonNullable<KeychainOptions['confirm']>;
  readonly choose: NonNullable<KeychainOptions['choose']>;
  serviceOf(request: Pick<CredentialRequest, 'origin' | 'proxy'>): string;
}

/** Own properties only (SEC-28). */
export function keychainSettings(options: KeychainOptions): KeychainSettings {
  const own = ownOptions(options, NAMES, 'keychain');
  const { service = 'axios-challenge', save = 'ask', backend, timeout = 3000, confirm = confirmed } = own;
  const choose = own.choose ?? chosen;
  const serviceOf: KeychainSettings['serviceOf'] = ({ origin, proxy }) =>
    `${service}:${proxy ? 'proxy:' : ''}${origin}`;
  return { save, timeout, confirm, choose, backend, serviceOf };
}

// Most processes never ask.
const chosen: NonNullable<KeychainOptions['choose']> = async (...question) =>
  (await import('../terminal/choose.js')).choose(...question);
const confirmed: NonNullable<KeychainOptions['confirm']> = async (...question) =>
  (await import('../terminal/ask.js')).confirm(...question);
