/** Asks the person at the terminal for a credential. */

import { Lru } from '../../base/lru.js';
import { AuthError } from '../../errors.js';
import { type CredentialRequest, type Provider, usernameOf } from '../../model.js';
import { ownOptions } from '../../syntax/options.js';
import { challengerKey } from '../notices.js';
import { travelsInClear } from './clear-text.js';
import type { atTerminal } from './person.js';
import type { TerminalOptions } from './terminal.js';
import { inTurn } from './turn.js';

const MAX_ORIGINS = 1000;

/** Options of `prompt()`. */
export type PromptOptions = TerminalOptions;

/**
 * Asks for a user name and a password, or for a token when the scheme is `bearer`, on stderr.
 *
 * Needs a terminal for input and output: when stdin or stderr is a pipe, it uses the controlling terminal. Never asks
 * when `CI` or `AXIOS_CHALLENGE_NO_PROMPT` is set. Needs the package `inquirer`. Throws nothing itself. An empty user
 * name or token is asked for again, and an empty password is sent only after a yes.
 *
 * @param options - the terminal
 * @returns a provider; its `get` throws `ERR_AUTH_PROVIDER` when no terminal can be used, and `ERR_AUTH_CANCELLED` when
 *   the person leaves with Ctrl-D, or with Ctrl-C, which also cancels the questions that wait for their turn
 * @example
 * installAuth(client, { providers: [env(), prompt()] });
 */
export function prompt(options: PromptOptions = {}): Provider {
  const own = ownOptions(options, ['input', 'output', 'prefix', 'environment'], 'prompt');
  const typed = new Lru<string, string>(MAX_ORIGINS);
  return {
    name: 'prompt',
    interactive: true,
    get: async (request) => {
      const known = request.username ?? (typed.get(challengerKey(request)) || undefined);
      const whose = typed.get(challengerKey(request)) === undefined ? 'another' : 'own';
      const answer = await inTurn(() => ask(own, named(request, known), whose), request.signal);
      if (answer === undefined) throw cancelled();
      if (answer === 'declined') return undefined;
      // Offered again when the server refuses: usually the password was mistyped, not the user name.
      typed.set(challengerKey(request), usernameOf(answer) ?? '');
      return answer;
    },
    absence: (request) => (travelsInClear(request) ? 'declined: the secret would travel in clear text' : undefined),
  };
}

/** Asks with what is loaded for it: most processes never ask. */
async function ask(...question: Parameters<typeof atTerminal>): ReturnType<typeof atTerminal> {
  const { atTerminal } = await import('./person.js');
  return atTerminal(...question);
}

function named(request: CredentialRequest, username: string | undefined): CredentialRequest {
  return username === undefined ? request : Object.assign(Object.create(null), request, { username });
}

function cancelled(): AuthError {
  return new AuthError('ERR_AUTH_CANCELLED', 'prompt: cancelled');
}
