/** Makes what a program printed the credential that is asked for. */

import { AuthError } from '../errors.js';
import type { Credential, CredentialRequest } from '../model.js';
import type { Printed } from './command-output.js';
import type { CommandSettings } from './command-settings.js';

type Holder = Pick<CommandSettings, 'program' | 'username'>;

/** The credential, or why there is none. Throws `ERR_AUTH_OPTION` for a password whose user name nobody knows. */
export function credentialFrom(printed: Printed, request: CredentialRequest, holder: Holder): Credential | string {
  return request.scheme === 'bearer' ? token(printed, holder) : password(printed, request, holder);
}

/** A bare secret of a known account is a password. */
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
