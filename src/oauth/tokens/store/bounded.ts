/** The calls to a store of the user's: each with a time limit, and with an error that shows no token. */

import { withinTime } from '../../../base/abort.js';
import { AuthError } from '../../../errors.js';
import { isOurs, wordsOf } from '../../../syntax/said.js';
import type { TokenStore } from './token-store.js';

/** How long one call may take, in milliseconds: other processes wait for it. */
export const STORE_MS = 10_000;

/** A call that fails, or takes longer, throws `ERR_AUTH_PROVIDER`. */
export function bounded(store: TokenStore, milliseconds = STORE_MS): TokenStore {
  const call = async <T>(verb: string, run: () => Promise<T>): Promise<T> => {
    const late = () => trouble(`did not ${verb} within ${milliseconds} ms`);
    const work = (async () => run())().catch((error: unknown) => fail(verb, error));
    return withinTime(work, { milliseconds, late, left: late });
  };
  return {
    get: (key) => call('read', () => store.get(key)),
    set: (key, value) => call('write', () => store.set(key, value)),
    delete: (key) => call('delete', () => store.delete(key)),
  };
}

/** The cause is left out: its message may contain what was to be written. */
function fail(verb: string, error: unknown): never {
  if (isOurs(error)) throw error;
  throw trouble(`did not ${verb}: ${wordsOf(error)}`);
}

function trouble(reason: string): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `oauth: the token store ${reason}`);
}
