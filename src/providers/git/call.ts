/** Runs `git credential` so that it never prompts. */

import { parse } from 'node:path';
import { AuthError } from '../../errors.js';
import { visible } from '../../syntax/visible.js';
import type { Environment } from '../environment.js';
import { RunFailure, type RunFailureReason, type RunResult, run } from '../run.js';
import { type Attributes, format } from './format.js';

/** Which git, and how it is run. */
export interface GitCall {
  readonly path: string;
  readonly timeout: number;
  readonly useHttpPath: boolean;
  readonly environment: Environment;
}

// The variables of git (git(1), ENVIRONMENT VARIABLES) that are passed on: where its programs are, which certificates
// it trusts, and configuration by the person who sets the variable. The others name a repository, whose configuration
// another person may have written (`GIT_DIR` is set in every hook), or turn on logs. GCM_TRACE_SECRETS logs passwords.
const INHERITED = /^GIT_(EXEC_PATH|SSL_.*|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+))$/i;
const GITS = /^(GIT_|GCM_TRACE)/i;

// An empty askpass program turns prompting off and overrides the configured program. A program that succeeds without
// output would not do: git would read an empty user name and password.
const quiet = { GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', SSH_ASKPASS: '', GCM_INTERACTIVE: 'never' };

/** Rejects with `ERR_AUTH_PROVIDER` when git does not complete, and with `ERR_AUTH_CREDENTIAL` as `format` does. */
export async function call(
  git: GitCall,
  action: 'fill' | 'approve' | 'reject',
  attributes: Attributes,
  signal?: AbortSignal,
): Promise<RunResult> {
  const input = format(attributes);
  const environment = gitEnvironment(git.environment);
  try {
    return await run(argvOf(git, action), { input, timeout: git.timeout, signal, environment, told: quiet });
  } catch (error) {
    throw error instanceof RunFailure ? broken(sentence(error.reason, git)) : error;
  }
}

/** The part of an environment that git and its helpers inherit (SEC-51). */
export function gitEnvironment(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !GITS.test(name) || INHERITED.test(name)));
}

function argvOf({ path, useHttpPath }: GitCall, action: string): readonly string[] {
  // Run outside the working directory: the repository there must not decide which helper is run.
  const root = parse(process.cwd()).root;
  const settings = [
    'credential.interactive=false',
    'core.askPass=',
    ...(useHttpPath ? ['credential.useHttpPath=true'] : []),
  ];
  return [path, '-C', root, ...settings.flatMap((setting) => ['-c', setting]), 'credential', action];
}

function sentence(reason: RunFailureReason, { path, timeout }: GitCall): string {
  const sentences: Readonly<Record<RunFailureReason, string>> = {
    missing: `there is no program ${visible(path)} (install git, or set the option path)`,
    denied: `${visible(path)} may not be executed`,
    failed: `${visible(path)} did not start`,
    late: `no answer within ${timeout} ms (is a credential helper waiting for a person?)`,
    flooded: 'the answer of a credential helper is too long',
    aborted: 'cancelled',
  };
  return sentences[reason];
}

export function broken(what: string): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `git: ${what}`);
}
