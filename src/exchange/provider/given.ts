/** What a provider gave, as a credential: its own properties alone. */

import { AuthError } from '../../errors.js';
import type { Credential, TokenCredential, UsernameHint } from '../../model.js';
import { credentialKind } from '../../model.js';
import { type TokenFacts, tokenFacts } from '../trace/jwt.js';

/** Own properties only, and a null prototype: what sits on Object.prototype is nobody's password (SEC-28). */
export function credentialIn(given: Credential | UsernameHint): Credential {
  const source: Record<string, unknown> = Object.assign(Object.create(null), given);
  const credential = Object.create(null);
  // Of what the operating system holds only the account's name is known.
  const names = isHint(given) ? ['username'] : source.token === undefined ? ['username', 'password'] : ['token'];
  for (const name of names) {
    if (typeof source[name] !== 'string') throw without(name);
    credential[name] = source[name];
  }
  // What is no time does not end.
  if (source.token !== undefined && typeof source.expires === 'number') credential.expires = source.expires;
  return Object.freeze(credential);
}

/** Whether a provider knows a user name, and no password. */
export function isHint(given: Credential | UsernameHint): given is UsernameHint {
  return !Object.hasOwn(given, 'token') && isText(given, 'username') && !isText(given, 'password');
}

/** What a token says of itself, which tells why a server refuses it. */
export function factsOf(credential: Credential): TokenFacts | undefined {
  return credentialKind(credential) === 'token' ? tokenFacts((credential as TokenCredential).token) : undefined;
}

function without(name: string): AuthError {
  return new AuthError('ERR_AUTH_CREDENTIAL', `it gave a credential without a ${name}`);
}

function isText(given: object, name: string): boolean {
  return Object.hasOwn(given, name) && typeof (given as Record<string, unknown>)[name] === 'string';
}
