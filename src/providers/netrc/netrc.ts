/** Passwords from the `.netrc` file of the person. */

import { AuthError } from '../../errors.js';
import { type CredentialRequest, type Provider, wantsToken } from '../../model.js';
import { isLoopback } from '../../syntax/loopback.js';
import { ownOptions } from '../../syntax/options.js';
import type { find, NetrcSettings } from './find.js';

/** Options of `netrc()`. */
export interface NetrcOptions {
  /** The path of the file. Default: `$NETRC`, or else `~/.netrc`; on Windows also `~/_netrc` after that. */
  readonly file?: string | undefined;
  /** Whether the entry `default` answers origins that no `machine` names; by default it does not. */
  readonly default?: boolean | undefined;
}

/**
 * Gives the login and the password that the `.netrc` file has for the host of the origin, only over https or to this
 * machine. The file is read each time, and must not be readable by other users.
 *
 * `machine files.example` matches every port of the host, `machine files.example:8443` only that port; a proxy has to
 * be named with its port. The first entry that matches is used; if a user name is known, the first with that login. A
 * login without a password is a hint for the next provider. Values with spaces go in double quotes, where `\"`, `\\`
 * and `\n` are escapes. Tokens are never given.
 *
 * @param options - which file, and whether its `default` entry counts
 * @returns a provider; its `get` throws `ERR_AUTH_PROVIDER` for a file that cannot be read, that others can read, or that
 *   is malformed
 * @throws AuthError `ERR_AUTH_OPTION` for an option that cannot be used
 * @example
 * // ~/.netrc: machine files.example login alice password "correct horse"
 * installAuth(client, { providers: [env(), netrc(), prompt()] });
 */
export function netrc(options: NetrcOptions = {}): Provider {
  const settings = settingsOf(options);
  const reasons = new WeakMap<CredentialRequest, string>();
  return {
    name: 'netrc',
    get: async (request) => {
      const found = barred(request) ?? (await read(settings, request));
      if (typeof found !== 'string') return found;
      reasons.set(request, found);
      return undefined;
    },
    absence: (request) => reasons.get(request),
  };
}

function settingsOf(options: NetrcOptions): NetrcSettings {
  const { file, default: useDefault = false } = ownOptions(options, ['file', 'default'], 'netrc');
  if (file !== undefined && (typeof file !== 'string' || file === '')) {
    throw new AuthError('ERR_AUTH_OPTION', 'netrc: file is not a path');
  }
  if (typeof useDefault !== 'boolean') throw new AuthError('ERR_AUTH_OPTION', 'netrc: default is not true or false');
  return { file, useDefault };
}

/** Reads with what is loaded for it: most processes have no such file. */
async function read(...question: Parameters<typeof find>): ReturnType<typeof find> {
  const { find } = await import('./find.js');
  return find(...question);
}

/** Why the file is not read for this request (SEC-10). */
function barred(request: CredentialRequest): string | undefined {
  if (wantsToken(request)) return 'has no tokens';
  const { protocol, hostname } = new URL(request.origin);
  return protocol === 'https:' || isLoopback(hostname) ? undefined : 'is only for https, and for this machine';
}
