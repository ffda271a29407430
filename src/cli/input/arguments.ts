/** Reads the arguments of a command. */

import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearest } from '../../base/nearest.js';
import { EXIT, Stop } from '../io/exit.js';
import type { Command, Invocation } from './command.js';

type Parsed = ReturnType<typeof parse>;

/** @throws Stop for arguments that the command does not accept. It never repeats a value, which may be a secret */
export function argumentsOf(name: string, command: Command, args: readonly string[]): Invocation {
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
    inOrder: (...options) =>
      tokens.flatMap((token) =>
        token.kind === 'option' && options.includes(token.name) ? [[token.name, token.value ?? ''] as const] : [],
      ),
  };
}

/** The usage error of a command, which points to its help. */
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
    throw misused(name, sentenceOf(error) + suggestion(error, Object.keys(options)));
  }
}

/** The known option that an unknown option may stand for; the value after its `=` is no part of the message. */
function suggestion(error: unknown, options: readonly string[]): string {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  const [, unknown] = /'--?([^']+)'/.exec(message) ?? [];
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION' || unknown === undefined) return '';
  const known = nearest(unknown, [...options, 'help']);
  return known === undefined ? '' : `: did you mean --${known}?`;
}

/** The first sentence of Node's error message. It names an unknown option without the value after its `=`. */
function sentenceOf(error: unknown): string {
  const { message = '' } = error as Partial<Error>;
  const sentence = message.replace(/(\. |\n).*/s, '');
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** Rejects a repeated value: parseArgs would keep its last value and drop the others without an error. */
function assertOnce(name: string, { options }: Command, tokens: Parsed['tokens']): void {
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { type, multiple } = options[token.name] ?? {};
    const again = seen.has(token.name) && type === 'string' && !multiple;
    if (again) throw misused(name, `--${token.name} is given twice`);
    seen.add(token.name);
  }
}
