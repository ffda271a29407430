/** Ends a login: at its issuer, and on this machine. */

import { Abandoned } from '../../base/abort.js';
import type { CredentialRequest } from '../../model.js';
import { revokeLogin } from '../../oauth/flow/revoke.js';
import { oauthSettings } from '../../oauth/options.js';
import { TokenSession } from '../../oauth/session.js';
import type { StoredToken } from '../../oauth/tokens/stored-token.js';
import { wordsOf } from '../../syntax/said.js';
import { phrase } from '../../syntax/visible.js';
import { say } from '../io/stdio.js';
import { forgetToken } from './kept-token.js';
import { type Login, type OAuthLogin, optionsOf } from './login.js';

/** Revokes the token where that can be done, forgets it in any case, and says both. @throws Stop, AuthError */
export async function endLogin(login: Login, signal: AbortSignal): Promise<void> {
  const end = login.kind === 'oauth' ? (token: StoredToken) => revoke(login, token, signal) : undefined;
  const isGone = await forgetToken(login, signal, end);
  const whose = login.kind === 'oauth' ? `of ${phrase(login.issuer)} ` : '';
  say(isGone ? `removed: the token ${whose}for ${login.origin}` : `no token was kept for ${login.origin}`);
}

async function revoke(login: OAuthLogin, token: StoredToken, signal: AbortSignal): Promise<void> {
  const issuer = phrase(login.issuer);
  try {
    const isWhole = await revokeLogin(await partyFor(login, signal), token, signal);
    say(`revoked: the login at ${issuer}${isWhole ? '' : ' (an access token may be good until it expires)'}`);
  } catch (error) {
    if (error instanceof Abandoned) throw error;
    say(`not revoked: the login at ${issuer} may still be good: ${phrase(wordsOf(error))}`);
  }
}

async function partyFor(login: OAuthLogin, signal: AbortSignal) {
  const { origin } = login;
  const session = new TokenSession(oauthSettings({ ...optionsOf(login), store: false }));
  const request: CredentialRequest = {
    ...{ origin, realm: '', scheme: 'bearer', proxy: false, url: `${origin}/`, refused: 0, signal },
  };
  const errand = await session.errandOf(request);
  if (!errand) throw new Error('the login is for another origin');
  return session.partyFor(errand, signal);
}
