/** Reads the proxy for an origin from the environment, as axios does from 1.7 on; its versions differ in details. */

import { isLoopback } from '../../syntax/loopback.js';
import { parseUrl } from '../../syntax/url.js';

/** Every proxy that any version of axios may use for an origin now: each of them may read the request. */
export function possibleProxies(origin: string): readonly string[] {
  const scheme = schemeOf(origin);
  const named = [...namedFor(scheme), ...namedByNpm(scheme)];
  if (named.length === 0 || noProxy().every((list) => bypass(list, origin) === 'yes')) return [];
  return named.map((proxy) => withScheme(proxy, scheme));
}

/** The proxy that every version of axios uses for an origin now; `undefined` if a version may use another route. */
export function certainProxy(origin: string): string | undefined {
  const scheme = schemeOf(origin);
  const [proxy] = namedFor(scheme);
  if (proxy === undefined || namedByNpm(scheme).some((other) => other !== proxy)) return undefined;
  return noProxy().some((list) => bypass(list, origin) !== 'no') ? undefined : withScheme(proxy, scheme);
}

function schemeOf(origin: string): string {
  return origin.slice(0, origin.indexOf(':'));
}

function namedFor(scheme: string): string[] {
  return set(`${scheme}_proxy`, 'all_proxy');
}

/** Variables that proxy-from-env reads in axios up to 1.15. */
function namedByNpm(scheme: string): string[] {
  return set(`npm_config_${scheme}_proxy`, 'npm_config_proxy');
}

/** The lists of hosts without a proxy. In axios up to 1.15, npm's list replaces the other list. */
function noProxy(): string[] {
  return [variable('no_proxy'), ...set('npm_config_no_proxy')];
}

function set(...names: string[]): string[] {
  return names.map(variable).filter((value) => value !== '');
}

function variable(name: string): string {
  return process.env[name] || process.env[name.toUpperCase()] || '';
}

function withScheme(proxy: string, scheme: string): string {
  return proxy.includes('://') ? proxy : `${scheme}://${proxy}`;
}

/** Whether a list makes an origin bypass the proxy. In newer versions of axios, an entry may match more origins. */
function bypass(list: string, origin: string): 'yes' | 'perhaps' | 'no' {
  const { hostname, port, protocol } = parseUrl(origin) ?? NOWHERE;
  const place = { hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
  const entries = list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  if (entries.some((entry) => names(entry, place))) return 'yes';
  return entries.some((entry) => mayName(entry, place)) ? 'perhaps' : 'no';
}

const NOWHERE = new URL('http://invalid.invalid/');

interface Place {
  readonly hostname: string;
  readonly port: number;
}

/** Whether an entry names a place by the rules of proxy-from-env, which every version of axios supports. */
function names(entry: string, { hostname, port }: Place): boolean {
  const [, host = entry, entryPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
  if (entryPort !== undefined && Number(entryPort) !== port) return false;
  return /^[.*]/.test(host) ? hostname.endsWith(host.replace(/^\*/, '')) : hostname === host;
}

/**
 * Whether an entry may name a place in some versions: as a network, as an address or a host in another spelling, or as
 * another name of this machine.
 */
function mayName(entry: string, { hostname, port }: Place): boolean {
  const [, host = entry, entryPort] = /^([^:]+|\[.+\]):(\d+)$/.exec(entry) ?? [];
  if (entryPort !== undefined && Number(entryPort) !== port) return false;
  const isAddress = isLoopback(hostname) || /^\[|\.\d+$/.test(hostname);
  if (isAddress && (host === 'localhost' || /^[\d[:]|\//.test(host))) return true;
  return /[^ -~]/.test(host) || hostname.replace(/\.+$/, '').endsWith(host.replace(/^[*.]+|\.+$/g, ''));
}
