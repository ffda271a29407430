/** Passwords from the credential store of the operating system. */

import { AuthError } from '../errors.js';
import type { Credential, CredentialRequest, PasswordCredential, Provider, UsernameHint } from '../model.js';
import { visible } from '../syntax/visible.js';
import { Accounts } from './accounts.js';
import { MOMENT } from './deadline.js';
import { type KeychainOptions, type KeychainSettings, keychainSettings } from './keychain-settings.js';

/**
 * Gives the password under the service `axios-challenge:<origin>` and the user name, and keeps there, if the person
 * agrees, what was typed at a prompt and accepted. Deletes what it gave when the server refuses it. Tokens are neither
 * given nor kept. Where there are several accounts and nobody has named one, the person is asked which, after all
 * providers that need nobody. Throws nothing itself.
 *
 * @param options - whether and how the person is asked, and which store
 * @returns a provider; its `get` throws `ERR_AUTH_PROVIDER` when there is no store, when it keeps the entry locked, or
 *   when it does not answer
 * @example
 * installAuth(client, { providers: [keychain({ save: 'always' }), prompt()] });
 */
export function keychain(options: KeychainOptions = {}): Provider {
  const settings = keychainSettings(options);
  const accounts = new Accounts();
  const kept = keeper(settings, accounts);
  return { ...kept, providers: [kept, chooser(settings, accounts, kept)] };
}

function keeper(settings: KeychainSettings, accounts: Accounts): Provider {
  const { store, serviceOf } = settings;
  return {
    name: 'keychain',
    timeout: settings.timeout + MOMENT,
    store: true,
    get: async (request) => {
      if (request.scheme === 'bearer') return undefined;
      const service = serviceOf(request);
      const found = await entryFor(settings, accounts, request);
      if (found) accounts.given.keep(service, found);
      return found;
    },
    absence: (request) => {
      if (request.scheme === 'bearer') return 'keeps no tokens';
      const whose = request.username === undefined ? '' : ` for ${visible(request.username)}`;
      return `no entry${whose} under ${serviceOf(request)}${store.isSure ? '' : ', or a locked one'}`;
    },
    approve: async (request, credential) => {
      const service = serviceOf(request);
      if (!isKeepable(credential)) return;
      if (accounts.given.has(service, credential) || accounts.settled.has(service, credential)) return;
      accounts.settled.keep(service, credential);
      if (!(await settings.consents(request, credential))) return;
      await store.save(service, credential.username, credential.password, request.signal);
    },
    reject: async (request, credential) => {
      const service = serviceOf(request);
      if (!isKeepable(credential) || !accounts.given.has(service, credential)) return;
      accounts.refused.set(service, credential.username);
      await store.delete(service, credential.username, credential.password, request.signal);
    },
  };
}

/** Asked when the person's turn has come: which account it is, or whose password was refused. */
function chooser({ store, serviceOf, choose }: KeychainSettings, accounts: Accounts, { reject }: Provider): Provider {
  const undecided = (request: CredentialRequest) =>
    request.scheme === 'bearer' || request.username !== undefined
      ? undefined
      : accounts.several.get(serviceOf(request));
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
    accounts.given.keep(service, { username, password });
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

/** Stores take no empty password and no empty user name. */
function isKeepable(credential: Credential): credential is PasswordCredential {
  if (Object.hasOwn(credential, 'token') || !Object.hasOwn(credential, 'username')) return false;
  const { username, password } = credential as PasswordCredential;
  return username !== '' && password !== '';
}
