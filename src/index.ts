/**
 * `axios-challenge`: the public door.
 *
 * @module axios-challenge
 */

import type { Client } from './axios/client.js';
import { type AuthHandle, install } from './axios/install.js';
import { type AuthOptions, mergeOptions } from './axios/options.js';
import { defaultProviders, defaultSchemes } from './defaults.js';

export type { Body, BodyFactory } from './axios/body.js';
export type { Client } from './axios/client.js';
export type { AuthHandle } from './axios/install.js';
export type { AuthOptions, ChallengeOption, ChallengeOptions } from './axios/options.js';
export { explain, trace } from './axios/record.js';
export { AuthError, type AuthErrorCode } from './errors.js';
export type { AuthEvent, Happening, Stamp, Trace, Verdict } from './exchange/trace.js';
export type {
  Acceptance,
  Answer,
  Authorization,
  AuthorizedRequest,
  Challenge,
  Confirmation,
  Credential,
  CredentialKind,
  CredentialRequest,
  PasswordCredential,
  Provider,
  Refusal,
  Scheme,
  TokenCredential,
  UsernameHint,
} from './model.js';
export { chain } from './providers/chain.js';
export { type CommandInput, type CommandOptions, command } from './providers/command.js';
export type { OutputFormat } from './providers/command-output.js';
export { type EnvOptions, env } from './providers/env.js';
export { type GitOptions, git } from './providers/git.js';
export { keychain } from './providers/keychain.js';
export type { KeychainBackend } from './providers/keychain-backend.js';
export type { KeychainOptions } from './providers/keychain-settings.js';
export { type NetrcOptions, netrc } from './providers/netrc.js';
export { type PromptOptions, prompt } from './providers/prompt.js';
export { type StaticCredentialOptions, staticCredential } from './providers/static.js';
export type { TerminalInput, TerminalOptions, TerminalOutput } from './providers/terminal.js';
export type { Environment } from './providers/variables.js';
export { basic } from './schemes/basic.js';
export { bearer } from './schemes/bearer.js';
export { type DigestOptions, digest } from './schemes/digest/digest.js';

/**
 * Answers the 401s of a client: credentials from the providers, Basic, Digest and Bearer, the request sent again.
 *
 * @param client - an axios instance; requests that are under way are not touched
 * @param options - see AuthOptions; every one has a default
 * @returns a handle to take the plugin off, and to forget what it remembers
 * @throws AuthError ERR_AUTH_INSTALLED on a second call for one client, ERR_AUTH_OPTION for an unusable option
 * @see RFC 9110 §11, RFC 7616, RFC 7617, RFC 6750
 * @example
 * const client = axios.create({ baseURL: 'https://files.example' });
 * installAuth(client);
 * const { data } = await client.get('/report');
 */
export function installAuth(client: Client, options: AuthOptions = {}): AuthHandle {
  const defaults = { providers: defaultProviders(), schemes: defaultSchemes() };
  return install(client, mergeOptions(defaults, options));
}
