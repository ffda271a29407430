/** Passwords from the credential store of the operating system. */

import { AuthError } from '../../errors.js';
import { type Provider, wantsToken } from '../../model.js';
import { visible } from '../../syntax/visible.js';
import { withParts } from '../chain.js';
import { GRACE_MS } from '../timeout.js';
import type { KeychainPasswords } from './keychain-passwords.js';
import { type KeychainOptions, keychainSettings } from './settings.js';

/** `keychain()`, and how a program removes what it keeps. */
export interface KeychainProvider extends Provider {
  /**
   * Deletes what is kept for an origin, as a "log out" of a program does. A session in use goes on until
   * `AuthHandle.forget()` ends it.
   *
   * @param url - any URL of the origin
   * @param username - the account; by default every account
   * @returns the user names of the deleted entries
   * @throws AuthError `ERR_AUTH_PROVIDER` when there is no store, or when it is locked or does not answer;
   *   `ERR_AUTH_OPTION` when `url` is no URL
   * @example
   * await keychain().forget('https://files.example', 'alice');
   */
  forget(url: string, username?: string): Promise<readonly string[]>;
}

/**
 * Gives the password that is stored under the service `axios-challenge:<origin>` and the user name. A password that a
 * person typed and the server accepted is stored there, if the person agrees. A password that the keychain gave is
 * deleted when the server refuses it, unless another realm of the origin got the same password and has not refused it.
 * Tokens are neither given nor stored. If there are several accounts and no user name is known, the person is asked to
 * choose, after all non-interactive providers. Throws nothing itself.
 *
 * @param options - whether and how the person is asked, and which store
 * @returns a provider; its `get` throws `ERR_AUTH_PROVIDER` when there is no store, when the entry is locked, or when
 *   the store does not answer. Its `forget` deletes entries.
 * @example
 * installAuth(client, { providers: [keychain({ save: 'always' }), prompt()] });
 */
export function keychain(options: KeychainOptions = {}): KeychainProvider {
  const settings = keychainSettings(options);
  let passwords: KeychainPasswords | undefined;
  const opened = async () => {
    const { KeychainPasswords } = await loadPasswords();
    passwords ??= new KeychainPasswords(settings);
    return passwords;
  };
  // Nothing is refused, and no account is to be chosen, before the keychain was asked.
  const reject: Provider['reject'] = async (request, credential) => passwords?.reject(request, credential);
  const kept: Provider = {
    name: 'keychain',
    timeout: settings.timeout + GRACE_MS,
    store: true,
    get: async (request) => (wantsToken(request) ? undefined : (await opened()).get(request)),
    absence: (request) => {
      if (wantsToken(request)) return 'keeps passwords only';
      const whose = request.username === undefined ? '' : ` for ${visible(request.username)}`;
      const doubt = passwords?.isSure === false ? ', or a locked one' : '';
      return `no entry${whose} under ${settings.serviceOf(request)}${doubt}`;
    },
    approve: async (request, credential) => (await opened()).approve(request, credential),
    reject,
  };
  const chooser: Provider = {
    name: 'keychain',
    interactive: true,
    get: async (request) => passwords?.choose(request),
    absence: (request) => (passwords?.undecided(request) ? 'no account was chosen' : ''),
    reject,
  };
  const forget: KeychainProvider['forget'] = async (url, username) => (await opened()).forget(url, username);
  return withParts({ ...kept, forget }, [kept, chooser]);
}

/** Most processes do not ask the keychain. */
async function loadPasswords(): Promise<typeof import('./keychain-passwords.js')> {
  try {
    return await import('./keychain-passwords.js');
  } catch (cause) {
    const question = 'were the files of axios-challenge replaced under the running program?';
    throw new AuthError('ERR_AUTH_PROVIDER', `keychain: a part could not be loaded: ${question}`, { cause });
  }
}
