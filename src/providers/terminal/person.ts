/** The conversation with the person at the terminal. */

import { AuthError } from '../../errors.js';
import { type Credential, type CredentialRequest, wantsToken } from '../../model.js';
import { quoted, visible } from '../../syntax/visible.js';
import { PREFIX } from '../environment.js';
import { takeNotice } from '../notices.js';
import { travelsInClear } from './clear-text.js';
import { ask, loadInquirer, type Question } from './question.js';
import { openTerminal, type Terminal, type TerminalOptions, write } from './terminal.js';

/** `undefined`: the person has left. */
export type Typed = Credential | 'declined' | undefined;

/** The source of the refused credential: the person, or another provider. */
export type Whose = 'own' | 'another';

/** Asks for a credential. @throws AuthError ERR_AUTH_PROVIDER without a terminal or inquirer */
export async function atTerminal(options: TerminalOptions, request: CredentialRequest, whose: Whose): Promise<Typed> {
  const terminal = openTerminal(options);
  if (typeof terminal === 'string') throw unavailable(terminal, request, options.prefix);
  try {
    await loadInquirer(); // Before anything is shown: without inquirer nothing can be asked.
    return await converse(terminal, request, whose);
  } finally {
    terminal.close();
  }
}

async function converse(terminal: Terminal, request: CredentialRequest, whose: Whose): Promise<Typed> {
  write(terminal.output, introduction(request, refusalLine(request, whose), terminal.output.columns));
  if (travelsInClear(request)) {
    const agreed = await ask<boolean>(terminal, clearTextQuestion(request), request.signal);
    if (agreed !== true) return agreed === false ? 'declined' : undefined;
  }
  return wantsToken(request) ? askToken(terminal, request) : askPassword(terminal, request);
}

/** Names the store if a stored password was refused: the person has not typed that password. */
function refusalLine(request: CredentialRequest, whose: Whose): string {
  const notice = takeNotice(request);
  if (notice !== undefined) return notice;
  const what = wantsToken(request) ? 'token' : 'user name or password';
  if (request.refused === 0) return '';
  return whose === 'own'
    ? `The server refused that ${what}; try again.`
    : `The server refused the ${what} of another source.`;
}

function introduction(request: CredentialRequest, refusal: string, columns = 80): string {
  const { origin, proxy, realm, scheme } = request;
  const wanted = wantsToken(request) ? 'a token' : 'a user name and a password';
  const lines = [
    refusal,
    `${proxy ? 'The proxy ' : ''}${visible(origin)} asks for ${wanted} (${visible(scheme)}).`,
    // Cut to one row: a second row would begin at the left edge, like a question.
    realm === '' ? '' : `The server calls this ${quoted(realm, Math.max(10, columns - 26))}.`,
  ];
  return lines.map((line) => (line === '' ? '' : `${line}\n`)).join('');
}

function clearTextQuestion(request: CredentialRequest): Question {
  const secret = wantsToken(request) ? 'token' : 'password';
  const message = `The ${secret} would travel in the clear to ${visible(request.origin)}: everyone on the way can read it. Go on?`;
  return { type: 'confirm', message, default: false };
}

async function askToken(terminal: Terminal, { signal }: CredentialRequest): Promise<Typed> {
  const token = await ask<string>(terminal, { type: 'password', message: 'Token:', validate: isTyped }, signal);
  return token === undefined ? undefined : { token };
}

async function askPassword(terminal: Terminal, { signal, username: known }: CredentialRequest): Promise<Typed> {
  // Do not offer a user name that would be shown with escapes.
  const offered = known !== undefined && visible(known) === known ? known : undefined;
  const question: Question = { type: 'input', message: 'User name:', default: offered, validate: isTyped };
  const username = await ask<string>(terminal, question, signal);
  if (username === undefined) return undefined;
  const password = await askSecret(terminal, signal);
  return password === undefined ? undefined : { username, password };
}

/** An account may have an empty password, but Enter is easily pressed by mistake: it takes a yes. */
async function askSecret(terminal: Terminal, signal: AbortSignal | undefined): Promise<string | undefined> {
  for (;;) {
    const password = await ask<string>(terminal, { type: 'password', message: 'Password:' }, signal);
    if (password !== '') return password;
    const message = 'The password is empty. Send an empty password?';
    const agreed = await ask<boolean>(terminal, { type: 'confirm', message, default: false }, signal);
    if (agreed !== false) return agreed && '';
  }
}

function isTyped(text: string): true | string {
  return text !== '' || 'Type it, or press Ctrl-C to leave.';
}

function unavailable(reason: string, request: CredentialRequest, prefix = PREFIX): AuthError {
  const names = wantsToken(request) ? [`${prefix}_TOKEN`] : [`${prefix}_USERNAME`, `${prefix}_PASSWORD`];
  const instead = reason.endsWith('terminal') ? ', or run in a terminal' : '';
  const remedy = `(set ${names.join(' and ')}${instead})`;
  return new AuthError('ERR_AUTH_PROVIDER', `prompt: not available: ${reason} ${remedy}`);
}
