/** The calls to a credential store, each under a time limit and with one kind of error. */

import { AuthError } from '../errors.js';
import { memberOf } from '../member.js';
import { withinTime } from './deadline.js';
import type { KeychainBackend, Store } from './keychain-backend.js';

/** The last parameter of each call is the signal of whoever waits. */
export class Vault {
  readonly #open: (over: AbortSignal) => Promise<Store>;
  readonly #milliseconds: number;
  #answers = true;
  #isSure = true;

  /** `open` gives the store until its signal is aborted; every call rejects with `ERR_AUTH_PROVIDER` after `milliseconds`. */
  constructor(open: (over: AbortSignal) => Promise<Store>, milliseconds: number) {
    this.#open = open;
    this.#milliseconds = milliseconds;
  }

  /** Whether the last call was answered. */
  get answers(): boolean {
    return this.#answers;
  }

  /** Whether an entry that was not found is not there, and not just locked. */
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
    return this.#call(signal, (store) => store.setPassword(service, account, password).catch(failToSave));
  }

  /** Deletes the entry, unless its password is another one by now. */
  delete(service: string, account: string, password: string, signal?: AbortSignal): Promise<void> {
    return this.#call(signal, async (store) => {
      const kept = await this.#readIn(store, service, account);
      if (kept === password) await store.deletePassword(service, account);
    });
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

/** On Linux keytar's `findCredentials` crashes when the entries are locked; `findPassword` says null there. */
async function findIn(store: Store, service: string): ReturnType<KeychainBackend['findCredentials']> {
  return (await memberOf(store, 'findPassword')?.call(store, service)) === null ? [] : store.findCredentials(service);
}

function fail(error: unknown): never {
  if (error instanceof AuthError) throw error;
  const message = error instanceof Error ? error.message : String(error);
  throw new AuthError('ERR_AUTH_PROVIDER', `keychain: ${message.split('\n', 1)[0]}`, { cause: error });
}

/** Says no more than is ours: who was handed a password may have it in the message. */
function failToSave(error: unknown): never {
  if (error instanceof AuthError) throw error;
  throw new AuthError('ERR_AUTH_PROVIDER', 'keychain: the store did not take the password');
}

function lockedUnder(service: string): AuthError {
  const remedy = 'unlock it, as logging in to the desktop does';
  return new AuthError('ERR_AUTH_PROVIDER', `keychain: locked, with an entry under ${service} (${remedy})`);
}

function late(milliseconds: number): AuthError {
  const waited = `keychain: no answer within ${milliseconds} ms (is it locked, and waiting for somebody to unlock it?)`;
  return new AuthError('ERR_AUTH_PROVIDER', waited);
}

function left(): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', 'keychain: cancelled');
}
