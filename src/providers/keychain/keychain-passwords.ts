/** Gives, keeps and deletes the passwords of a keychain. `keychain.ts` loads this file when it needs the store first. */

import { AuthError } from '../../errors.js';
import {
  type Credential,
  type CredentialRequest,
  type PasswordCredential,
  type UsernameHint,
  wantsToken,
} from '../../model.js';
import { parseUrl } from '../../syntax/url.js';
import { visible } from '../../syntax/visible.js';
import { noteRefusal } from '../notices.js';
import { Accounts } from './accounts.js';
import type { KeychainSettings } from './settings.js';
import { KeychainStore, openerOf } from './store.js';

/** The store of one `keychain()`, and what this process knows of its accounts. */
export class KeychainPasswords {
  readonly #settings: KeychainSettings;
  readonly #store: KeychainStore;
  readonly #accounts = new Accounts();

  constructor(settings: KeychainSettings) {
    this.#settings = settings;
    this.#store = new KeychainStore(openerOf(settings.backend), settings.timeout);
  }

  /** Whether an entry that was not found is really absent, and not just locked. */
  get isSure(): boolean {
    return this.#store.isSure;
  }

  /** The password of the account that the request names, or of the only account. */
  async get(request: CredentialRequest): Promise<PasswordCredential | undefined> {
    const service = this.#settings.serviceOf(request);
    const found = await this.#entryFor(service, request);
    if (found) this.#accounts.given.keep(service, found, request.realm);
    return found;
  }

  /** Saves a password that a person typed, if the person agrees. */
  async approve(request: CredentialRequest, credential: Credential): Promise<void> {
    const { given, settled } = this.#accounts;
    const service = this.#settings.serviceOf(request);
    if (!isKeepable(credential)) return;
    if (given.has(service, credential)) return given.keep(service, credential, request.realm);
    if (settled.has(service, credential)) return;
    settled.keep(service, credential, request.realm);
    if (!(await this.#consents(request, credential))) return;
    await this.#store.save(service, credential.username, credential.password, request.signal);
    given.keep(service, credential, request.realm);
  }

  /** Deletes a password that the keychain gave, unless another realm may still accept it (SEC-38). */
  async reject(request: CredentialRequest, credential: Credential): Promise<void> {
    const { given, refused } = this.#accounts;
    const service = this.#settings.serviceOf(request);
    if (!isKeepable(credential) || !given.has(service, credential)) return;
    refused.set(service, credential.username);
    noteRefusal(request, credential.username, 'the keychain', false);
    if (!given.refuse(service, credential, request.realm)) return;
    await this.#store.delete(service, credential.username, credential.password, request.signal);
    noteRefusal(request, credential.username, 'the keychain', true);
  }

  /** Deletes what is kept for an origin; gives the user names. */
  async forget(url: string, username?: string): Promise<readonly string[]> {
    const { origin } = parseUrl(url) ?? {};
    if (origin === undefined) throw new AuthError('ERR_AUTH_OPTION', 'keychain: forget() takes a URL');
    const service = this.#settings.serviceOf({ origin, proxy: false });
    const entries = await this.#store.find(service);
    const gone = entries.filter(({ account }) => username === undefined || account === username);
    for (const { account, password } of gone) await this.#store.delete(service, account, password);
    return gone.map(({ account }) => account);
  }

  /** Asks which account to use, or suggests the account whose password was refused. */
  async choose(request: CredentialRequest): Promise<PasswordCredential | UsernameHint | undefined> {
    const service = this.#settings.serviceOf(request);
    const names = this.undecided(request);
    if (!names) return this.#accounts.takeRefused(service);
    const whose = `${request.proxy ? 'the proxy ' : ''}${visible(request.origin)}`;
    const question = `Which account of ${whose} in the keychain?`;
    const username = await this.#settings.choose(question, names, request.signal);
    if (username === undefined) return undefined;
    this.#accounts.choose(service, request.realm, username);
    const password = await this.#store.read(service, username, request.signal);
    if (password === undefined) return { username };
    this.#accounts.given.keep(service, { username, password }, request.realm);
    return { username, password };
  }

  /** The accounts that a person has to choose from. */
  undecided(request: CredentialRequest): readonly string[] | undefined {
    if (wantsToken(request) || request.username !== undefined) return undefined;
    return this.#accounts.several.get(this.#settings.serviceOf(request));
  }

  async #entryFor(service: string, request: CredentialRequest): Promise<PasswordCredential | undefined> {
    const { signal } = request;
    const username = request.username || this.#accounts.chosen(service, request.realm);
    if (username) {
      const password = await this.#store.read(service, username, signal);
      return password === undefined ? undefined : { username, password };
    }
    const entries = await this.#store.find(service, signal);
    this.#accounts.found(service, entries);
    if (entries.length > 1) throw several(service, entries);
    const [entry] = entries;
    return entry && { username: entry.account, password: entry.password };
  }

  /** Whether to save. Throws `ERR_AUTH_PROVIDER` if the person should be asked but the store has failed before. */
  async #consents(
    { origin, interactiveSource, signal }: CredentialRequest,
    { username }: PasswordCredential,
  ): Promise<boolean> {
    const { save, confirm } = this.#settings;
    if (save !== 'ask') return save === 'always';
    if (interactiveSource === undefined) return false;
    // Do not ask to save if the store has failed.
    if (!this.#store.answers)
      throw new AuthError('ERR_AUTH_PROVIDER', 'keychain: the password was not kept, because the store failed before');
    return confirm(`Keep the password of ${visible(username)} for ${visible(origin)} in the keychain?`, signal);
  }
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
