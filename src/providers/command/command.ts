/** Credentials from any program that prints one. */

import { AuthError } from '../../errors.js';
import type { Credential, CredentialRequest, Provider } from '../../model.js';
import { visible } from '../../syntax/visible.js';
import type { Environment } from '../environment.js';
import { unboundFrom } from '../origin.js';
import { RunFailure, type RunFailureReason, type RunResult, run } from '../run.js';
import { GRACE_MS } from '../timeout.js';
import { fill, isEncodable } from './arguments.js';
import { credentialFrom } from './credential.js';
import { parseOutput } from './output.js';
import { type CommandOptions, type CommandSettings, settingsOf } from './settings.js';

export type { CommandInput, CommandOptions } from './settings.js';

/**
 * Runs a program and reads a credential from what it prints: JSON, or the bare secret in the first line. Empty output
 * means no credential, and so does the message of docker's helpers for an unknown server.
 *
 * No shell is used. `{origin}`, `{host}`, `{username}` and `{realm}` inside an argument are replaced by the values of
 * the request, and the environment has `AXIOS_CHALLENGE_ORIGIN`, `_REALM`, `_SCHEME` and `_USERNAME`. Be careful with
 * `{realm}`: the server writes it, so the server chooses which of your secrets it is sent. The program is found on
 * `PATH`, unless it is a path itself; it has no terminal, and its stderr is discarded.
 *
 * Without `origin` the credential is for the origin of the client's `baseURL`. Without a `baseURL` it is for the origin
 * that the caller addressed. It is never for a proxy.
 *
 * @param argv - the program and its arguments
 * @param options - how it is asked, what it prints, and for which origin
 * @returns a provider; its `get` throws `ERR_AUTH_PROVIDER` for a program that is missing, fails, takes too long or
 *   answers for another origin, and `ERR_AUTH_OPTION` for a bare password without a known user name
 * @throws AuthError `ERR_AUTH_OPTION` for an argv or an option that cannot be used
 * @example
 * installAuth(client, {
 *   providers: [command(['op', 'read', 'op://Private/files/password'], { username: 'alice' })],
 * });
 * command(['docker-credential-osxkeychain', 'get'], { input: 'docker' });
 */
export function command(argv: readonly string[], options: CommandOptions = {}): Provider {
  const settings = settingsOf(argv, options);
  const absences = new WeakMap<CredentialRequest, string>();
  return {
    name: 'command',
    timeout: settings.timeout + GRACE_MS,
    get: async (request) => {
      if (mismatch(settings, request) !== undefined) return undefined;
      const answer = await answerOf(settings, request);
      if (typeof answer !== 'string') return answer;
      absences.set(request, answer);
      return undefined;
    },
    absence: (request) => mismatch(settings, request) ?? absences.get(request),
  };
}

/** Why the program is not run for this request. */
function mismatch({ origin, username }: CommandSettings, request: CredentialRequest): string | undefined {
  if (origin !== undefined && origin !== request.origin) return `is for ${origin}, not this origin`;
  const another = request.username && username !== undefined && username !== request.username;
  return (
    (origin === undefined ? unboundFrom(request) : undefined) ?? (another ? 'is for another user name' : undefined)
  );
}

/** The credential, or why the program has no credential. */
async function answerOf(settings: CommandSettings, request: CredentialRequest): Promise<Credential | string> {
  const { program, format, username } = settings;
  const outcome = await start(settings, askedOf(request, username));
  if (isNotFound(outcome)) return `${program} has no credential for this origin`;
  if (outcome.status !== 0) throw broken(`${program} ${ending(outcome)} (run it by hand to see what it says)`);
  const printed = parseOutput(outcome.stdout, { format, origin: request.origin, program });
  return printed ? credentialFrom(printed, request, settings) : `${program} printed nothing`;
}

/** `request` as `CredentialRequest`, with the user name of the option if the caller named no user. */
type Asked = Omit<CredentialRequest, 'username'> & { readonly username: string | undefined };

/** Own properties only (SEC-28). */
function askedOf(request: CredentialRequest, username: string | undefined): Asked {
  return Object.assign(Object.create(null), request, { username: request.username || username });
}

async function start(settings: CommandSettings, asked: Asked): Promise<RunResult> {
  const { program, argv, timeout } = settings;
  if (asked.username !== undefined && !isEncodable(asked.username)) {
    throw broken('the user name has control characters in it, so it is passed to no program');
  }
  const [environment, told] = [settings.environment(), variablesOf(asked)];
  const input = settings.input === 'docker' ? asked.origin : undefined;
  try {
    return await run(fill(argv, asked), { input, timeout, signal: asked.signal, environment, told });
  } catch (error) {
    throw error instanceof RunFailure ? broken(failure(error.reason, program, timeout), error) : error;
  }
}

function variablesOf({ origin, realm, scheme, username }: Asked): Environment {
  return {
    AXIOS_CHALLENGE_ORIGIN: origin,
    AXIOS_CHALLENGE_REALM: visible(realm),
    AXIOS_CHALLENGE_SCHEME: visible(scheme),
    AXIOS_CHALLENGE_USERNAME: username,
  };
}

/** docker-credential-helpers, `credentials/error.go`: every helper prints these words, on stdout. */
function isNotFound({ status, stdout }: RunResult): boolean {
  return status === 1 && stdout.trim() === 'credentials not found in native keychain';
}

function ending({ status, signal }: RunResult): string {
  return status === null ? `was ended by ${signal}` : `ended with status ${status}`;
}

function failure(reason: RunFailureReason, program: string, timeout: number): string {
  const reasons: Record<RunFailureReason, string> = {
    missing: `${program} is not installed, or not on PATH`,
    denied: `${program} cannot be executed (chmod +x)`,
    failed: `${program} cannot be started`,
    late: `${program} did not end within ${timeout} ms (option timeout)`,
    flooded: `${program} printed more than a credential`,
    aborted: 'cancelled',
  };
  return reasons[reason];
}

function broken(message: string, cause?: RunFailure): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `command: ${message}`, cause ? { cause } : {});
}
