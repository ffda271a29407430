/** Replaces the placeholders in the arguments of a program. */

import { AuthError } from '../../errors.js';
import type { CredentialRequest } from '../../model.js';

const placeholder = /\{(origin|host|username|realm)\}/g;

// SEC-13: control characters, raw or percent-encoded, because the program may decode them.
const unencodable = /\p{Cc}|%[01][0-9a-f]|%7f/iu;

type Asked = Pick<CredentialRequest, 'origin' | 'realm'> & { readonly username: string | undefined };

export function hasPlaceholder(argument: string): boolean {
  return argument.search(placeholder) >= 0;
}

/** Whether a value can be handed to a program as one line of text. */
export function isEncodable(value: string): boolean {
  return !unencodable.test(value);
}

/** `argv` with the placeholders of its arguments replaced, each once. Throws `ERR_AUTH_PROVIDER`. */
export function fill([program = '', ...templates]: readonly string[], asked: Asked): readonly string[] {
  const replace = (_: string, name: string) => standFor(name, asked);
  return [program, ...templates.map((template) => asArgument(template.replace(placeholder, replace), template))];
}

/** A value from outside must not become an option of the program. */
function asArgument(filled: string, template: string): string {
  if (!filled.startsWith('-') || template.startsWith('-')) return filled;
  throw refused(`the value of ${template.slice(0, template.indexOf('}') + 1)} begins with "-", like an option`);
}

function standFor(name: string, { origin, realm, username }: Asked): string {
  if (name === 'origin') return origin;
  if (name === 'host') return hostOf(origin);
  const value = name === 'realm' ? realm : username;
  if (value === undefined) throw refused(`{${name}} has no value: no user name is known (set the option username)`);
  if (!isEncodable(value)) throw refused(`the value of {${name}} has control characters in it`);
  return value;
}

function hostOf(origin: string): string {
  const { host } = new URL(origin);
  if (host) return host;
  throw refused('{host} has no value: the server is a socket path');
}

function refused(message: string): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `command: ${message}`);
}
