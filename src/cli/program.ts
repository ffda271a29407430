/** What a command line asks for, and the exit status that comes of it. */

import { argumentsOf } from './arguments.js';
import type { Command, Given } from './command.js';
import { COMMANDS } from './commands.js';
import { EXIT, Stop } from './exit-status.js';
import { commandHelp, generalHelp } from './help.js';
import { print } from './talk.js';
import { ownVersion } from './version.js';

const HELP = ['--help', '-h'];

/** @throws Stop */
export async function program(args: readonly string[], leaving: AbortSignal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) throw new Stop(EXIT.usage, 'what is to be done? (see: axios-challenge --help)');
  if (HELP.includes(name)) return tell(generalHelp(Object.entries(COMMANDS)));
  if (name === '--version' || name === '-V') return tell(ownVersion());
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new Stop(EXIT.usage, 'there is no such command (see: axios-challenge --help)');
  if (asksForHelp(rest)) return tell(commandHelp(command));
  return run(command, argumentsOf(name, command, rest), leaving);
}

/** Up to `--`, behind which all are operands. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).some((one) => HELP.includes(one));
}

function tell(text: string): number {
  print(text);
  return EXIT.ok;
}

/** axios is a peer: whoever installs this package installs it, as a rule. */
async function run(command: Command, given: Given, leaving: AbortSignal): Promise<number> {
  try {
    return await command.run(given, leaving);
  } catch (error) {
    const { code, message = '' } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes("'axios'")) throw error;
    throw new Stop(EXIT.failed, 'axios is not installed (npm install axios)');
  }
}
