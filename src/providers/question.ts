/** Asks one question at a terminal, with inquirer. */

import { Writable } from 'node:stream';
import { AuthError } from '../errors.js';
import { follow } from '../followed.js';
import { guard } from './guard.js';
import { keyboard } from './keyboard.js';
import { dismissAll } from './queue.js';
import { type Terminal, type TerminalOutput, write } from './terminal.js';

/** A question as inquirer knows it: `confirm` is answered with a boolean, the others with text. */
export interface Question {
  readonly type: 'confirm' | 'input' | 'password' | 'select';
  readonly message: string;
  /** What a `select` offers. */
  readonly choices?: ReadonlyArray<{ readonly name: string; readonly value: string }>;
  readonly default?: string | boolean | undefined;
}

/** The answer, or `undefined` when the person or the signal left the question. */
export async function ask<Answer extends string | boolean>(
  terminal: Terminal,
  question: Question,
  signal?: AbortSignal,
): Promise<Answer | undefined> {
  const leaving = follow(signal);
  const { createPromptModule } = await loadInquirer();
  const { keys, release: letGo } = keyboard(terminal.input);
  const release = guard(terminal, keys, (left) => {
    if (left === 'terminal') dismissAll();
    leaving.abort();
  });
  try {
    const prompt = createPromptModule({
      input: keys,
      output: unending(terminal.output),
      signal: leaving.signal,
    });
    // Without `mask` and `toggleMask` nothing of a password is ever shown. `askAnswered`: whatever Object.prototype says.
    const answers = await prompt<{ answer: Answer }>([
      { ...question, name: 'answer', mask: false, toggleMask: false, askAnswered: true },
    ]);
    return answers.answer as Answer;
  } catch (error) {
    if (isCtrlC(error)) dismissAll();
    if (isLeaving(error)) return undefined;
    throw new AuthError('ERR_AUTH_PROVIDER', 'prompt: inquirer failed', { cause: error });
  } finally {
    leaving.release();
    release();
    letGo();
  }
}

/** Loaded when a question is asked, not before: most processes never ask one. Throws `ERR_AUTH_PROVIDER`. */
export async function loadInquirer(): Promise<typeof import('inquirer').default> {
  try {
    const { default: inquirer } = await import('inquirer');
    return inquirer;
  } catch (error) {
    throw new AuthError('ERR_AUTH_PROVIDER', `prompt: ${troubleOf(error)}`, { cause: error });
  }
}

function troubleOf(error: unknown): string {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  const absent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  if (absent && message.includes("'inquirer'")) return 'inquirer is not installed (npm install inquirer)';
  // Jest, which runs all as CommonJS.
  if (code === 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG')
    return 'inquirer is an ES module, which this program does not load without NODE_OPTIONS=--experimental-vm-modules';
  return `inquirer does not load: ${message.split('\n', 1)[0]}`;
}

/** Asked for by nobody but the person, who wants out of the program, and not into the next question. */
function isCtrlC(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError';
}

function isLeaving(error: unknown): boolean {
  return error instanceof Error && ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'].includes(error.name);
}

/** Inquirer ends the stream it writes to after each question, unless that is a standard stream. */
function unending(output: TerminalOutput): Writable {
  const writable = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      write(output, chunk);
      done();
    },
  });
  return Object.defineProperty(writable, 'columns', { get: () => output.columns });
}
