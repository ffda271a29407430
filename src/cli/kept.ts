/** What the keychain keeps for an origin. */

import type { CredentialRequest, PasswordCredential, Provider } from '../model.js';
import { keychain } from '../providers/keychain.js';
import { openKeytar } from '../providers/keytar.js';
import { Vault } from '../providers/vault.js';
import { EXIT, Stop } from './exit-status.js';
import { forgetOrigin, rememberOrigin } from './known-origins.js';
import { isLocked, LOCKED } from './secret-service.js';

const TIMEOUT = 3000;

/** Names, in the order of the store. @throws Stop, AuthError when the store cannot be asked */
export async function accountsOf(origin: string, signal: AbortSignal): Promise<string[]> {
  await assertOpen(signal);
  const found = await new Vault(openKeytar, TIMEOUT).find(`axios-challenge:${origin}`, signal);
  return found.map(({ account }) => account);
}

/** @throws Stop, AuthError when the store does not take it */
export async function keep(origin: string, credential: PasswordCredential, signal: AbortSignal): Promise<void> {
  await assertOpen(signal);
  const request = requestFor(origin, credential.username, signal);
  const store = keychain({ save: 'always' });
  await store.approve?.(request, credential);
  // An empty password is not taken, without a word.
  if (!(await store.get(request))) throw new Stop(EXIT.failed, 'the keychain does not keep this credential');
  await rememberOrigin(origin);
}

/** The account that is gone; `undefined` where there was none. @throws Stop, AuthError */
export async function remove(
  origin: string,
  account: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  await assertOpen(signal);
  const store = keychain();
  const request = requestFor(origin, account, signal);
  const found = (await store.get(request)) as PasswordCredential | undefined;
  if (found) await store.reject?.(request, found);
  if (!(await isAny(store, origin, signal))) await forgetOrigin(origin);
  return found?.username;
}

async function isAny(store: Provider, origin: string, signal: AbortSignal): Promise<boolean> {
  // It throws when there are several.
  return Promise.resolve(store.get(requestFor(origin, undefined, signal))).then(
    (found) => found !== undefined,
    () => true,
  );
}

/** A locked store says that it has nothing. */
async function assertOpen(signal: AbortSignal): Promise<void> {
  if (await isLocked(signal)) throw new Stop(EXIT.failed, LOCKED);
}

function requestFor(origin: string, username: string | undefined, signal: AbortSignal): CredentialRequest {
  const request = { origin, realm: '', scheme: 'basic', proxy: false, url: `${origin}/`, refused: 0, signal };
  return username === undefined ? request : { ...request, username };
}
