/** Reads the output of a program. */

import { AuthError } from '../../errors.js';
import { parseUrl } from '../../syntax/url.js';

/**
 * - `json`: `{ "username", "password" }`, `{ "token" }`, or `{ "ServerURL", "Username", "Secret" }` of docker's helpers.
 * - `secret`: the first line is the secret.
 * - `auto`: JSON if it begins with `{`, and otherwise a secret.
 */
export type OutputFormat = 'auto' | 'json' | 'secret';

/** The output of a program, by its parts. */
export interface Printed {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** A secret that may be a password or a token. */
  readonly secret?: string | undefined;
}

export interface Source {
  readonly format: OutputFormat;
  /** The origin of the request: if the output names an origin, it must be this one. */
  readonly origin: string;
  /** The name of the program, for people. */
  readonly program: string;
}

/** `undefined` if there is no credential. Throws `ERR_AUTH_PROVIDER`, and shows nothing of the text. */
export function parseOutput(text: string, source: Source): Printed | undefined {
  const output = text.replace(/^\uFEFF/, '');
  if (output.trim() === '') return undefined;
  const format = source.format === 'auto' ? recognise(output, source) : source.format;
  return format === 'json' ? parseJson(output, source) : parseSecret(output);
}

// git-credential(1), INPUT/OUTPUT FORMAT. Other names do not count: a secret may well end in "=".
const gitLine = /^(protocol|host|path|username|password|url|password_expiry_utc|capability\[\]|wwwauth\[\])=/;

function recognise(output: string, source: Source): 'json' | 'secret' {
  // Also an array of objects, from `op item get --format json` with several fields: refused, not read as a secret "[".
  if (/^\s*(\{|\[\s*\{)/.test(output)) return 'json';
  // Otherwise the line "protocol=https" would be sent as the password.
  if (gitLine.test(output)) throw broken(source, `printed lines of git credential, which git() reads ${asSecret}`);
  return 'secret';
}

const asSecret = "(a secret that begins like this needs format: 'secret')";

function parseSecret(output: string): Printed | undefined {
  const [secret] = output.split(/\r?\n/, 1);
  return secret ? own({ secret }) : undefined;
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
    // No cause: the message of JSON.parse contains the text.
    throw broken(source, `printed malformed JSON ${asSecret}`);
  }
}

/** SEC-16: throws for another origin. Docker's helpers may also name a server by its host alone. */
function assertFor(url: string, source: Source): void {
  const whole = url.includes('://') ? url : `${new URL(source.origin).protocol}//${url}`;
  const matches = url === source.origin || parseUrl(whole)?.origin === source.origin;
  if (!matches) throw broken(source, 'answered for another origin than the one it was asked about');
}

/** Null prototype: a member of `Object.prototype` is not output of the program (SEC-28). */
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
