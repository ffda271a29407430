/** Somebody at a terminal who knows one password of one place, and leaves every other question with Ctrl-C. */

import type { FakeTerminal } from '../support/fake-terminal.js';

export interface Knowledge {
  readonly origin: string;
  readonly username: string;
  readonly password: string;
}

const LEAVE = '\u0003';
const FIRST = /(\S+) asks for a (?:user name|token)[\s\S]*(?:User name|Token):(?:\S*? \((\w+)\))?/;

export function personAt(terminal: FakeTerminal, knowledge: Knowledge): FakeTerminal {
  let next = firstAnswer;
  let shown = '';
  terminal.output.on('data', (chunk) => {
    shown += chunk;
    const answer = next(shown, knowledge);
    if (answer === undefined) return;
    next = next === firstAnswer && answer !== LEAVE ? secondAnswer : firstAnswer;
    shown = '';
    setImmediate(() => terminal.type(answer));
  });
  return terminal;
}

function firstAnswer(shown: string, { origin, username }: Knowledge): string | undefined {
  const [, place, offered = username] = FIRST.exec(withoutColours(shown)) ?? [];
  if (place === undefined) return undefined;
  return place === origin && offered === username && !shown.includes('Token:') ? `${username}\r` : LEAVE;
}

function secondAnswer(shown: string, { password }: Knowledge): string | undefined {
  return shown.includes('Password:') ? `${password}\r` : undefined;
}

function withoutColours(text: string): string {
  return text.replace(/\u001b\[[\d;?]*[a-zA-Z]/g, '');
}
