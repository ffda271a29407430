/** The providers that give the token of a login. */

import { credentialKind, type Provider, type TokenCredential, wantsToken } from '../../model.js';
import { oauth } from '../../oauth/oauth.js';
import { isFresh, type StoredToken } from '../../oauth/tokens/stored-token.js';
import { tokensIn } from '../../oauth/tokens/tokens.js';
import { say } from '../io/stdio.js';
import { forgetLogin, loginFor } from './known-logins.js';
import { keyOf, type Login, optionsOf, type TokenLogin } from './login.js';

/** For the login of an origin: `[]` without a login. `isLooking`: nothing is renewed, and nobody is asked. */
export async function loginSources(origin: string, isLooking = false): Promise<Provider[]> {
  const login = await loginFor(origin);
  if (!login) return [];
  if (isLooking) return [lookingAt(login)];
  return [login.kind === 'oauth' ? oauth(optionsOf(login)) : broughtToken(login)];
}

/** Gives the token that a person brought, and deletes it when the server refuses it. */
function broughtToken(login: TokenLogin): Provider {
  const source = lookingAt(login);
  return {
    ...source,
    reject: async ({ origin }, credential) => {
      if (credentialKind(credential) !== 'token') return;
      if (!(await deleteRefused(login, (credential as TokenCredential).token))) return;
      say(`${origin} refused the token that is kept for it, and the token was deleted (axios-challenge login)`);
    },
  };
}

/** Unless another token is kept by now. */
async function deleteRefused(login: TokenLogin, access: string): Promise<boolean> {
  const end = async (stored: StoredToken) => (stored.access === access ? ('gone' as const) : stored);
  const remaining = await tokensIn(undefined).renew(keyOf(login), { access }, end);
  if (remaining) return false;
  await forgetLogin(login.origin);
  return true;
}

/** Gives the kept token as it is. */
function lookingAt(login: Login): Provider {
  const tokens = tokensIn(undefined);
  let reason: string | undefined;
  return {
    name: login.kind === 'oauth' ? 'oauth' : 'token',
    get: async (request) => {
      reason = wantsToken(request) && request.origin === login.origin ? undefined : '';
      if (reason === '') return undefined;
      const held = await tokens.read(keyOf(login), request.signal);
      reason = objectionTo(login, held);
      return held && reason === undefined ? { token: held.access } : undefined;
    },
    absence: () => reason,
  };
}

/** A token that has run out is as good as another if it can be renewed. */
function objectionTo({ kind }: Login, held: StoredToken | undefined): string | undefined {
  if (!held) return 'no token is kept (axios-challenge login)';
  if (kind === 'token' || held.refresh !== undefined || isFresh(held, Date.now())) return undefined;
  return 'the kept token has run out, and cannot be renewed (axios-challenge login)';
}
