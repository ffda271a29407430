/** Keeps requests away from networks that are more private than that of the resource (SEC-66; RFC 9728 §7.7). */

import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { isLoopback } from '../../syntax/loopback.js';
import { parseUrl } from '../../syntax/url.js';
import { mostPublic, type Network, networkOf, reaches } from './network.js';
import { type DiscoveryStep, failed, shownUrl } from './trouble.js';

/** An address of a host, as `dns.lookup` gives it. */
export interface HostAddress {
  readonly address: string;
  readonly family: number;
}

/** Finds all addresses of a host: `dns.lookup`, or what a test plays. `options` are those of `dns.lookup`. */
export type Resolve = (hostname: string, options?: object) => Promise<readonly HostAddress[]>;

/** Which URLs may be fetched on behalf of a resource. */
export interface Guard {
  /** The network of the resource: nothing more private is connected to. */
  readonly network: Network;
  /**
   * Reads a URL that somebody else wrote: https, or http on this machine if the resource is there; without userinfo
   * and fragment; no literal address in a more private network. Throws ERR_AUTH_PROVIDER.
   */
  read(text: unknown, step: DiscoveryStep): URL;
  /**
   * Refuses a host that has addresses in more private networks only. A name that cannot be resolved here passes, since
   * a proxy may know it; without a proxy the request fails. Throws ERR_AUTH_PROVIDER.
   */
  check(url: URL, step: DiscoveryStep): Promise<void>;
  /**
   * A `lookup` for the request: it gives only the addresses that may be connected to, so that a name which resolves
   * otherwise now than before gains nothing. Any other name is that of a proxy, which the caller has chosen.
   */
  lookupFor(url: URL, step: DiscoveryStep): LookupFunction;
}

/** All addresses, in the order of the system. */
export const resolveHost: Resolve = (hostname, options) => lookup(hostname, { ...options, all: true });

/**
 * The guard of a resource. Its network is that of `address`, the other end of the connection that the challenge came
 * on, where that is known; else the most public of all addresses of its host.
 */
export async function guardOf(resource: URL, resolve: Resolve, address?: string): Promise<Guard> {
  const network = address === undefined ? await networkOfHost(resource.hostname, resolve) : mostPublic([address]);
  const isAllowed = (one: HostAddress) => reaches(networkOf(one.address), network);
  const check = async (url: URL, step: DiscoveryStep) => {
    const addresses = await addressesOf(url.hostname, resolve);
    if (addresses.length > 0 && !addresses.some(isAllowed)) throw tooPrivate(url, network, step);
  };
  const lookupFor = (url: URL, step: DiscoveryStep): LookupFunction => {
    return (hostname, options, callback) => {
      const isOther = hostname !== url.hostname;
      const found = resolve(hostname, options).then((addresses) => {
        const allowed = addresses.filter((one) => isOther || isAllowed(one));
        if (allowed.length === 0) throw tooPrivate(url, network, step);
        return allowed;
      });
      found.then(
        (allowed) => answer(allowed, options, callback),
        (error) => callback(error, ''),
      );
    };
  };
  return { network, read: (text, step) => read(text, step, resource, network), check, lookupFor };
}

/** `dns.lookup` gives all addresses or the first, as it was asked. */
function answer(
  addresses: readonly HostAddress[],
  { all }: { readonly all?: boolean | undefined },
  callback: Parameters<LookupFunction>[2],
): void {
  const [first] = addresses as [HostAddress];
  if (all) callback(null, [...addresses]);
  else callback(null, first.address, first.family);
}

function read(text: unknown, step: DiscoveryStep, resource: URL, network: Network): URL {
  const url = typeof text === 'string' ? parseUrl(text) : undefined;
  if (!url) throw failed(step, 'an address there is not a URL');
  const isLocal = isLoopback(url.hostname) && isLoopback(resource.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal))
    throw failed(step, `${shownUrl(url)} is not https (http is for a resource and an address on this machine)`);
  if (url.username !== '' || url.password !== '') throw failed(step, `${shownUrl(url)} has a user name in it`);
  // `hash` is empty for an empty fragment.
  if (url.href.includes('#')) throw failed(step, `${shownUrl(url)} has a fragment`);
  const literal = literalOf(url.hostname);
  if (literal !== undefined && !reaches(networkOf(literal), network)) throw tooPrivate(url, network, step);
  return url;
}

/** Node asks no `lookup` about an address, so addresses are recognized before. */
function literalOf(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? undefined : bare;
}

async function networkOfHost(hostname: string, resolve: Resolve): Promise<Network> {
  if (isLoopback(hostname)) return 'loopback';
  return mostPublic((await addressesOf(hostname, resolve)).map(({ address }) => address));
}

async function addressesOf(hostname: string, resolve: Resolve): Promise<readonly HostAddress[]> {
  const literal = literalOf(hostname);
  if (literal !== undefined) return [{ address: literal, family: isIP(literal) }];
  return resolve(hostname).catch(() => []);
}

function tooPrivate(url: URL, network: Network, step: DiscoveryStep) {
  const where = network === 'public' ? 'in a private network or on this machine' : `nearer than the ${network} network`;
  return failed(step, `${shownUrl(url)} is ${where}, where the resource is not, so it is not asked`);
}
