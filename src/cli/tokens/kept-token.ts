/** Reads, keeps and forgets the token of a login, in the keychain. */

import type { StoredToken } from '../../oauth/tokens/stored-token.js';
import { type Tokens, tokensIn } from '../../oauth/tokens/tokens.js';
import { assertOpen } from '../keychain/secret-service.js';
import { forgetLogin, rememberLogin } from './known-logins.js';
import { keyOf, type Login } from './login.js';

/** `undefined` if the keychain has none. @throws Stop, AuthError when it is locked or fails */
export async function keptToken(login: Login, signal: AbortSignal): Promise<StoredToken | undefined> {
  await assertOpen(signal);
  return tokensIn(undefined).read(keyOf(login), signal);
}

/** Keeps the token, and then the names that lead to it. @throws Stop, AuthError */
export async function keepToken(login: Login, token: StoredToken, signal: AbortSignal): Promise<void> {
  await assertOpen(signal);
  const tokens = tokensIn(undefined);
  await tokens.write(keyOf(login), token, signal);
  try {
    await rememberLogin(login);
  } catch (error) {
    // No command would find it, to use it or to remove it.
    await tokens.forget(keyOf(login), signal).catch(() => {});
    throw error;
  }
}

/** Runs `end` on the token that is kept, while no other program renews it, and forgets it. @throws Stop, AuthError */
export async function forgetToken(
  login: Login,
  signal: AbortSignal,
  end: (token: StoredToken) => Promise<void> = async () => {},
): Promise<boolean> {
  await assertOpen(signal);
  const [tokens, key] = [tokensIn(undefined), keyOf(login)];
  const held = await tokens.read(key, signal);
  if (held) await endUnderLock(tokens, { key, held, end }, signal);
  await tokens.forget(key, signal);
  await forgetLogin(login.origin);
  return held !== undefined;
}

interface Ending {
  readonly key: string;
  readonly held: StoredToken;
  end(token: StoredToken): Promise<void>;
}

/** A program that has renewed the token meanwhile leaves another one, which is ended then. */
async function endUnderLock(tokens: Tokens, { key, held, end }: Ending, signal: AbortSignal): Promise<void> {
  const gone = async (stored: StoredToken) => {
    await end(stored);
    return 'gone' as const;
  };
  const renewed = await tokens.renew(key, held, gone, signal);
  if (renewed) await tokens.renew(key, renewed, gone, signal);
}
