/** Credentials from any program that prints one. */

import { AuthError } from '../errors.js';
import type { Credential, CredentialRequest, Provider } from '../model.js';
import { visible } from '../syntax/visible.js';
import { fill, isEncodable } from './command-arguments.js';
import { credentialFrom } from './command-credential.js';
import { parseOutput } from './command-output.js';
import { type CommandOptions, type CommandSettings, settingsOf } from './command-settings.js';
import { MOMENT } from './deadline.js';
import { unboundFrom } from './origin.js';
import { type Outcome, RunFailure, type RunFailureReason, run } from './run.js';
import type { Environment } from './variables.js';

export type { CommandInput, CommandOptions } from './command-settings.js';

/**
 * Runs a program and reads a credential from what it prints: JSON, git's `key=value` lines, or the bare secret in the
 * first line. Nothing printed means that it has none, and so does what docker's helpers say of an unknown server.
 *
 * No shell takes part. `{origin}`, `{host}`, `{username}` and `{realm}` inside an argument are replaced by what is asked
 * for, and the environment tells it as `AXIOS_CHALLENGE_ORIGIN`, `_REALM`, `_SCHEME` and `_USERNAME`. Careful with
 * `{realm}`: it is the server's text, so the server then chooses which of your secrets it is sent. The program is found
 * on `PATH`, unless it is a path itself; it has no terminal, and what it says on stderr is lost.
 *
 * Without `origin` the credential is for the origin of the client's `baseURL`, and where there is none for the origin
 * that the caller addressed; never for a proxy.
 *
 * @param argv - the program and its arguments
 * @param options - how it is asked, what it prints, and for which origin
 * @returns a provider; its `get` throws `ERR_AUTH_PROVIDER` for a program that is missing, fails, takes too long or
 *   answers for another origin, and `ERR_AUTH_OPTION` for a bare password of an unknown user name
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
    timeout: settings.timeout + MOMENT,
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

/** Why the program is not even asked. */
function mismatch({ origin, username }: CommandSettings, request: CredentialRequest): string | undefined {
  if (origin !== undefined && origin !== request.origin) return `is for ${origin}, not this origin`;
  const another = request.username && username !== undefined && username !== request.username;
  return (
    (origin === undefined ? unboundFrom(request) : undefined) ?? (another ? 'is for another user name' : undefined)
  );
}

/** The credential, or why there is none. */
async function answerOf(settings: CommandSettings, request: CredentialRequest): Promise<Credential | string> {
  const { program, format, username } = settings;
  const outcome = await start(settings, askedOf(request, username));
  if (isNotFound(outcome)) return `${program} has none for this origin`;
  if (outcome.status !== 0) throw broken(`${program} ${ending(outcome)} (run it by hand to see what it says)`);
  const printed = parseOutput(outcome.stdout, { format, origin: request.origin, program });
  return printed ? credentialFrom(printed, request, settings) : `${program} printed nothing`;
}

/** `request` as `CredentialRequest`, with the user name of the option where the caller named none. */
type Asked = Omit<CredentialRequest, 'username'> & { readonly username: string | undefined };

/** Own properties only (SEC-28). */
function askedOf(request: CredentialRequest, username: string | undefined): Asked {
  return Object.assign(Object.create(null), request, { username: request.username || username });
}

async function start(settings: CommandSettings, asked: Asked): Promise<Outcome> {
  const { program, argv, timeout } = settings;
  if (asked.username !== undefined && !isEncodable(asked.username)) {
    throw broken('the user name has control characters in it, so no program is told it');
  }
  const environment = { ...settings.environment(), ...variablesOf(asked) };
  const input = inputOf(settings, asked);
  try {
    return await run(fill(argv, asked), { input, timeout, signal: asked.signal, environment });
  } catch (error) {
    throw error instanceof RunFailure ? broken(failure(error.reason, program, timeout), error) : error;
  }
}

function variablesOf({ origin, realm, scheme, username }: Asked): Environment {
  return {
    AXIOS_CHALLENGE_ORIGIN: origin,
    AXIOS_CHALLENGE_REALM: visible(realm),
    AXIOS_CHALLENGE_SCHEME: visible(scheme),
    // `undefined` takes away what is inherited: the program is told of this request only.
    AXIOS_CHALLENGE_USERNAME: username,
  };
}

function inputOf({ input }: CommandSettings, { origin, realm, scheme, username }: Asked): string | undefined {
  if (input === 'docker') return origin;
  if (input === undefined) return undefined;
  return `${JSON.stringify({ origin, realm: visible(realm), scheme: visible(scheme), username })}\n`;
}

/** docker-credential-helpers, `credentials/error.go`: every helper says it in these words, on stdout. */
function isNotFound({ status, stdout }: Outcome): boolean {
  return status === 1 && stdout.trim() === 'credentials not found in native keychain';
}

function ending({ status, signal }: Outcome): string {
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
