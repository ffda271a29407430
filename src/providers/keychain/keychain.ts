/** Passwords from the credential store of the operating system. */

import { AuthError } from '../../errors.js';
import {
  type Credential,
  type CredentialRequest,
  type PasswordCredential,
  type Provider,
  type UsernameHint,
  wantsToken,
} from '../../model.js';
import { parseUrl } from '../../syntax/url.js';
import { visible } from '../../syntax/visible.js';
import { withParts } from '../chain.js';
import { noteRefusal } from '../notices.js';
import { GRACE_MS } from '../timeout.js';
import { Accounts } from './accounts.js';
import { type KeychainOptions, type KeychainSettings, keychainSettings } from './settings.js';

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
  const accounts = new Accounts();
  const kept = keeper(settings, accounts);
  return withParts({ ...kept, forget: forgetting(settings) }, [kept, chooser(settings, accounts, kept)]);
}

function forgetting({ store, serviceOf }: KeychainSettings): KeychainProvider['forget'] {
  return async (url, username) => {
    const { origin } = parseUrl(url) ?? {};
    if (origin === undefined) throw new AuthError('ERR_AUTH_OPTION', 'keychain: forget() takes a URL');
    const service = serviceOf({ origin, proxy: false });
    const entries = await store.find(service);
    const gone = entries.filter(({ account }) => username === undefined || account === username);
    for (const { account, password } of gone) await store.delete(service, account, password);
    return gone.map(({ account }) => account);
  };
}

function keeper(settings: KeychainSettings, accounts: Accounts): Provider {
  const { store, serviceOf } = settings;
  return {
    name: 'keychain',
    timeout: settings.timeout + GRACE_MS,
    store: true,
    get: async (request) => {
      if (wantsToken(request)) return undefined;
      const service = serviceOf(request);
      const found = await entryFor(settings, accounts, request);
      if (found) accounts.given.keep(service, found, request.realm);
      return found;
    },
    absence: (request) => {
      if (wantsToken(request)) return 'keeps passwords only';
      const whose = request.username === undefined ? '' : ` for ${visible(request.username)}`;
      return `no entry${whose} under ${serviceOf(request)}${store.isSure ? '' : ', or a locked one'}`;
    },
    approve: async (request, credential) => {
      const service = serviceOf(request);
      if (!isKeepable(credential)) return;
      if (accounts.given.has(service, credential)) return accounts.given.keep(service, credential, request.realm);
      if (accounts.settled.has(service, credential)) return;
      accounts.settled.keep(service, credential, request.realm);
      if (!(await settings.consents(request, credential))) return;
      await store.save(service, credential.username, credential.password, request.signal);
      accounts.given.keep(service, credential, request.realm);
    },
    reject: async (request, credential) => {
      const service = serviceOf(request);
      if (!isKeepable(credential) || !accounts.given.has(service, credential)) return;
      accounts.refused.set(service, credential.username);
      noteRefusal(request, credential.username, 'the keychain', false);
      if (!accounts.given.refuse(service, credential, request.realm)) return;
      await store.delete(service, credential.username, credential.password, request.signal);
      noteRefusal(request, credential.username, 'the keychain', true);
    },
  };
}

/** The interactive part: asks which account to use, or suggests the account whose password was refused. */
function chooser({ store, serviceOf, choose }: KeychainSettings, accounts: Accounts, { reject }: Provider): Provider {
  const undecided = (request: CredentialRequest) =>
    wantsToken(request) || request.username !== undefined ? undefined : accounts.several.get(serviceOf(request));
  const get = async (request: CredentialRequest): Promise<Credential | UsernameHint | undefined> => {
    const service = serviceOf(request);
    const names = undecided(request);
    if (!names) return accounts.takeRefused(service);
    const whose = `${request.proxy ? 'the proxy ' : ''}${visible(request.origin)}`;
    const username = await choose(`Which account of ${whose} in the keychain?`, names, request.signal);
    if (username === undefined) return undefined;
    accounts.choose(service, request.realm, username);
    const password = await store.read(service, username, request.signal);
    if (password === undefined) return { username };
    accounts.given.keep(service, { username, password }, request.realm);
    return { username, password };
  };
  const absence = (request: CredentialRequest) => (undecided(request) ? 'no account was chosen' : '');
  return { name: 'keychain', interactive: true, get, absence, ...(reject && { reject }) };
}

async function entryFor(
  { store, serviceOf }: KeychainSettings,
  accounts: Accounts,
  request: CredentialRequest,
): Promise<PasswordCredential | undefined> {
  const [service, signal] = [serviceOf(request), request.signal];
  const username = request.username || accounts.chosen(service, request.realm);
  if (username) {
    const password = await store.read(service, username, signal);
    return password === undefined ? undefined : { username, password };
  }
  const entries = await store.find(service, signal);
  accounts.found(service, entries);
  if (entries.length > 1) throw several(service, entries);
  const [entry] = entries;
  return entry && { username: entry.account, password: entry.password };
}

function several(service: string, entries: readonly { readonly account: string }[]): AuthError {
  const names = entries.map(({ account }) => visible(account)).join(', ');
  return new AuthError(
    'ERR_AUTH_PROVIDER',
    `keychain: ${entries.length} accounts under ${service}: ${names} (put the user name in the URL, or in AXIOS_CHALLENGE_USERNAME)`,
  );
}

/** Stores do not accept an empty password or an empty user name. */
function isKeepable(credential: Credential): credential is PasswordCredential {
  if (Object.hasOwn(credential, 'token') || !Object.hasOwn(credential, 'username')) return false;
  const { username, password } = credential as PasswordCredential;
  return username !== '' && password !== '';
}
