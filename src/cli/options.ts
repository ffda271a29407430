/** The options that several commands have, and what their values may be. */

import type { Address } from './address.js';
import { misused } from './arguments.js';
import type { Given, Options } from './command.js';

/** Where a credential comes from, besides the default chain. */
export const SOURCES: Options = {
  user: { type: 'string', short: 'u', value: 'NAME', text: 'the account, where there are several' },
  netrc: { type: 'boolean', short: 'n', text: 'look into ~/.netrc, too' },
  git: { type: 'boolean', text: "ask git's credential helpers, too" },
  'allow-insecure': { type: 'boolean', text: 'let a secret travel in the clear to this origin' },
};

/** How a request is sent, and where its response goes. */
export const SENDING: Options = {
  ...SOURCES,
  header: { type: 'string', short: 'H', multiple: true, value: "'NAME: VALUE'", text: 'a header field' },
  output: { type: 'string', short: 'o', value: 'FILE', text: 'where the body goes; by default stdout' },
  'max-time': { type: 'string', short: 'm', value: 'SECONDS', text: 'for all of it, the typing of a person too' },
  verbose: { type: 'boolean', short: 'v', text: 'draw the handshake on stderr' },
};

/** The account that `--user` or the URL names. */
export function accountOf(name: string, given: Given, address: Address): string | undefined {
  const user = given.text('user');
  // As in curl's -u NAME:PASSWORD: other people can read the command line of a process.
  if (user?.includes(':')) throw misused(name, '--user takes a name only, and never a password');
  if (user === '') throw misused(name, '--user is empty');
  if (user !== undefined && address.username !== undefined && user !== address.username) {
    throw misused(name, '--user and the URL name two accounts');
  }
  return user ?? address.username;
}

/** Milliseconds. */
export function maxTimeOf(name: string, given: Given): number | undefined {
  const text = given.text('max-time');
  if (text === undefined) return undefined;
  const milliseconds = Math.ceil(Number(text) * 1000);
  if (text.trim() !== '' && milliseconds > 0 && milliseconds < 2 ** 31) return milliseconds;
  throw misused(name, '--max-time is not a number of seconds');
}
