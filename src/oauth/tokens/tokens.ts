/** Tokens of an issuer: read, written and forgotten under a key, and renewed once for all who hold the same. */

import { unlessAborted } from '../../base/abort.js';
import { Lru } from '../../base/lru.js';
import { SingleFlight } from '../../base/single-flight.js';
import type { KeychainBackend } from '../../providers/keychain/backend.js';
import { KeptTokens } from './kept.js';
import { FileLock, LOCK_TIMES, type LockTimes } from './lock/file-lock.js';
import { type Lock, Turns } from './lock/lock.js';
import { stateFolder } from './lock/state-folder.js';
import { type Grant, type Renewal, renewedByOthers, renewUnderLock } from './renewal.js';
import { bounded } from './store/bounded.js';
import { KeychainTokens } from './store/keychain-tokens.js';
import { MemoryTokens, type TokenStore } from './store/token-store.js';
import type { StoredToken } from './stored-token.js';

/**
 * The tokens of one provider. A key names the issuer, the resource, the client and the account. Each call ends with its
 * signal (`Abandoned`), and throws `ERR_AUTH_PROVIDER` when the store fails, or the lock is held for too long.
 */
export interface Tokens {
  /** Without the lock: a store gives the old token or the new one. */
  read(key: string, signal?: AbortSignal): Promise<StoredToken | undefined>;
  /** A token that the store does not take stays in memory, and the error is thrown. */
  write(key: string, token: StoredToken, signal?: AbortSignal): Promise<void>;
  /**
   * Another token than `held`, from whoever renewed it first, in this process or another; else from `grant`. What
   * `grant` throws is thrown, and nothing is deleted; after `'gone'`, and where nothing is stored, there is no token.
   */
  renew(key: string, held: StoredToken, grant: Grant, signal?: AbortSignal): Promise<StoredToken | undefined>;
  forget(key: string, signal?: AbortSignal): Promise<void>;
}

export interface TokensOptions {
  /** The keychain in place of `keytar`. */
  readonly backend?: KeychainBackend | undefined;
  /** How long to wait for the keychain, in milliseconds; by default 5000. */
  readonly timeout?: number | undefined;
  /** The folder of the locks; by default that of the user's state. */
  readonly folder?: string | undefined;
  /** Hears, in a line without secrets, what does not stop a renewal: no folder for a lock, a token that is not kept. */
  readonly note?: ((reason: string) => void) | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
  readonly times?: Partial<LockTimes> | undefined;
}

// More than for a password: a token is several entries.
const KEYCHAIN_MS = 5000;
const MAX_KEYS = 1000;

/** `store`: `undefined` is the keychain of the operating system, `false` the memory of this process. */
export function tokensIn(store: TokenStore | false | undefined, options: TokensOptions = {}): Tokens {
  const { backend, timeout = KEYCHAIN_MS, folder, note = () => {}, now = Date.now } = options;
  const times = { ...LOCK_TIMES, ...options.times };
  const lock: Lock =
    store === false ? new Turns(times.wait) : new FileLock({ folder: () => folder ?? stateFolder(), times, note });
  const kept = new KeptTokens(storeOf(store, () => new KeychainTokens(backend, timeout)));
  const flights = new Lru<string, SingleFlight<StoredToken | undefined>>(MAX_KEYS);
  return {
    read: (key, signal) => unlessAborted(kept.read(key), signal),
    write: (key, token, signal) => {
      const written = lock.hold(key, { work: () => kept.write(key, token), signal }).catch((error) => {
        // Without its lock the store was not even asked.
        kept.remember(key, token);
        throw error;
      });
      return unlessAborted(written, signal);
    },
    forget: (key, signal) => unlessAborted(lock.hold(key, { work: () => kept.delete(key), signal }), signal),
    renew: (key, held, grant, signal) => {
      const flight = flights.get(key) ?? new SingleFlight();
      flights.set(key, flight);
      return flight.join((over) => renew(lock, { key, kept, held, grant, now, note }, over), signal);
    },
  };
}

function storeOf(store: TokenStore | false | undefined, keychain: () => TokenStore): TokenStore {
  if (store === false) return new MemoryTokens();
  return store ? bounded(store) : keychain();
}

function renew(lock: Lock, renewal: Renewal, signal: AbortSignal): Promise<StoredToken | undefined> {
  return lock.hold(renewal.key, {
    work: (isOurs) => renewUnderLock(renewal, isOurs),
    meanwhile: () => renewedByOthers(renewal).catch(() => undefined),
    signal,
  });
}
