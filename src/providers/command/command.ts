/** Credentials from any program that prints one. */

import type { CredentialRequest, Provider } from '../../model.js';
import { unboundFrom } from '../origin.js';
import { GRACE_MS } from '../timeout.js';
import { type CommandOptions, type CommandSettings, settingsOf } from './settings.js';

export type { CommandInput, CommandOptions } from './settings.js';

/**
 * Runs a program and reads a credential from what it prints: JSON, or the bare secret in the first line. Empty output
 * means no credential, and so does the message of docker's helpers for an unknown server.
 *
 * No shell is used. `{origin}`, `{host}`, `{username}` and `{realm}` inside an argument are replaced by the values of
 * the request, and the environment has `AXIOS_CHALLENGE_ORIGIN`, `_REALM`, `_SCHEME` and `_USERNAME`. Be careful with
 * `{realm}`: the server writes it, so the server chooses which of your secrets it is sent. The program is found on
 * `PATH`, unless it is a path itself; it has no terminal, and its stderr is discarded.
 *
 * Without `origin` the credential is for the origin of the client's `baseURL`. Without a `baseURL` it is for the origin
 * that the caller addressed. It is never for a proxy.
 *
 * @param argv - the program and its arguments
 * @param options - how it is asked, what it prints, and for which origin
 * @returns a provider; its `get` throws `ERR_AUTH_PROVIDER` for a program that is missing, fails, takes too long or
 *   answers for another origin, and `ERR_AUTH_OPTION` for a bare password without a known user name
 * @throws AuthError `ERR_AUTH_OPTION` for an argv or an option that cannot be used
 * @example
 * installAuth(client, {
 *   providers: [command(['op', 'read', 'op://Private/files/password'], { username: 'alice' })],
 * });
 * command(['docker-credential-osxkeychain', 'get'], { input: 'docker' });
 */
export function command(argv: readonly string[], options: CommandOptions = {}): Provider {
  const settings = settingsOf(argv, options);
  const absences = new WeakMap<CredentialRequest, string>();
  return {
    name: 'command',
    timeout: settings.timeout + GRACE_MS,
    get: async (request) => {
      if (mismatch(settings, request) !== undefined) return undefined;
      const { answerOf } = await import('./answer.js'); // Most processes run no program.
      const answer = await answerOf(settings, request);
      if (typeof answer !== 'string') return answer;
      absences.set(request, answer);
      return undefined;
    },
    absence: (request) => mismatch(settings, request) ?? absences.get(request),
  };
}

/** Why the program is not run for this request. */
function mismatch({ origin, username }: CommandSettings, request: CredentialRequest): string | undefined {
  if (origin !== undefined && origin !== request.origin) return `is for ${origin}, not this origin`;
  const another = request.username && username !== undefined && username !== request.username;
  return (
    (origin === undefined ? unboundFrom(request) : undefined) ?? (another ? 'is for another user name' : undefined)
  );
}
