/** A credential from the person at the terminal. */

import { AuthError } from '../errors.js';
import { type Credential, type CredentialRequest, type Provider, usernameOf } from '../model.js';
import { quoted, visible } from '../syntax/visible.js';
import { travelsInClear } from './clear-text.js';
import { ask, loadInquirer, type Question } from './question.js';
import { inTurn } from './queue.js';
import { openTerminal, PREFIX, type Terminal, type TerminalOptions, write } from './terminal.js';

/** Options of `prompt()`. */
export type PromptOptions = TerminalOptions;

/**
 * Asks for a user name and a password, or for a token when the scheme is `bearer`, on stderr.
 *
 * Only with a terminal on both ends: through the controlling terminal when stdin is a pipe, and never when `CI` or
 * `AXIOS_CHALLENGE_NO_PROMPT` is set. Needs the package `inquirer`. Throws nothing itself.
 *
 * @param options - the terminal
 * @returns a provider; its `get` throws `ERR_AUTH_PROVIDER` when there is nobody to ask, or when they leave with Ctrl-D, or
 *   with Ctrl-C, which also leaves the questions that wait for their turn
 * @example
 * installAuth(client, { providers: [env(), prompt()] });
 */
export function prompt(options: PromptOptions = {}): Provider {
  const own: PromptOptions = Object.assign(Object.create(null), options);
  const typed = new Map<string, string>();
  return {
    name: 'prompt',
    interactive: true,
    get: async (request) => {
      const known = request.username ?? typed.get(placeOf(request));
      const answer = await inTurn(() => atTerminal(own, named(request, known)), request.signal);
      if (answer === undefined) throw cancelled();
      if (answer === 'declined') return undefined;
      // Offered when the server refuses the password: mostly that was mistyped, not the name.
      const username = usernameOf(answer);
      if (username !== undefined) typed.set(placeOf(request), username);
      return answer;
    },
    absence: (request) => (travelsInClear(request) ? 'declined: it would travel in clear text' : undefined),
  };
}

function placeOf({ origin, proxy }: CredentialRequest): string {
  return proxy ? `proxy:${origin}` : origin;
}

function named(request: CredentialRequest, username: string | undefined): CredentialRequest {
  return username === undefined ? request : Object.assign(Object.create(null), request, { username });
}

type Outcome = Credential | 'declined' | undefined;

async function atTerminal(options: PromptOptions, request: CredentialRequest): Promise<Outcome> {
  const terminal = openTerminal(options);
  if (typeof terminal === 'string') throw unavailable(terminal, request, options.prefix);
  try {
    await loadInquirer(); // Nothing is shown where nothing can be asked.
    return await converse(terminal, request);
  } finally {
    terminal.close();
  }
}

async function converse(terminal: Terminal, request: CredentialRequest): Promise<Outcome> {
  write(terminal.output, introduction(request));
  if (travelsInClear(request)) {
    const agreed = await ask<boolean>(terminal, clearTextQuestion(request), request.signal);
    if (agreed !== true) return agreed === false ? 'declined' : undefined;
  }
  return request.scheme === 'bearer' ? askToken(terminal, request) : askPassword(terminal, request);
}

function introduction({ origin, proxy, realm, refused, scheme }: CredentialRequest): string {
  const wanted = scheme === 'bearer' ? 'a token' : 'a user name and a password';
  const lines = [
    refused > 0 ? `The server refused that ${scheme === 'bearer' ? 'token' : 'user name or password'}; try again.` : '',
    `${proxy ? 'The proxy ' : ''}${visible(origin)} asks for ${wanted} (${visible(scheme)}).`,
    realm === '' ? '' : `The server calls this ${quoted(realm)}.`,
  ];
  return lines.map((line) => (line === '' ? '' : `${line}\n`)).join('');
}

function clearTextQuestion({ origin, scheme }: CredentialRequest): Question {
  const secret = scheme === 'bearer' ? 'token' : 'password';
  const message = `The ${secret} would travel in the clear to ${visible(origin)}: everyone on the way can read it. Go on?`;
  return { type: 'confirm', message, default: false };
}

async function askToken(terminal: Terminal, { signal }: CredentialRequest): Promise<Outcome> {
  const token = await ask<string>(terminal, { type: 'password', message: 'Token:' }, signal);
  return token ? { token } : undefined;
}

async function askPassword(terminal: Terminal, { signal, username: known }: CredentialRequest): Promise<Outcome> {
  // A name that cannot be shown as it is is not offered.
  const offered = known !== undefined && visible(known) === known ? known : undefined;
  const username = await ask<string>(terminal, { type: 'input', message: 'User name:', default: offered }, signal);
  if (!username) return undefined;
  const password = await ask<string>(terminal, { type: 'password', message: 'Password:' }, signal);
  return password === undefined ? undefined : { username, password };
}

function cancelled(): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', 'prompt: cancelled');
}

function unavailable(reason: string, { scheme }: CredentialRequest, prefix = PREFIX): AuthError {
  const names = scheme === 'bearer' ? [`${prefix}_TOKEN`] : [`${prefix}_USERNAME`, `${prefix}_PASSWORD`];
  const instead = reason.endsWith('terminal') ? ', or run in a terminal' : '';
  const remedy = `(set ${names.join(' and ')}${instead})`;
  return new AuthError('ERR_AUTH_PROVIDER', `prompt: not available: ${reason} ${remedy}`);
}
