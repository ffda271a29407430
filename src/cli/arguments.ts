/** Reads the arguments of a command. */

import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Command, Given } from './command.js';
import { EXIT, Stop } from './exit-status.js';

type Parsed = ReturnType<typeof parse>;

/** @throws Stop for what the command does not know; it never repeats a value, which may be a secret */
export function argumentsOf(name: string, command: Command, args: readonly string[]): Given {
  const { values, positionals, tokens } = parse(name, command, args);
  assertOnce(name, command, tokens);
  const [url, ...others] = positionals;
  if (command.url === 'required' && url === undefined) throw misused(name, 'a URL is missing');
  if (others.length > 0 || (command.url === 'none' && url !== undefined)) throw misused(name, 'too many arguments');
  return {
    url,
    has: (option) => values[option] === true,
    text: (option) => values[option] as string | undefined,
    texts: (option) => (values[option] as readonly string[] | undefined) ?? [],
  };
}

/** A usage error of a command. */
export function misused(name: string, message: string): Stop {
  return new Stop(EXIT.usage, `${message} (see: axios-challenge ${name} --help)`);
}

function parse(name: string, { options }: Command, args: readonly string[]) {
  const known = Object.entries(options).map(([option, { type, short, multiple = false }]) => {
    return [option, { type, multiple, ...(short && { short }) }] as const;
  });
  const config = { args: [...args], options: Object.fromEntries(known), allowPositionals: true, tokens: true } as const;
  try {
    return parseArgs(config satisfies ParseArgsConfig);
  } catch (error) {
    throw misused(name, sentenceOf(error));
  }
}

/** Node's own sentence, without its advice; an unknown option is told without a value that was tied to it. */
function sentenceOf(error: unknown): string {
  const { message = '' } = error as Partial<Error>;
  const sentence = message.replace(/(\. |\n).*/s, '');
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** parseArgs takes the last of several: then half of what was asked for would be forgotten without a word. */
function assertOnce(name: string, { options }: Command, tokens: Parsed['tokens']): void {
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const again = seen.has(token.name) && !options[token.name]?.multiple;
    if (again) throw misused(name, `--${token.name} is given twice`);
    seen.add(token.name);
  }
}
