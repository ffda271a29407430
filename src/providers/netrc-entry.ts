/** Chooses the entry of a `.netrc` file that is for a request. */

import { isIPv6 } from 'node:net';
import type { CredentialRequest } from '../model.js';
import { parseUrl } from '../syntax/url.js';
import type { NetrcEntry } from './netrc-file.js';

/** The entries for the origin that asks, in the order of the file: the `default` ones only where no machine is named. */
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
 * The first entry, or for a user name the first with that login (SEC-09). A password without a login is anybody's, if
 * somebody is asked for.
 */
export function entryOf(entries: readonly NetrcEntry[], username: string | undefined): NetrcEntry | undefined {
  if (!username) return entries[0];
  const own = entries.find(({ login }) => login === username);
  return own ?? entries.find(({ login, password }) => login === undefined && password !== undefined);
}

/** A proxy and an origin on one host are two (SEC-06), so a proxy has to be named with its port. */
function names(machine: string, origin: string, proxy: boolean): boolean {
  const named = placeOf(machine);
  const { protocol, hostname, port } = new URL(origin);
  if (named?.hostname !== hostname) return false;
  if (named.port === '') return !proxy;
  return named.port === (port || (protocol === 'https:' ? '443' : '80'));
}

// What a URL may hold beside a host and a port, or loses without a word.
const foreign = /[\s/\\?#@]/;

/** `host`, `host:port`, an IPv6 address with or without brackets. The URL parser knows every spelling (SEC-08). */
function placeOf(machine: string): { readonly hostname: string; readonly port: string } | undefined {
  const authority = isIPv6(machine) ? `[${machine}]` : machine;
  const url = foreign.test(authority) ? undefined : parseUrl(`https://${authority}`);
  if (!url) return undefined;
  const { hostname, port } = url;
  // A URL drops the default port of its own protocol, but not that of another.
  return { hostname, port: port || new URL(`http://${authority}`).port };
}
