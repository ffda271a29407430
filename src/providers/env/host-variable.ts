/** How the host of an origin is spelled inside the name of an environment variable. */

import { parseUrl } from '../../syntax/url.js';

/**
 * `https://files.example:8443` is `files_example___8443` and `FILES_EXAMPLE___8443`: `.` and `:` become `_`, `-`
 * becomes `__`, and a port that is not the default follows `___`. A host that cannot be read back from its spelling has
 * no spelling: the spelling would mean another host, whose password would be sent.
 */
export function hostSpellings(origin: string): readonly string[] {
  const { hostname, port } = new URL(origin);
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/-/g, '__')
    .replace(/[.:]/g, '_');
  if (host === '' || ownerOf(host) !== hostname) return [];
  const spelled = port === '' ? host : `${host}___${port}`;
  return [spelled, spelled.toUpperCase()];
}

/** The only host that a spelling stands for. */
function ownerOf(spelled: string): string | undefined {
  const [name, address] = [nameOf(spelled), addressOf(spelled)];
  return name !== undefined && (address === undefined || isCommon(name)) ? name : address;
}

/** The spelling read as a host name; an IPv4 address counts as a name. */
function nameOf(spelled: string): string | undefined {
  // Three underscores begin a port, and a host name neither begins nor ends with a dot or a hyphen.
  const runs = spelled.match(/_+/g) ?? [];
  if (/^_|_$/.test(spelled) || runs.some(({ length }) => length > 1 && length % 2 === 1)) return undefined;
  const name = spelled.replace(/_+/g, ({ length }) => (length === 1 ? '.' : '-'.repeat(length / 2)));
  return isHost(name) ? name : undefined;
}

/** The spelling read as an IPv6 address. */
function addressOf(spelled: string): string | undefined {
  const address = `[${spelled.replace(/_/g, ':')}]`;
  return isHost(address) ? address : undefined;
}

/** Whether `text` is a host as the URL parser writes it: each host has one form. */
function isHost(text: string): boolean {
  return parseUrl(`https://${text}`)?.hostname === text;
}

/** RFC 1123 §2.1: the last label is alphabetic. A local name has a single label. `db8-1` is not an alphabetic label. */
function isCommon(name: string): boolean {
  return !name.includes('.') || /\.([a-z]+|xn--[^.]+)$/.test(name);
}
