/** Reads what a program printed. */

import { AuthError } from '../errors.js';
import { parseUrl } from '../syntax/url.js';

/**
 * - `json`: `{ "username", "password" }`, `{ "token" }`, or `{ "ServerURL", "Username", "Secret" }` of docker's helpers.
 * - `git`: the `key=value` lines of `git credential`.
 * - `secret`: the first line is the secret.
 * - `auto`: JSON when it begins with `{`, git when the first line has a key of git's, and a secret otherwise.
 */
export type OutputFormat = 'auto' | 'json' | 'git' | 'secret';

/** What a program said. */
export interface Printed {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** A secret that does not say what it is. */
  readonly secret?: string | undefined;
}

export interface Source {
  readonly format: OutputFormat;
  /** The origin that asks: what the program says it is for must be this one. */
  readonly origin: string;
  /** The name of the program, for people. */
  readonly program: string;
}

/** `undefined` for nothing. Throws `ERR_AUTH_PROVIDER`, and shows nothing of the text. */
export function parseOutput(text: string, source: Source): Printed | undefined {
  const output = text.replace(/^\uFEFF/, '');
  if (output.trim() === '') return undefined;
  const format = source.format === 'auto' ? recognise(output) : source.format;
  if (format === 'json') return parseJson(output, source);
  return format === 'git' ? parseGit(output, source) : parseSecret(output);
}

// git-credential(1), INPUT/OUTPUT FORMAT. Other names are none: a secret may well end in "=".
const gitLine =
  /^(protocol|host|path|username|password|url|password_expiry_utc|oauth_refresh_token|quit|capability\[\]|wwwauth\[\])=/;

function recognise(output: string): OutputFormat {
  // An array too, of objects: `op item get --format json` with several fields. It is refused, and not a secret "[".
  if (/^\s*(\{|\[\s*\{)/.test(output)) return 'json';
  return gitLine.test(output) ? 'git' : 'secret';
}

function parseSecret(output: string): Printed | undefined {
  const [secret] = output.split(/\r?\n/, 1);
  return secret ? own({ secret }) : undefined;
}

function parseGit(output: string, source: Source): Printed | undefined {
  const keys = new Map(output.split(/\r?\n/).map((line) => line.split(/=(.*)/s, 2) as [string, string | undefined]));
  const { protocol, host } = new URL(source.origin);
  const claimed = `${keys.get('protocol') ?? protocol.slice(0, -1)}://${keys.get('host') ?? host}`;
  if (keys.has('protocol') || keys.has('host')) assertFor(claimed, source);
  const password = keys.get('password');
  return password === undefined ? undefined : own({ username: keys.get('username'), password });
}

function parseJson(output: string, source: Source): Printed {
  const members = objectOf(output, source);
  const { username, password, token } = members;
  if (isText(members.Username) && isText(members.Secret)) return parseDocker(members, source);
  if (isText(token) || isText(password)) {
    return own({ username: textOf(username), password: textOf(password), token: textOf(token) || undefined });
  }
  throw broken(source, 'printed JSON with neither "username" and "password" nor "token" in it');
}

/** docker-credential-helpers, `get`: the user name `<token>` says that the secret is an identity token. */
function parseDocker({ ServerURL, Username, Secret }: Members, source: Source): Printed {
  if (isText(ServerURL) && ServerURL !== '') assertFor(ServerURL, source);
  if (Username === '<token>') return own({ token: textOf(Secret) || undefined });
  return own({ username: textOf(Username), password: textOf(Secret) });
}

type Members = Partial<Record<string, unknown>>;

function objectOf(output: string, source: Source): Members {
  try {
    return own(JSON.parse(output));
  } catch {
    // No cause: the message of JSON.parse has the text in it.
    throw broken(source, "printed what looks like JSON and is not (a secret that begins so needs format: 'secret')");
  }
}

/** SEC-16. Docker's helpers also know a server by its host alone. */
function assertFor(url: string, source: Source): void {
  const whole = url.includes('://') ? url : `${new URL(source.origin).protocol}//${url}`;
  const matches = url === source.origin || parseUrl(whole)?.origin === source.origin;
  if (!matches) throw broken(source, 'answered for another origin than the one it was asked about');
}

/** What sits on `Object.prototype` was not printed (SEC-28). */
function own<T extends object>(members: T): T {
  return Object.assign(Object.create(null), members);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function textOf(value: unknown): string | undefined {
  return isText(value) ? value : undefined;
}

function broken({ program }: Source, message: string): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `command: ${program} ${message}`);
}
