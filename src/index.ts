/**
 * `axios-challenge`: the public entry point.
 *
 * @module axios-challenge
 */

import type { Client } from './axios/client/client.js';
import { type AuthHandle, install } from './axios/install.js';
import { type AuthOptions, mergeOptions, OPTION_NAMES } from './axios/options/options.js';
import { defaultProviders, defaultSchemes } from './defaults.js';
import { AuthError } from './errors.js';
import { assertOptions } from './syntax/options.js';

export type { Client } from './axios/client/client.js';
export type { AuthHandle } from './axios/install.js';
export type { Assume, AssumedResponse } from './axios/options/assume.js';
export type { AuthOptions, ChallengeOption, ChallengeOptions } from './axios/options/options.js';
export { explain, trace } from './axios/trace/store.js';
export { AuthError, type AuthErrorCode } from './errors.js';
export type { AuthEvent, Happening, Stamp, Trace, Verdict } from './exchange/trace/events.js';
export type { TokenFacts } from './exchange/trace/jwt.js';
export type {
  Answer,
  Authorization,
  AuthorizedRequest,
  Challenge,
  Confirmation,
  Credential,
  CredentialKind,
  CredentialRequest,
  Offer,
  PasswordCredential,
  Provider,
  Refusal,
  Scheme,
  TokenCredential,
  Unanswerable,
  UsernameHint,
} from './model.js';
export { chain } from './providers/chain.js';
export { type CommandInput, type CommandOptions, command } from './providers/command/command.js';
export type { OutputFormat } from './providers/command/output.js';
export { type EnvOptions, env } from './providers/env/env.js';
export { type GitOptions, git } from './providers/git/git.js';
export type { KeychainBackend } from './providers/keychain/backend.js';
export { type KeychainProvider, keychain } from './providers/keychain/keychain.js';
export type { KeychainOptions } from './providers/keychain/settings.js';
export { type NetrcOptions, netrc } from './providers/netrc/netrc.js';
export { type StaticCredentialOptions, staticCredential } from './providers/static.js';
export { type PromptOptions, prompt } from './providers/terminal/prompt.js';
export type { TerminalInput, TerminalOptions, TerminalOutput } from './providers/terminal/terminal.js';
export { basic } from './schemes/basic.js';
export { type BearerOptions, bearer } from './schemes/bearer.js';
export { type DigestOptions, digest } from './schemes/digest/digest.js';

/**
 * Answers the 401s of a client: gets a credential from the providers, and sends the request again with Basic, Digest or
 * Bearer.
 *
 * @param client - an axios instance; requests that are under way are not touched
 * @param options - see AuthOptions; every option has a default
 * @returns a handle to remove the plugin, and to clear what it remembers
 * @throws AuthError ERR_AUTH_INSTALLED on a second call for one client, ERR_AUTH_OPTION for an unusable option
 * @see RFC 9110 §11, RFC 7616, RFC 7617, RFC 6750
 * @example
 * const client = axios.create({ baseURL: 'https://files.example' });
 * installAuth(client);
 * const { data } = await client.get('/report');
 */
export function installAuth(client: Client, options: AuthOptions = {}): AuthHandle {
  if (typeof client?.interceptors?.request?.use !== 'function')
    throw new AuthError('ERR_AUTH_OPTION', 'installAuth: needs an axios instance, as in installAuth(axios.create())');
  assertOptions(options, OPTION_NAMES, 'installAuth');
  const defaults = { providers: defaultProviders(), schemes: defaultSchemes() };
  return install(client, mergeOptions(defaults, options));
}

export type { Body, BodyFactory } from './axios/body/body.js';
export type { Environment } from './providers/environment.js';
