/** Keeps the token of a login in place of an earlier one, and says what is kept. */

import type { StoredToken } from '../../oauth/tokens/stored-token.js';
import { phrase } from '../../syntax/visible.js';
import { fitted } from '../io/fitted.js';
import { say } from '../io/stdio.js';
import { keychainSentence } from '../keychain/keychain-error.js';
import { endLogin } from '../tokens/end-login.js';
import { keepToken } from '../tokens/kept-token.js';
import { loginFor } from '../tokens/known-logins.js';
import { keyOf, type Login } from '../tokens/login.js';
import { summaryOf, summaryText } from '../tokens/token-text.js';

/** @throws Stop when the token cannot be kept */
export async function keepLogin(login: Login, token: StoredToken, signal: AbortSignal): Promise<void> {
  await keychainSentence(async () => {
    const earlier = await loginFor(login.origin);
    if (earlier && keyOf(earlier) !== keyOf(login)) await endLogin(earlier, signal);
    await keepToken(login, token, signal);
  });
  const whose = login.kind === 'oauth' ? ` of ${phrase(login.issuer)}` : '';
  say(fitted(`stored: a token${whose} for ${login.origin}, in the keychain`, process.stderr));
  say(fitted(`the token ${summaryText(summaryOf(token))}`, process.stderr));
}
