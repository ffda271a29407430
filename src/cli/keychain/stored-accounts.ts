/** Lists, stores and removes the accounts of an origin in the keychain. */

import type { CredentialRequest, PasswordCredential } from '../../model.js';
import { keychain } from '../../providers/keychain/keychain.js';
import { openKeytar } from '../../providers/keychain/keytar.js';
import { KeychainStore } from '../../providers/keychain/store.js';
import { EXIT, Stop } from '../io/exit.js';
import { forgetOrigin, rememberOrigin } from './known-origins.js';
import { assertOpen } from './secret-service.js';

const TIMEOUT = 3000;

/** The user names, in the order of the store. @throws Stop, AuthError when the store is locked or fails */
export async function accountsOf(origin: string, signal: AbortSignal): Promise<string[]> {
  await assertOpen(signal);
  const found = await new KeychainStore(openKeytar, TIMEOUT).find(`axios-challenge:${origin}`, signal);
  return found.map(({ account }) => account);
}

/** Stores a credential. @throws Stop, AuthError when the store does not accept it */
export async function keep(origin: string, credential: PasswordCredential, signal: AbortSignal): Promise<void> {
  await assertOpen(signal);
  const request = requestFor(origin, credential.username, signal);
  const store = keychain({ save: 'always' });
  await store.approve?.(request, credential);
  // `approve` ignores an empty password without an error, so the entry is read back.
  if (!(await store.get(request)))
    throw new Stop(EXIT.failed, 'the keychain did not store this credential (an empty password cannot be stored)');
  await rememberOrigin(origin);
}

/** Removes an account and returns its user name; `undefined` if no such account was stored. @throws Stop, AuthError */
export async function remove(origin: string, account: string, signal: AbortSignal): Promise<string | undefined> {
  await assertOpen(signal);
  const [gone] = await keychain().forget(origin, account);
  if ((await accountsOf(origin, signal)).length === 0) await forgetOrigin(origin);
  return gone;
}

function requestFor(origin: string, username: string | undefined, signal: AbortSignal): CredentialRequest {
  const request = { origin, realm: '', scheme: 'basic', proxy: false, url: `${origin}/`, refused: 0, signal };
  return username === undefined ? request : { ...request, username };
}
