/** Asks one question at a terminal, with inquirer. */

import { Writable } from 'node:stream';
import { follow } from '../../base/abort.js';
import { AuthError } from '../../errors.js';
import { guard } from './guard.js';
import { keyboard } from './keyboard.js';
import { type Terminal, type TerminalOutput, write } from './terminal.js';
import { dismissAll } from './turn.js';

/** A question as inquirer knows it: `confirm` is answered with a boolean, the others with text. */
export interface Question {
  readonly type: 'confirm' | 'input' | 'password' | 'select';
  readonly message: string;
  /** What a `select` offers. */
  readonly choices?: ReadonlyArray<{ readonly name: string; readonly value: string }>;
  readonly default?: string | boolean | undefined;
  /** True, or why the answer is not taken: then the question stays. */
  readonly validate?: (answer: string) => true | string;
}

/** The answer, or `undefined` if the person or the signal cancelled the question. */
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
    // Without `mask` and `toggleMask` no character of a password is shown. `askAnswered`: ask even if a polluted
    // Object.prototype already has an `answer`.
    const answers = await prompt<{ answer: Answer }>([
      { validate: () => true, ...question, name: 'answer', mask: false, toggleMask: false, askAnswered: true },
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

/** Loads inquirer only when a question is asked: most processes never ask one. Throws `ERR_AUTH_PROVIDER`. */
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
  // Under Jest, which runs every module as CommonJS.
  if (code === 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG')
    return 'inquirer is an ES module, which this program does not load without NODE_OPTIONS=--experimental-vm-modules';
  return `inquirer does not load: ${message.split('\n', 1)[0]}`;
}

/** Whether the person pressed Ctrl-C, to leave the program instead of going to the next question. */
function isCtrlC(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError';
}

function isLeaving(error: unknown): boolean {
  return error instanceof Error && ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'].includes(error.name);
}

/** A stream that writes to `output` and never ends it: inquirer ends its output, unless that is a standard stream. */
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
