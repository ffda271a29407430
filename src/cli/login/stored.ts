/** Lists what is stored: accounts with a password, and logins with a token. */

import { phrase, visible } from '../../syntax/visible.js';
import { addressOf } from '../input/address.js';
import { keychainSentence } from '../keychain/keychain-error.js';
import { knownOrigins } from '../keychain/known-origins.js';
import { accountsOf } from '../keychain/stored-accounts.js';
import { keptToken } from '../tokens/kept-token.js';
import { knownLogins, loginFor } from '../tokens/known-logins.js';
import type { Login } from '../tokens/login.js';
import { summaryOf, summaryText, type TokenSummary } from '../tokens/token-text.js';

interface StoredAccount {
  readonly origin: string;
  readonly account: string;
}

interface StoredLogin extends Partial<TokenSummary> {
  readonly origin: string;
  /** Absent for a token that a person brought. */
  readonly issuer?: string;
  readonly clientId?: string;
  readonly resource?: string;
  /** Whether the keychain has the token. */
  readonly kept: boolean;
}

/** For the origin of `url`, or for all that this program has stored. @throws Stop */
export async function storedCredentials(
  url: string | undefined,
  signal: AbortSignal,
): Promise<ReadonlyArray<StoredAccount | StoredLogin>> {
  const origin = url === undefined ? undefined : addressOf(url).origin;
  const stored: Array<StoredAccount | StoredLogin> = [];
  for (const one of origin === undefined ? await knownOrigins() : [origin]) {
    const accounts = await keychainSentence(() => accountsOf(one, signal));
    stored.push(...accounts.map((account) => ({ origin: one, account })));
  }
  const logins =
    origin === undefined ? await knownLogins() : [await loginFor(origin)].filter((one) => one !== undefined);
  for (const login of logins) stored.push(await keychainSentence(() => storedLogin(login, signal)));
  return stored;
}

async function storedLogin(login: Login, signal: AbortSignal): Promise<StoredLogin> {
  const token = await keptToken(login, signal);
  return { ...namesOf(login), kept: token !== undefined, ...(token && summaryOf(token)) };
}

function namesOf(login: Login): Pick<StoredLogin, 'origin' | 'issuer' | 'clientId' | 'resource'> {
  if (login.kind === 'token') return { origin: login.origin };
  const { origin, issuer, clientId, resource } = login;
  return { origin, issuer, clientId, ...(resource !== undefined && { resource }) };
}

/** The origin, a tab, and the account or what is known of the token. */
export function statusLine(stored: StoredAccount | StoredLogin): string {
  if ('account' in stored) return `${stored.origin}\t${visible(stored.account)}`;
  const { origin, issuer, kept, renewable = false } = stored;
  const whose = issuer === undefined ? 'a token' : `a token of ${phrase(issuer)}`;
  return `${origin}\t${whose}: ${kept ? summaryText({ ...stored, renewable }) : 'is not in the keychain any more'}`;
}
