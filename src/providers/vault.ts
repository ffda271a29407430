/** The calls to a credential store, each under a time limit and with one kind of error. */

import { AuthError } from '../errors.js';
import { withinTime } from './deadline.js';
import type { KeychainBackend } from './keytar.js';

/** The last parameter of each: the signal of whoever waits. */
export interface Vault {
  /** Whether the last call was answered. */
  answers(): boolean;
  find(service: string, signal?: AbortSignal): ReturnType<KeychainBackend['findCredentials']>;
  read(service: string, account: string, signal?: AbortSignal): Promise<string | undefined>;
  save(service: string, account: string, password: string, signal?: AbortSignal): Promise<void>;
  delete(service: string, account: string, signal?: AbortSignal): Promise<void>;
}

/** `open` gives the store; every call rejects with `ERR_AUTH_PROVIDER` after `milliseconds`. */
export function vault(open: () => Promise<KeychainBackend>, milliseconds: number): Vault {
  let answered = true;
  const call = async <T>(
    signal: AbortSignal | undefined,
    use: (backend: KeychainBackend) => Promise<T>,
  ): Promise<T> => {
    answered = false;
    const work = open().then(use).catch(fail);
    const result = await withinTime(work, { milliseconds, signal, late: () => late(milliseconds), left });
    answered = true;
    return result;
  };
  return {
    answers: () => answered,
    find: (service, signal) => call(signal, (backend) => findIn(backend, service)),
    read: async (service, account, signal) =>
      (await call(signal, (backend) => backend.getPassword(service, account))) ?? undefined,
    save: (service, account, password, signal) =>
      call(signal, (backend) => backend.setPassword(service, account, password).catch(failToSave)),
    delete: async (service, account, signal) => {
      await call(signal, (backend) => backend.deletePassword(service, account));
    },
  };
}

/** On Linux a process died in keytar's `findCredentials` when the collection was locked; `findPassword` says null there. */
async function findIn(backend: KeychainBackend, service: string): ReturnType<KeychainBackend['findCredentials']> {
  return (await backend.findPassword?.(service)) === null ? [] : backend.findCredentials(service);
}

function fail(error: unknown): never {
  if (error instanceof AuthError) throw error;
  const message = error instanceof Error ? error.message : String(error);
  throw new AuthError('ERR_AUTH_PROVIDER', `keychain: ${message.split('\n', 1)[0]}`, { cause: error });
}

/** Says no more: who was handed a password may have it in the message. */
function failToSave(): never {
  throw new AuthError('ERR_AUTH_PROVIDER', 'keychain: the store did not take the password');
}

function late(milliseconds: number): AuthError {
  const waited = `keychain: no answer within ${milliseconds} ms (is it locked, and waiting for somebody to unlock it?)`;
  return new AuthError('ERR_AUTH_PROVIDER', waited);
}

function left(): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', 'keychain: cancelled');
}
