/** The options of the keychain, and what they come to. */

import { AuthError } from '../errors.js';
import type { CredentialRequest, PasswordCredential } from '../model.js';
import { visible } from '../syntax/visible.js';
import { choose } from './choose.js';
import { confirm } from './confirm.js';
import type { KeychainBackend } from './keychain-backend.js';
import { openKeytar } from './keytar.js';
import { Vault } from './vault.js';

/** Options of `keychain()`. */
export interface KeychainOptions {
  /** What the service of an entry begins with; by default `axios-challenge`. */
  readonly service?: string | undefined;
  /** Whether a password that was typed and accepted is kept; by default the person is asked, after it was accepted. */
  readonly save?: 'ask' | 'always' | 'never' | undefined;
  /** By default the package `keytar`, in a process of its own. A backend is used in this one. */
  readonly backend?: KeychainBackend | undefined;
  /** How long to wait for the store, in milliseconds; by default 3000. */
  readonly timeout?: number | undefined;
  /** How the person is asked whether to save, by default at the terminal: for programs with windows. */
  readonly confirm?: ((question: string, signal?: AbortSignal) => Promise<boolean>) | undefined;
  /** How the person is asked which account, by default at the terminal; `undefined` is none of them. */
  readonly choose?:
    | ((question: string, accounts: readonly string[], signal?: AbortSignal) => Promise<string | undefined>)
    | undefined;
}

/** What the provider works with. */
export interface KeychainSettings {
  readonly store: Vault;
  /** Of one call, in milliseconds. */
  readonly timeout: number;
  readonly choose: NonNullable<KeychainOptions['choose']>;
  serviceOf(request: CredentialRequest): string;
  /** Throws `ERR_AUTH_PROVIDER` when the person should be asked and cannot be. */
  consents(request: CredentialRequest, credential: PasswordCredential): Promise<boolean>;
}

export function keychainSettings(options: KeychainOptions): KeychainSettings {
  const own: KeychainOptions = Object.assign(Object.create(null), options);
  const { service = 'axios-challenge', save = 'ask', backend, timeout = 3000, confirm: agree = confirm } = own;
  const store = new Vault(backend ? async () => backend : openKeytar, timeout);
  return {
    store,
    timeout,
    choose: own.choose ?? choose,
    serviceOf: ({ origin, proxy }) => `${service}:${proxy ? 'proxy:' : ''}${origin}`,
    consents: async ({ origin, interactiveSource, signal }, { username }) => {
      if (save !== 'ask') return save === 'always';
      if (interactiveSource === undefined) return false;
      // A question with a yes that cannot be kept is not asked.
      if (!store.answers) throw new AuthError('ERR_AUTH_PROVIDER', 'keychain: not kept, since the store failed before');
      return agree(`Keep the password of ${visible(username)} for ${visible(origin)} in the keychain?`, signal);
    },
  };
}
