/** The calls to a credential store, each under a time limit and with one kind of error. */

import { withinTime } from '../../base/abort.js';
import { memberOf } from '../../base/own.js';
import { AuthError } from '../../errors.js';
import { kindOf, wordsOf } from '../../syntax/said.js';
import type { KeychainBackend, Store } from './backend.js';

/** The entries of one service, by account, while the store is open. */
export interface Entries {
  /** Throws `ERR_AUTH_PROVIDER` if the store is locked; `undefined` if there is no such entry. */
  read(account: string): Promise<string | undefined>;
  /** `undefined` for a locked entry, too. */
  peek(account: string): Promise<string | undefined>;
  save(account: string, text: string): Promise<void>;
  delete(account: string): Promise<void>;
}

/** The last parameter of each call is the signal of the caller. */
export class KeychainStore {
  readonly #open: (over: AbortSignal) => Promise<Store>;
  readonly #milliseconds: number;
  #answers = true;
  #isSure = true;

  /**
   * `open` returns the store, which is usable until its signal is aborted. A call that takes longer than `milliseconds`
   * rejects with `ERR_AUTH_PROVIDER`.
   */
  constructor(open: (over: AbortSignal) => Promise<Store>, milliseconds: number) {
    this.#open = open;
    this.#milliseconds = milliseconds;
  }

  /** Whether the last call succeeded. */
  get answers(): boolean {
    return this.#answers;
  }

  /** Whether an entry that was not found is really absent, and not just locked. */
  get isSure(): boolean {
    return this.#isSure;
  }

  find(service: string, signal?: AbortSignal): ReturnType<KeychainBackend['findCredentials']> {
    return this.#call(signal, async (store) => {
      const entries = await findIn(store, service);
      if (entries.length === 0) await this.#lacks(store, service);
      return entries;
    });
  }

  read(service: string, account: string, signal?: AbortSignal): Promise<string | undefined> {
    return this.#call(signal, (store) => this.#readIn(store, service, account));
  }

  save(service: string, account: string, password: string, signal?: AbortSignal): Promise<void> {
    return this.#call(signal, (store) =>
      store.setPassword(service, account, password).catch((error) => failToSave(error, 'password')),
    );
  }

  /** Deletes the entry, unless its password has changed since. */
  delete(service: string, account: string, password: string, signal?: AbortSignal): Promise<void> {
    return this.#call(signal, async (store) => {
      const kept = await this.#readIn(store, service, account);
      if (kept === password) await store.deletePassword(service, account);
    });
  }

  /** Several calls for one service, in the time of one: the store is opened once. */
  entries<T>(service: string, work: (entries: Entries) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#call(signal, (store) =>
      work({
        read: (account) => this.#readIn(store, service, account),
        peek: async (account) => (await store.getPassword(service, account)) ?? undefined,
        save: (account, text) => store.setPassword(service, account, text).catch((error) => failToSave(error, 'token')),
        delete: async (account) => void (await store.deletePassword(service, account)),
      }),
    );
  }

  async #readIn(store: Store, service: string, account: string): Promise<string | undefined> {
    const password = await store.getPassword(service, account);
    if (password === null) await this.#lacks(store, service);
    return password ?? undefined;
  }

  async #lacks(store: Store, service: string): Promise<void> {
    const hasLocked = memberOf(store, 'hasLocked');
    const locked = hasLocked ? await hasLocked.call(store, service) : false;
    this.#isSure = locked !== undefined;
    if (locked) throw lockedUnder(service);
  }

  async #call<T>(signal: AbortSignal | undefined, use: (store: Store) => Promise<T>): Promise<T> {
    const [milliseconds, over] = [this.#milliseconds, new AbortController()];
    const work = this.#open(over.signal).then(use).catch(fail);
    try {
      const result = await withinTime(work, { milliseconds, signal, late: () => late(milliseconds), left });
      this.#answers = true;
      return result;
    } catch (error) {
      this.#answers = false;
      throw error;
    } finally {
      over.abort();
    }
  }
}

/** Opens a given store, or that of the operating system: what keytar takes is loaded only then. */
export function openerOf(backend: KeychainBackend | undefined): (over: AbortSignal) => Promise<Store> {
  if (backend) return async () => backend;
  return async (over) => (await import('./keytar.js')).openKeytar(over);
}

/** On Linux keytar's `findCredentials` crashes if the entries are locked; `findPassword` then returns null. */
async function findIn(store: Store, service: string): ReturnType<KeychainBackend['findCredentials']> {
  return (await memberOf(store, 'findPassword')?.call(store, service)) === null ? [] : store.findCredentials(service);
}

function fail(error: unknown): never {
  if (error instanceof AuthError) throw error;
  throw new AuthError('ERR_AUTH_PROVIDER', `keychain: ${sentenceOf(error)}`, { cause: error });
}

/** The store's own message, unless a program failed: its message contains the command line, which may hold a secret. */
function sentenceOf(error: unknown): string {
  if (kindOf(error) === undefined) return wordsOf(error);
  const { message, ...more } = error as Error;
  const isOfProgram = 'cmd' in more || 'spawnargs' in more || /^(Command|spawn)/.test(message);
  return isOfProgram ? wordsOf(error) : (`${message}`.split('\n', 1)[0] as string);
}

/** Does not include the backend's message: it may contain the secret. */
function failToSave(error: unknown, secret: 'password' | 'token'): never {
  if (error instanceof AuthError) throw error;
  throw new AuthError('ERR_AUTH_PROVIDER', `keychain: the store did not take the ${secret}`);
}

function lockedUnder(service: string): AuthError {
  const remedy = 'unlock it, as logging in to the desktop does';
  return new AuthError('ERR_AUTH_PROVIDER', `keychain: locked, with an entry under ${service} (${remedy})`);
}

function late(milliseconds: number): AuthError {
  const waited = `keychain: no answer within ${milliseconds} ms (is the store locked, and waiting to be unlocked?)`;
  return new AuthError('ERR_AUTH_PROVIDER', waited);
}

function left(): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', 'keychain: cancelled');
}
