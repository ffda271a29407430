/** Runs `git credential` in a way that it asks nobody. */

import { parse } from 'node:path';
import { AuthError } from '../errors.js';
import { visible } from '../syntax/visible.js';
import { type Attributes, format } from './git-credential.js';
import { type Outcome, RunFailure, type RunFailureReason, run } from './run.js';
import type { Environment } from './variables.js';

/** Which git, and how it is run. */
export interface GitCall {
  readonly path: string;
  readonly timeout: number;
  readonly useHttpPath: boolean;
  readonly environment: Environment;
}

// An empty program to ask with is none, and hides the one that is configured. A program that succeeds without a word
// would not do: git takes that for an empty user name and password.
const quiet = { GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', SSH_ASKPASS: '', GCM_INTERACTIVE: 'never' };

/** Rejects with `ERR_AUTH_PROVIDER` when git does not run to its end, and with `ERR_AUTH_CREDENTIAL` as `format` does. */
export async function call(
  git: GitCall,
  action: 'fill' | 'approve' | 'reject',
  attributes: Attributes,
  signal?: AbortSignal,
): Promise<Outcome> {
  const input = format(attributes);
  const environment = Object.assign(Object.create(null), git.environment, quiet);
  try {
    return await run(argvOf(git, action), { input, timeout: git.timeout, signal, environment });
  } catch (error) {
    throw error instanceof RunFailure ? broken(sentence(error.reason, git)) : error;
  }
}

function argvOf({ path, useHttpPath }: GitCall, action: string): readonly string[] {
  // Out of the working directory: whoever wrote the repository there has no say in which helper is run.
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
    late: `no answer within ${timeout} ms (does a credential helper wait for somebody?)`,
    flooded: 'the answer of a credential helper is too long',
    aborted: 'cancelled',
  };
  return sentences[reason];
}

export function broken(what: string): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `git: ${what}`);
}
