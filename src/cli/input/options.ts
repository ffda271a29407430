/** The options that several commands share, and the checks of their values. */

import type { Address } from './address.js';
import { misused } from './arguments.js';
import type { Invocation, Option, Options } from './command.js';

/** The options for the sources of a credential. */
export const SOURCES: Options = {
  user: { type: 'string', short: 'u', value: 'NAME[:PASSWORD]', text: 'the account, and its password' },
  'oauth2-bearer': { type: 'string', value: 'TOKEN', text: 'the token for a Bearer challenge' },
  netrc: { type: 'boolean', short: 'n', text: 'read ~/.netrc as well' },
  'netrc-file': { type: 'string', value: 'FILE', text: 'read this netrc file as well' },
  git: { type: 'boolean', text: "ask git's credential helpers as well" },
  basic: flag('answer a Basic challenge only'),
  digest: flag('answer a Digest challenge only'),
  anyauth: flag('answer the strongest challenge (the default)'),
  'allow-insecure': { type: 'boolean', text: 'send a password or token without TLS' },
};

/** The option for a scheme that a password answers if it is asked to. */
export const NTLM: Options = { ntlm: flag('answer NTLM as well') };

const NEGOTIATE: Options = { negotiate: flag('answer Negotiate as well (Kerberos ticket)') };

/** The options for the connection. */
export const CONNECTION: Options = {
  insecure: { type: 'boolean', short: 'k', text: 'accept any certificate' },
  cacert: { type: 'string', value: 'FILE', text: 'trust these authorities only (PEM)' },
  proxy: { type: 'string', short: 'x', value: 'URL', text: 'use this proxy' },
  'connect-timeout': { type: 'string', value: 'SECONDS', text: 'limit the time to connect' },
  'max-time': { type: 'string', short: 'm', value: 'SECONDS', text: 'limit the whole command' },
  retry: { type: 'string', value: 'TIMES', text: 'send again after a 408, 429, 5xx or time-out' },
  'user-agent': { type: 'string', short: 'A', value: 'NAME', text: 'the User-Agent' },
};

/** The options for what is sent. */
const REQUEST: Options = {
  method: { type: 'string', short: 'X', value: 'METHOD', text: 'default: GET, or POST with a body' },
  request: { type: 'string', value: 'METHOD', text: 'the same as --method' },
  header: { type: 'string', short: 'H', multiple: true, value: "'NAME: VALUE'", text: 'a header field' },
  data: body('DATA', 'the body: text, @FILE, or @- for stdin', 'd'),
  'data-raw': body('DATA', 'the body; @ has no special meaning'),
  'data-binary': body('DATA', 'the same as --data'),
  'data-urlencode': body('NAME=VALUE', 'a part of the body, percent-encoded'),
  json: body('DATA', 'a JSON body: text, @FILE, or @-'),
  form: body('NAME=VALUE', 'a part of a form; NAME=@FILE sends a file', 'F'),
  'upload-file': { type: 'string', short: 'T', value: 'FILE', text: 'PUT this file, or - for stdin' },
  compressed: flag('ask for a compressed body (the default)'),
  location: { ...flag('follow redirects (the default)'), short: 'L' },
};

/** The options for what is written. */
const OUTPUT: Options = {
  output: { type: 'string', short: 'o', value: 'FILE', text: 'write the body to FILE; default: stdout' },
  'remote-name': { type: 'boolean', short: 'O', text: 'write to a file with the name in the URL' },
  include: { type: 'boolean', short: 'i', text: 'write status line and fields before the body' },
  head: { type: 'boolean', short: 'I', text: 'send HEAD, and write status line and fields' },
  'dump-header': { type: 'string', short: 'D', value: 'FILE', text: 'write status line and fields to FILE' },
  fail: { ...flag('omit the body of an error (the default)'), short: 'f' },
  silent: { type: 'boolean', short: 's', text: 'show no progress and no messages' },
  'show-error': { type: 'boolean', short: 'S', text: 'show messages in spite of -s' },
  verbose: { type: 'boolean', short: 'v', text: 'show the handshake on stderr' },
  curl: { type: 'boolean', text: 'print the curl command instead; send nothing' },
};

/** The options for sending a request and writing its response. */
export const SENDING: Options = { ...REQUEST, ...SOURCES, ...NTLM, ...NEGOTIATE, ...OUTPUT, ...CONNECTION };

/** The options that are parts of one body. */
export const PARTS = ['data', 'data-raw', 'data-binary', 'data-urlencode', 'json'] as const;

function flag(text: string): Option {
  return { type: 'boolean', text };
}

function body(value: string, text: string, short?: string): Option {
  return { type: 'string', multiple: true, value, text, ...(short !== undefined && { short }) };
}

/** The address with the account, and the password, that `--user` names. */
export function withUser(name: string, given: Invocation, address: Address): Address {
  const user = given.text('user');
  // As curl takes it: the ticket says who it is.
  if (user === undefined || (user === ':' && given.has('negotiate'))) return address;
  const [, username = '', password] = /^([^:]*)(?::(.*))?$/s.exec(user) ?? [];
  if (username === '') throw misused(name, '--user is empty');
  if (address.username !== undefined && username !== address.username) {
    throw misused(name, '--user and the URL name different accounts');
  }
  if (password === undefined) return { ...address, username };
  if (address.password !== undefined) throw misused(name, 'two passwords are given: in the URL and with --user');
  return { ...address, username, password, source: '--user' };
}

/** The method and the body must not be named twice. */
export function assertNone(name: string, given: Invocation, options: readonly string[]): void {
  const used = options.filter((option) => given.has(option) || given.text(option) !== undefined);
  if (used.length > 1) throw misused(name, `--${used[0]} and --${used[1]} exclude each other`);
}

/** The value of an option that is a number of seconds, in milliseconds. */
export function millisecondsOf(name: string, given: Invocation, option: string): number | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  const milliseconds = Math.ceil(Number(text) * 1000);
  if (text.trim() !== '' && milliseconds > 0 && milliseconds < 2 ** 31) return milliseconds;
  throw misused(name, `--${option} must be a number of seconds`);
}

/** The value of an option that is a small number. */
export function countOf(name: string, given: Invocation, option: string): number {
  const text = given.text(option) ?? '0';
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw misused(name, `--${option} must be a number`);
}
