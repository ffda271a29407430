/** Runs the command that a command line names, and returns the exit status. */

import { nearest } from '../base/nearest.js';
import { COMMANDS } from './commands.js';
import { commandHelp, generalHelp } from './help.js';
import { argumentsOf } from './input/arguments.js';
import type { Command, Invocation } from './input/command.js';
import { EXIT, Stop } from './io/exit.js';
import { fitted } from './io/fitted.js';
import { print } from './io/stdio.js';
import { ownVersion } from './io/version.js';

const HELP = ['--help', '-h'];

/** @throws Stop */
export async function program(args: readonly string[], leaving: AbortSignal): Promise<number> {
  const [first = '--help'] = args;
  if (HELP.includes(first)) return tell(generalHelp(Object.entries(COMMANDS)));
  if (first === '--version' || first === '-V') return tell(ownVersion());
  const [name, rest] = isRequest(first) ? ['get', args] : [first, args.slice(1)];
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new Stop(EXIT.usage, `unknown command${suggestion(name)} (see: axios-challenge --help)`);
  if (asksForHelp(rest)) return tell(commandHelp(command));
  return run(command, argumentsOf(name, command, rest), leaving);
}

/** Whether the arguments are those of `get`: it begins with an option or a URL. */
function isRequest(first: string): boolean {
  return first.startsWith('-') || /^https?:/i.test(first);
}

function suggestion(name: string): string {
  const known = nearest(name, Object.keys(COMMANDS));
  return known === undefined ? '' : `: did you mean ${known}?`;
}

/** Ignores the arguments after `--`, because they are operands. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).some((one) => HELP.includes(one));
}

function tell(text: string): number {
  print(fitted(text, process.stdout));
  return EXIT.ok;
}

/** Replaces the error of a missing axios with advice: axios is a peer dependency, so it may not be installed. */
async function run(command: Command, given: Invocation, leaving: AbortSignal): Promise<number> {
  try {
    return await command.run(given, leaving);
  } catch (error) {
    const { code, message = '' } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes("'axios'")) throw error;
    throw new Stop(EXIT.failed, 'axios is not installed (npm install axios)');
  }
}
