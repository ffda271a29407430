/** Passwords from the credential store of the operating system. */

import { AuthError } from '../errors.js';
import type { Credential, CredentialRequest, PasswordCredential, Provider } from '../model.js';
import { visible } from '../syntax/visible.js';
import { confirm } from './confirm.js';
import { type KeychainBackend, loadKeytar } from './keytar.js';
import { type Vault, vault } from './vault.js';

export interface KeychainOptions {
  /** What the service of an entry begins with; by default `axios-challenge`. */
  readonly service?: string | undefined;
  /** Whether a password that was typed and accepted is kept; by default the person is asked. */
  readonly save?: 'ask' | 'always' | 'never' | undefined;
  /** By default the package `keytar`. */
  readonly backend?: KeychainBackend | undefined;
  /** How long to wait for the store, in milliseconds; by default 3000. */
  readonly timeout?: number | undefined;
  /** How the person is asked, by default at the terminal: for programs with windows. */
  readonly confirm?: ((question: string, signal?: AbortSignal) => Promise<boolean>) | undefined;
}

/**
 * Gives the password under the service `axios-challenge:<origin>` and the user name, and keeps there, if the person
 * agrees, what was typed at a prompt and accepted. Deletes what it gave when the server refuses it. Tokens are neither
 * given nor kept. Throws `ERR_AUTH_PROVIDER` when there is no store, or it does not answer.
 *
 * @example
 * installAuth(client, { providers: [keychain({ save: 'always' }), prompt()] });
 */
export function keychain(options: KeychainOptions = {}): Provider {
  const settings = settingsOf(options);
  const { store } = settings;
  const given = new Memory();
  const settled = new Memory();
  return {
    name: 'keychain',
    store: true,
    get: async (request) => {
      if (request.scheme === 'bearer') return undefined;
      const found = await entryFor(store, settings.serviceOf(request), request);
      if (found) given.keep(settings.serviceOf(request), found);
      return found;
    },
    absence: (request) =>
      request.scheme === 'bearer' ? 'keeps no tokens' : `no entry under ${settings.serviceOf(request)}`,
    approve: async (request, credential) => {
      const service = settings.serviceOf(request);
      if (!keepable(credential) || given.has(service, credential) || settled.has(service, credential)) return;
      settled.keep(service, credential);
      if (!(await settings.consents(request, credential))) return;
      await store.save(service, credential.username, credential.password, request.signal);
    },
    reject: async (request, credential) => {
      const service = settings.serviceOf(request);
      if (!keepable(credential) || !given.has(service, credential)) return;
      if ((await store.read(service, credential.username, request.signal)) !== credential.password) return;
      await store.delete(service, credential.username, request.signal);
    },
  };
}

interface Settings {
  readonly store: Vault;
  serviceOf(request: CredentialRequest): string;
  consents(request: CredentialRequest, credential: PasswordCredential): Promise<boolean>;
}

function settingsOf(options: KeychainOptions): Settings {
  const own: KeychainOptions = Object.assign(Object.create(null), options);
  const { service = 'axios-challenge', save = 'ask', backend, timeout = 3000, confirm: agree = confirm } = own;
  let opened: Promise<KeychainBackend> | undefined;
  const open = () => {
    opened ??= backend ? Promise.resolve(backend) : loadKeytar();
    return opened;
  };
  const store = vault(open, timeout);
  return {
    store,
    serviceOf: ({ origin, proxy }) => `${service}:${proxy ? 'proxy:' : ''}${origin}`,
    consents: async ({ origin, interactiveSource, signal }, { username }) => {
      if (save !== 'ask') return save === 'always';
      // A question with a yes that cannot be kept is not asked.
      if (interactiveSource === undefined || !store.answers()) return false;
      return agree(`Keep the password of ${visible(username)} for ${visible(origin)} in the keychain?`, signal);
    },
  };
}

async function entryFor(
  store: Vault,
  service: string,
  { username, signal }: CredentialRequest,
): Promise<PasswordCredential | undefined> {
  if (username) {
    const password = await store.read(service, username, signal);
    return password === undefined ? undefined : { username, password };
  }
  const [entry, ...more] = await store.find(service, signal);
  if (entry && more.length > 0) throw several(service, [entry, ...more]);
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
function keepable(credential: Credential): credential is PasswordCredential {
  if (Object.hasOwn(credential, 'token') || !Object.hasOwn(credential, 'username')) return false;
  const { username, password } = credential as PasswordCredential;
  return username !== '' && password !== '';
}

/** The last password seen of each account. */
class Memory {
  readonly #passwords = new Map<string, string>();

  keep(service: string, { username, password }: PasswordCredential): void {
    this.#passwords.set(JSON.stringify([service, username]), password);
  }

  has(service: string, { username, password }: PasswordCredential): boolean {
    return this.#passwords.get(JSON.stringify([service, username])) === password;
  }
}
