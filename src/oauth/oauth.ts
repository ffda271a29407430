/** Tokens of an OAuth issuer: got, kept, renewed. */

import { type Credential, credentialKind, type Provider, type TokenCredential } from '../model.js';
import { withParts } from '../providers/chain.js';
import { interactivePart } from './interactive.js';
import { type OAuthOptions, oauthSettings } from './options.js';
import { TokenSession } from './session.js';
import { silentPart } from './silent.js';

export type { OAuthOptions, OAuthRedirect } from './options.js';
export type { TokenStore } from './tokens/store/token-store.js';

/**
 * Gives a token that an OAuth 2.0 issuer grants (RFC 6749), to `bearer()` and to every other scheme that takes a token.
 *
 * A program with a secret gets one for itself (client credentials). Otherwise a person logs in once, after all other
 * providers have been asked: with the browser (a code with PKCE, RFC 8252), or over ssh on another device (RFC 8628).
 * The token is kept and renewed, and is sent to one resource only: to `origin`, else to the origin of `resource`, else
 * as with `staticCredential()`. It is renewed when less than a minute remains, or when the server refuses it; many
 * requests wait for one renewal. A renewal that fails deletes nothing, unless the issuer says `invalid_grant`.
 *
 * Needs the package `oauth4webapi`.
 *
 * @param options - the issuer, the client that is registered there, and how a person may be asked
 * @returns a provider; its `get` throws `ERR_AUTH_PROVIDER` when the issuer gives no token, and `ERR_AUTH_CANCELLED`
 *   when the person says no
 * @throws AuthError `ERR_AUTH_OPTION` for an option that cannot be used
 * @example
 * installAuth(client, {
 *   providers: [oauth({ issuer: 'https://id.example', clientId: 'report-cli', scope: 'files:read' })],
 * });
 */
export function oauth(options: OAuthOptions): Provider {
  const session = new TokenSession(oauthSettings(options));
  const { keeper } = session;
  const verdicts = {
    // A token that allows more can be got: by the program, or by a person.
    stepUp: true,
    approve: (_request, credential) => keeper.accepted(tokenIn(credential)),
    reject: (_request, credential) => keeper.refused(tokenIn(credential)),
  } satisfies Pick<Provider, 'approve' | 'reject'> & { readonly stepUp: true };
  const silent = { ...silentPart(session), ...verdicts };
  return withParts({ ...silent }, [silent, { ...interactivePart(session), ...verdicts }]);
}

function tokenIn(credential: Credential): string {
  return credentialKind(credential) === 'token' ? (credential as TokenCredential).token : '';
}
