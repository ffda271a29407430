/** Asks one question at a terminal, with inquirer. */

import { Writable } from 'node:stream';
import { AuthError } from '../errors.js';
import { guard } from './guard.js';
import type { Terminal, TerminalOutput } from './terminal.js';

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
  const leaving = new AbortController();
  const { createPromptModule } = await loadInquirer();
  const release = guard(terminal, () => leaving.abort());
  try {
    const prompt = createPromptModule({
      input: terminal.input,
      output: unending(terminal.output),
      signal: signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal,
    });
    // Without `mask` and `toggleMask` nothing of a password is ever shown. `askAnswered`: whatever Object.prototype says.
    const answers = await prompt<{ answer: Answer }>([
      { ...question, name: 'answer', mask: false, toggleMask: false, askAnswered: true },
    ]);
    return answers.answer as Answer;
  } catch (error) {
    if (isLeaving(error)) return undefined;
    throw new AuthError('ERR_AUTH_PROVIDER', 'prompt: inquirer failed', { cause: error });
  } finally {
    release();
  }
}

/** Loaded when a question is asked, not before: most processes never ask one. */
async function loadInquirer(): Promise<typeof import('inquirer').default> {
  try {
    const { default: inquirer } = await import('inquirer');
    return inquirer;
  } catch (error) {
    throw new AuthError('ERR_AUTH_PROVIDER', 'prompt: inquirer does not load (npm install inquirer)', { cause: error });
  }
}

function isLeaving(error: unknown): boolean {
  return error instanceof Error && ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'].includes(error.name);
}

/** Inquirer ends the stream it writes to after each question, unless that is a standard stream. */
function unending(output: TerminalOutput): Writable {
  const writable = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      output.write(chunk);
      done();
    },
  });
  return Object.defineProperty(writable, 'columns', { get: () => output.columns });
}
