/** Runs the program, and reads the credential that it prints. */

import { AuthError } from '../../errors.js';
import type { Credential, CredentialRequest } from '../../model.js';
import { visible } from '../../syntax/visible.js';
import type { Environment } from '../environment.js';
import { RunFailure, type RunFailureReason, type RunResult, run } from '../run.js';
import { fill, isEncodable } from './arguments.js';
import { credentialFrom } from './credential.js';
import { parseOutput } from './output.js';
import type { CommandSettings } from './settings.js';

/** The credential, or why the program has no credential. */
export async function answerOf(settings: CommandSettings, request: CredentialRequest): Promise<Credential | string> {
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
