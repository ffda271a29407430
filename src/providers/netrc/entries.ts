/** Chooses the entry of a `.netrc` file that is for a request. */

import { isIPv6 } from 'node:net';
import type { CredentialRequest } from '../../model.js';
import { parseUrl } from '../../syntax/url.js';
import type { NetrcEntry } from './file.js';

/** The entries for the origin, in the order of the file; `default` entries only if no machine matches. */
export function entriesFor(
  entries: readonly NetrcEntry[],
  { origin, proxy }: Pick<CredentialRequest, 'origin' | 'proxy'>,
  useDefault: boolean,
): readonly NetrcEntry[] {
  const named = entries.filter(({ machine }) => machine !== undefined && names(machine, origin, proxy));
  if (named.length > 0 || proxy || !useDefault) return named;
  return entries.filter(({ machine }) => machine === undefined);
}

/**
 * The first entry. If a user name is given: the first entry with that login (SEC-09), or else a password without a
 * login, which fits any user name.
 */
export function entryOf(entries: readonly NetrcEntry[], username: string | undefined): NetrcEntry | undefined {
  if (!username) return entries[0];
  const own = entries.find(({ login }) => login === username);
  return own ?? entries.find(({ login, password }) => login === undefined && password !== undefined);
}

/** A proxy and an origin on the same host are different (SEC-06), so a proxy has to be named with its port. */
function names(machine: string, origin: string, proxy: boolean): boolean {
  const named = placeOf(machine);
  const { protocol, hostname, port } = new URL(origin);
  if (named?.hostname !== hostname) return false;
  if (named.port === '') return !proxy;
  return named.port === (port || (protocol === 'https:' ? '443' : '80'));
}

// Characters that a URL may hold outside host and port, or that the URL parser drops silently.
const foreign = /[\s/\\?#@]/;

/** Reads `host`, `host:port`, or an IPv6 address with or without brackets, in any spelling that URLs allow (SEC-08). */
function placeOf(machine: string): { readonly hostname: string; readonly port: string } | undefined {
  const authority = isIPv6(machine) ? `[${machine}]` : machine;
  const url = foreign.test(authority) ? undefined : parseUrl(`https://${authority}`);
  if (!url) return undefined;
  const { hostname, port } = url;
  // A URL drops only the default port of its own protocol, so an http URL still has the port 443.
  return { hostname, port: port || new URL(`http://${authority}`).port };
}
