/** Turns the output of a program into the requested credential. */

import { AuthError } from '../../errors.js';
import { type Credential, type CredentialRequest, wantsToken } from '../../model.js';
import type { Printed } from './output.js';
import type { CommandSettings } from './settings.js';

type Holder = Pick<CommandSettings, 'program' | 'username'>;

/** The credential, or why there is no credential. Throws `ERR_AUTH_OPTION` for a password without a known user name. */
export function credentialFrom(printed: Printed, request: CredentialRequest, holder: Holder): Credential | string {
  return wantsToken(request) ? token(printed, holder) : password(printed, request, holder);
}

/** A bare secret is a password if the option `username` is set, and a token otherwise. */
function token({ token, secret }: Printed, { program, username }: Holder): Credential | string {
  const found = token ?? (username === undefined ? secret : undefined);
  return found === undefined ? `${program} printed no token` : { token: found };
}

function password(printed: Printed, request: CredentialRequest, { program, username: own }: Holder) {
  const password = printed.password ?? printed.secret;
  if (password === undefined) return `${program} printed no password`;
  const known = request.username || own;
  const username = printed.username ?? known;
  if (username === undefined) throw nameless(program);
  if (known !== undefined && username !== known) return `${program} printed another user name`; // SEC-09
  return { username, password };
}

function nameless(program: string): AuthError {
  const remedy = 'set the option username, put the name in the URL, or print JSON { "username", "password" }';
  return new AuthError('ERR_AUTH_OPTION', `command: ${program} printed a password without a user name (${remedy})`);
}
