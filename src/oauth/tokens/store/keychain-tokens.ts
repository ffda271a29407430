/** Tokens in the credential store of the operating system, in parts, all or nothing (SEC-65). */

import { createHash } from 'node:crypto';
import { AuthError } from '../../../errors.js';
import type { KeychainBackend } from '../../../providers/keychain/backend.js';
import { type Entries, KeychainStore, openerOf } from '../../../providers/keychain/store.js';
import { divide, join, MAX_PARTS, parseHead, type Slot } from './parts.js';
import type { TokenStore } from './token-store.js';

const SERVICE = 'axios-challenge:oauth';

// A reader whose parts are replaced while it reads begins anew.
const LOOKS = 3;

/** `timeout` is for one call of the port, in milliseconds: it may be several of the store's. */
export class KeychainTokens implements TokenStore {
  readonly #store: KeychainStore;

  constructor(backend: KeychainBackend | undefined, timeout: number) {
    this.#store = new KeychainStore(openerOf(backend), timeout);
  }

  get(key: string): Promise<string | undefined> {
    return this.#store.entries(SERVICE, (entries) => read(entries, accountOf(key)));
  }

  set(key: string, value: string): Promise<void> {
    return this.#store.entries(SERVICE, (entries) => write(entries, accountOf(key), value));
  }

  delete(key: string): Promise<void> {
    return this.#store.entries(SERVICE, (entries) => remove(entries, accountOf(key)));
  }
}

/** A hash: the account of an entry can be seen without unlocking the store. */
function accountOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function partOf(account: string, slot: Slot, index: number): string {
  return `${account}.${slot}.${index}`;
}

async function read(entries: Entries, account: string): Promise<string | undefined> {
  for (let look = 0; look < LOOKS; look++) {
    const head = parseHead(await entries.read(account));
    if (!head) return undefined;
    const parts: Array<string | undefined> = [];
    for (let i = 0; i < head.parts; i++) parts.push(await entries.peek(partOf(account, head.slot, i)));
    const value = join(head, parts);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The head is written when all parts are there, and old parts are deleted when no head names them. */
async function write(entries: Entries, account: string, value: string): Promise<void> {
  const old = parseHead(await entries.read(account));
  const slot = old?.slot === 'a' ? 'b' : 'a';
  const divided = divide(value, slot);
  if (!divided) throw new AuthError('ERR_AUTH_PROVIDER', 'keychain: the token is too long to be kept');
  for (const [i, part] of divided.parts.entries()) await entries.save(partOf(account, slot, i), part);
  await entries.save(account, divided.head);
  // What remains is deleted by the next write: this one has succeeded.
  await clear(entries, account, slot, divided.parts.length).catch(() => {});
  await clear(entries, account, slot === 'a' ? 'b' : 'a').catch(() => {});
}

async function remove(entries: Entries, account: string): Promise<void> {
  await entries.delete(account);
  await clear(entries, account, 'a');
  await clear(entries, account, 'b');
}

/** From the last one on, so that parts which remain after a fault are found again: they have no gap. */
async function clear(entries: Entries, account: string, slot: Slot, first = 0): Promise<void> {
  let end = first;
  while (end < MAX_PARTS && (await entries.peek(partOf(account, slot, end))) !== undefined) end++;
  for (let i = end - 1; i >= first; i--) await entries.delete(partOf(account, slot, i));
}
