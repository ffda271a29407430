/** The texts of `--help`. */

import { wrap } from '../base/columns.js';
import type { Command, Option } from './input/command.js';

const COLUMNS = 80;

const STATUSES = `Exit status
    0  success
    1  failure on this machine: a file, the keychain, a missing package
    2  invalid command line; nothing was sent
    3  the response is a 401 or 407
    4  the response has another status of 400 or above
    5  no response, or an incomplete one
  130  ended by Ctrl-C (128 plus the number of the signal)`;

/** The help of the program: its commands and its exit statuses. */
export function generalHelp(commands: ReadonlyArray<readonly [name: string, command: Command]>): string {
  const lines = commands.map(([name, { summary }]) => `  ${name.padEnd(9)}${summary}`);
  return `Usage: axios-challenge [COMMAND] [options] [URL]

Answers HTTP challenges (Basic, Digest, Bearer) with credentials from the
environment, the keychain or a person at the terminal. Data goes to stdout,
messages go to stderr. Without a command, a URL is fetched as by get.

Commands
${lines.join('\n')}

  axios-challenge COMMAND --help   shows the options of a command
  axios-challenge --version        shows the version

${STATUSES}`;
}

/** The help of one command. */
export function commandHelp({ usage, about, options, examples }: Command): string {
  const rows = [...Object.entries(options), ['help', { type: 'boolean', short: 'h', text: 'show this help' }] as const];
  const left = rows.map(([name, option]) => flagsOf(name, option));
  const widest = Math.max(...left.map(({ length }) => length));
  const optionLines = rows.map(([, { text }], index) => `  ${left[index]?.padEnd(widest)}  ${text}`);
  const exampleLines = examples.map(({ line, text }) => `  # ${text}\n  ${line}`);
  return [
    `Usage: axios-challenge ${usage}`,
    wrap(about, COLUMNS).join('\n'),
    ['Options', ...optionLines].join('\n'),
    ['Examples', ...exampleLines].join('\n'),
  ].join('\n\n');
}

function flagsOf(name: string, { short, value }: Option): string {
  return `${short === undefined ? '   ' : `-${short},`} --${name}${value === undefined ? '' : ` ${value}`}`;
}
