/** The texts of `--help`. */

import type { Command, Option } from './command.js';
import { wrap } from './width.js';

const COLUMNS = 80;

const STATUSES = `Exit status
    0  done
    1  it could not be done, for a reason on this side
    2  the command line is wrong, and nothing was sent
    3  a 401 was given back
    4  another HTTP status from 400 on
    5  no response, or one that broke off
  130  ended by Ctrl-C (128 and the number of the signal)`;

/** What the program can do. */
export function generalHelp(commands: ReadonlyArray<readonly [name: string, command: Command]>): string {
  const lines = commands.map(([name, { summary }]) => `  ${name.padEnd(9)}${summary}`);
  return `Usage: axios-challenge COMMAND [options] [URL]

Answers HTTP challenges (Basic, Digest, Bearer) with credentials from the
environment, the keychain or a person at the terminal. Data goes to stdout, talk
to stderr.

Commands
${lines.join('\n')}

  axios-challenge COMMAND --help   tells more
  axios-challenge --version        tells the version

${STATUSES}`;
}

/** What one command can do. */
export function commandHelp({ usage, about, options, examples }: Command): string {
  const rows = [...Object.entries(options), ['help', { type: 'boolean', short: 'h', text: 'this text' }] as const];
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
