/** What the two parts of `oauth()` share: the settings, the issuers, the tokens, and why there was none. */

import axios from 'axios';
import { AuthError } from '../errors.js';
import { type CredentialRequest, type TokenCredential, wantsToken } from '../model.js';
import { unboundFrom } from '../providers/origin.js';
import { kindOf } from '../syntax/said.js';
import { Issuers, type TokenSource, tokenKey } from './issuer-for.js';
import { Keeper } from './keeper.js';
import { asksForLogin, wantedLogin } from './login.js';
import { isForProgram, type OAuthSettings } from './options.js';
import { type Party, partyOf } from './protocol/party.js';
import { asksForMore, coversScope } from './scope.js';
import type { StoredToken } from './tokens/stored-token.js';
import { tokensIn } from './tokens/tokens.js';

/** What one request is about. */
export interface Errand {
  readonly request: CredentialRequest;
  readonly source: TokenSource;
  /** Under what the token is kept. */
  readonly key: string;
}

export class TokenSession {
  readonly keeper: Keeper;
  readonly #issuers: Issuers;
  /** What did not stop a renewal: no folder for a lock, a token that is not kept. */
  #note = '';
  readonly #reasons = new WeakMap<CredentialRequest, string>();

  constructor(readonly settings: OAuthSettings) {
    // A program gets its token again at any time: it is kept in memory alone.
    const store = this.isForProgram ? false : settings.store;
    const note = (reason: string) => {
      this.#note = reason;
    };
    this.keeper = new Keeper(tokensIn(store, { note }));
    this.#issuers = new Issuers(settings, settings.http ?? axios.create());
  }

  /** Whether the program itself gets the token, without a person. */
  get isForProgram(): boolean {
    return isForProgram(this.settings);
  }

  /** `undefined`, with the reason, for a request that gets no token of these settings. */
  async errandOf(request: CredentialRequest): Promise<Errand | undefined> {
    const reason = this.#objection(request);
    if (reason !== undefined) return this.absent(request, reason);
    const source = await this.#issuers.for(request);
    return { request, source, key: tokenKey(source, request, this.settings.clientId) };
  }

  async partyFor({ request, source }: Errand, signal?: AbortSignal): Promise<Party> {
    const { clientId } = this.settings;
    const clientSecret = await this.#secret();
    const metadata = await source.metadata(signal);
    return partyOf({ ...source, metadata, clientId, clientSecret, login: wantedLogin(request) });
  }

  /**
   * Whether a kept token can be given: it lasts, was not refused, and allows what the server asks for. Of which login
   * it is nobody knows here.
   */
  fits({ key, request, source }: Errand, held: StoredToken): boolean {
    if (!this.keeper.isUsable(key, held) || asksForLogin(request)) return false;
    return !asksForMore(request) || coversScope(held.scope, source.scope);
  }

  give({ key }: Errand, token: StoredToken): TokenCredential {
    const { access, expires } = this.keeper.given(key, token);
    return { token: access, ...(expires !== undefined && { expires }) };
  }

  /** Notes why the request gets nothing; `''` is not told. */
  absent(request: CredentialRequest, reason: string): undefined {
    this.#reasons.set(request, reason === '' || this.#note === '' ? reason : `${reason}; ${this.#note}`);
  }

  reasonFor(request: CredentialRequest): string | undefined {
    return this.#reasons.get(request);
  }

  #objection(request: CredentialRequest): string | undefined {
    const { origin } = this.settings;
    if (request.proxy || !wantsToken(request)) return '';
    if (origin !== undefined) return origin === request.origin ? undefined : `is for ${origin}, not this origin`;
    return unboundFrom(request);
  }

  async #secret(): Promise<string | undefined> {
    const { clientSecret } = this.settings;
    const secret = typeof clientSecret === 'function' ? await secretOf(clientSecret) : clientSecret;
    if (secret === undefined && this.isForProgram)
      throw new AuthError('ERR_AUTH_PROVIDER', 'oauth: client credentials: there is no client secret');
    return secret || undefined;
  }
}

async function secretOf(get: () => string | undefined | Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await get();
  } catch (error) {
    throw new AuthError('ERR_AUTH_PROVIDER', `oauth: clientSecret() failed (${kindOf(error) ?? 'it threw no error'})`);
  }
}
