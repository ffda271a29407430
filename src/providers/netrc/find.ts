/** Looks a credential up in the `.netrc` file. */

import type { Credential, CredentialRequest, UsernameHint } from '../../model.js';
import { entriesFor, entryOf } from './entries.js';
import { type NetrcEntry, parseNetrc } from './file.js';
import { readNetrc } from './source.js';

/** Which entries of which file are read. */
export interface NetrcSettings {
  readonly file: string | undefined;
  readonly useDefault: boolean;
}

/** What the file has for the request, or why it has nothing. */
export async function find(
  { file, useDefault }: NetrcSettings,
  request: CredentialRequest,
): Promise<Credential | UsernameHint | string> {
  const source = await readNetrc(file);
  if (typeof source === 'string') return source;
  const all = parseNetrc(source.text, source.file);
  const entries = entriesFor(all, request, useDefault);
  if (entries.length === 0) return `no machine ${hostOf(request)} in ${source.file}${defaultOff(all, request)}`;
  const entry = entryOf(entries, request.username);
  if (!entry) return `another login for ${hostOf(request)} in ${source.file}`;
  return answerOf(entry, request) ?? `no login in line ${entry.line} of ${source.file}`;
}

function answerOf(
  { login, password }: NetrcEntry,
  { username: asked }: CredentialRequest,
): Credential | UsernameHint | undefined {
  if (password === undefined) return login === undefined ? undefined : { username: login };
  const username = login ?? (asked || undefined);
  return username === undefined ? undefined : { username, password };
}

/** Called only if no entry matches, so a `default` entry in the file is not in use. */
function defaultOff(entries: readonly NetrcEntry[], { proxy }: CredentialRequest): string {
  const unused = !proxy && entries.some(({ machine }) => machine === undefined);
  return unused ? ' (its default entry is off: netrc({ default: true }))' : '';
}

function hostOf({ origin, proxy }: CredentialRequest): string {
  const { protocol, host, hostname, port } = new URL(origin);
  return proxy && port === '' ? `${hostname}:${protocol === 'https:' ? 443 : 80}` : host;
}
