/** Passwords from the credential helpers that git is configured with. */

import { AuthError } from '../errors.js';
import type { Credential, CredentialRequest, PasswordCredential, Provider } from '../model.js';
import { MOMENT } from './deadline.js';
import { broken, call, type GitCall } from './git-call.js';
import { type Attributes, descriptionOf, mismatch, parse } from './git-credential.js';
import type { Environment } from './variables.js';

/** Options of `git()`. */
export interface GitOptions {
  /** The program; by default the first `git` on the `PATH`. */
  readonly path?: string | undefined;
  /** How long to wait for git and its helpers, in milliseconds; by default 10000. */
  readonly timeout?: number | undefined;
  /** Whether the path of the URL belongs to the question, as with git's `credential.useHttpPath`; by default not. */
  readonly useHttpPath?: boolean | undefined;
  /** Whether a password that a person typed and the server accepted is handed to the helpers to keep; by default not. */
  readonly save?: boolean | undefined;
  /** The environment of git; by default `process.env`. */
  readonly environment?: Environment | undefined;
}

/**
 * Gives what `git credential fill` finds for the origin, and tells the helpers with `approve` and `reject` how it went,
 * so that they keep or erase it. Nobody is asked: what no helper has is absent. Tokens and proxies are left to others,
 * and the configuration of a repository around the working directory is not read: only the user's and the system's.
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
  return {
    name: 'git',
    store: settings.save,
    timeout: settings.timeout + MOMENT,
    get: async (request) => {
      const answer = await fill(settings, request);
      if (typeof answer === 'string') {
        absences.set(request, answer);
        return undefined;
      }
      const credential = credentialOf(answer);
      answers.set(credential, answer);
      return credential;
    },
    absence: (request) => absences.get(request) ?? unaskable(request),
    approve: async (request, credential) => {
      const answer = answers.get(credential) ?? typed(settings, request, credential);
      if (!answer || approved.has(credential)) return;
      approved.add(credential);
      await tell(settings, 'approve', answer, request.signal);
    },
    reject: async ({ signal }, credential) => {
      const answer = answers.get(credential);
      if (answer) await tell(settings, 'reject', answer, signal);
    },
  };
}

interface Settings extends GitCall {
  readonly save: boolean;
}

/** Own properties only (SEC-28). */
function settingsOf(options: GitOptions): Settings {
  const own: GitOptions = Object.assign(Object.create(null), options);
  const { path = 'git', timeout = 10_000, useHttpPath = false, save = false, environment = process.env } = own;
  if (typeof path !== 'string' || path === '' || path.includes('\0'))
    throw unusable('path is not the path of a program');
  if (!(timeout > 0 && timeout <= 0x7fffffff)) throw unusable('timeout is not a number of milliseconds');
  return { path, timeout, useHttpPath, save, environment };
}

/** The answer of the helpers, or why there is none. */
async function fill(settings: Settings, request: CredentialRequest): Promise<Attributes | string> {
  const description = descriptionOf(request, settings.useHttpPath);
  const reason = unaskable(request);
  if (reason !== undefined || description === undefined) return reason ?? 'knows no sockets';
  const { status, stdout } = await call(settings, 'fill', description, request.signal);
  if (status === null) throw broken('git credential fill was killed');
  // Its one way to say that no helper has a credential is to die of not being allowed to ask.
  if (status !== 0) return `no helper has a password for ${request.origin}`;
  const answer = parse(stdout);
  return mismatch(description, answer) ?? answer;
}

function unaskable({ scheme, proxy }: CredentialRequest): string | undefined {
  if (scheme === 'bearer') return 'keeps no tokens';
  return proxy ? 'cannot tell a proxy from a server' : undefined;
}

function credentialOf(answer: Attributes): PasswordCredential {
  return Object.freeze({ username: answer.get('username') ?? '', password: answer.get('password') ?? '' });
}

/** What a person typed, if it is to be kept. */
function typed(settings: Settings, request: CredentialRequest, credential: Credential): Attributes | undefined {
  if (!settings.save || request.interactiveSource === undefined || unaskable(request) !== undefined) return undefined;
  const description = descriptionOf(request, settings.useHttpPath);
  const { username, password }: Partial<PasswordCredential> = Object.assign(Object.create(null), credential);
  if (!description || !username || !password) return undefined;
  return new Map([...description, ['username', username], ['password', password]]);
}

async function tell(
  settings: Settings,
  action: 'approve' | 'reject',
  answer: Attributes,
  signal?: AbortSignal,
): Promise<void> {
  const { status } = await call(settings, action, answer, signal);
  if (status !== 0) throw broken(`git credential ${action} failed`);
}

function unusable(what: string): AuthError {
  return new AuthError('ERR_AUTH_OPTION', `git: ${what}`);
}
