/** Passwords from the credential helpers that git is configured with. */

import { AuthError } from '../../errors.js';
import {
  type Credential,
  type CredentialRequest,
  type PasswordCredential,
  type Provider,
  wantsToken,
} from '../../model.js';
import { ownOptions } from '../../syntax/options.js';
import type { Environment } from '../environment.js';
import { noteRefusal } from '../notices.js';
import { Passwords } from '../passwords.js';
import { GRACE_MS } from '../timeout.js';
import type { GitCall } from './call.js';
import { type Attributes, descriptionOf } from './format.js';

/** Options of `git()`. */
export interface GitOptions {
  /** The program; by default the first `git` on the `PATH`. */
  readonly path?: string | undefined;
  /** How long to wait for git and its helpers, in milliseconds; by default 10000. */
  readonly timeout?: number | undefined;
  /** Whether git also gets the path of the URL, as with its `credential.useHttpPath`; by default it does not. */
  readonly useHttpPath?: boolean | undefined;
  /** Whether the helpers save a password that a person typed and the server accepted; by default they do not. */
  readonly save?: boolean | undefined;
  /** The environment of git, without variables that name a repository (`GIT_DIR` etc.); by default `process.env`. */
  readonly environment?: Environment | undefined;
}

/**
 * Gives the password that `git credential fill` finds for the origin. `approve` and `reject` tell the helpers whether
 * the server accepted it, so that they keep or erase it. Git never prompts: if no helper has a password, `get` gives
 * `undefined`. Tokens and proxies are left to other providers. Git reads the configuration of the user and of the
 * system, but not that of a repository around the working directory, or of one that `GIT_DIR` names.
 *
 * @param options - which git, and whether what a person typed is kept
 * @returns a provider; its `get` throws `ERR_AUTH_PROVIDER` when git is missing or does not answer, and
 *   `ERR_AUTH_CREDENTIAL` for a line break or NUL in what git would be told
 * @throws AuthError `ERR_AUTH_OPTION` for an option that cannot be used
 * @example
 * installAuth(client, { providers: [env(), git({ save: true }), prompt()] });
 */
export function git(options: GitOptions = {}): Provider {
  const settings = settingsOf(options);
  const answers = new WeakMap<Credential, Attributes>();
  const approved = new WeakSet<Credential>();
  const absences = new WeakMap<CredentialRequest, string>();
  const given = new Passwords();
  return {
    name: 'git',
    store: settings.save,
    timeout: settings.timeout + GRACE_MS,
    get: async (request) => {
      const answer = unaskable(request) ?? (await (await helpers()).askHelpers(settings, request));
      if (typeof answer === 'string') {
        absences.set(request, answer);
        return undefined;
      }
      const credential = credentialOf(answer);
      answers.set(credential, answer);
      given.keep(entryOf(answer), credential, request.realm);
      return credential;
    },
    absence: (request) => absences.get(request) ?? unaskable(request),
    approve: async (request, credential) => {
      const answer = answers.get(credential) ?? typed(settings, request, credential);
      if (!answer) return;
      given.keep(entryOf(answer), credentialOf(answer), request.realm);
      if (approved.has(credential)) return;
      approved.add(credential);
      await (await helpers()).tellHelpers(settings, 'approve', answer, request.signal);
    },
    reject: async (request, credential) => {
      const { realm, signal } = request;
      const answer = answers.get(credential);
      if (!answer || !given.refuse(entryOf(answer), credentialOf(answer), realm)) return;
      await (await helpers()).tellHelpers(settings, 'reject', answer, signal);
      noteRefusal(request, credentialOf(answer).username, "git's helpers", true);
    },
  };
}

// Most processes do not ask git.
const helpers = () => import('./helpers.js');

interface Settings extends GitCall {
  readonly save: boolean;
}

/** Own properties only (SEC-28). */
function settingsOf(options: GitOptions): Settings {
  const own = ownOptions(options, ['path', 'timeout', 'useHttpPath', 'save', 'environment'], 'git');
  const { path = 'git', timeout = 10_000, useHttpPath = false, save = false, environment = process.env } = own;
  if (typeof path !== 'string' || path === '' || path.includes('\0'))
    throw unusable('path is not the path of a program');
  if (!(timeout > 0 && timeout <= 0x7fffffff)) throw unusable('timeout is not a number of milliseconds');
  return { path, timeout, useHttpPath, save, environment };
}

function unaskable(request: CredentialRequest): string | undefined {
  if (wantsToken(request)) return 'keeps no tokens';
  return request.proxy ? 'cannot tell a proxy from a server' : undefined;
}

function credentialOf(answer: Attributes): PasswordCredential {
  return Object.freeze({ username: answer.get('username') ?? '', password: answer.get('password') ?? '' });
}

/** The entry under which the helpers keep the password: all realms of a host, or of a path, share an entry. */
function entryOf(answer: Attributes): string {
  return JSON.stringify(['protocol', 'host', 'path'].map((name) => answer.get(name)));
}

/** The attributes of a typed credential, if it is to be saved. */
function typed(settings: Settings, request: CredentialRequest, credential: Credential): Attributes | undefined {
  if (!settings.save || request.interactiveSource === undefined || unaskable(request) !== undefined) return undefined;
  const description = descriptionOf(request, settings.useHttpPath);
  const { username, password }: Partial<PasswordCredential> = Object.assign(Object.create(null), credential);
  if (!description || !username || !password) return undefined;
  return new Map([...description, ['username', username], ['password', password]]);
}

function unusable(what: string): AuthError {
  return new AuthError('ERR_AUTH_OPTION', `git: ${what}`);
}
