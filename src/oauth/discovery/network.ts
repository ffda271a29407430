/** How private the network of an address is, in four steps. */

import { BlockList, isIP } from 'node:net';

/** The networks from this machine outwards. A local link is nearer than a private network: metadata of clouds is there. */
const NETWORKS = ['loopback', 'link-local', 'private', 'public'] as const;

/** How far an address is away: on this machine, on its link, in a private network, or anywhere. */
export type Network = (typeof NETWORKS)[number];

type Subnet = readonly [net: string, prefix: number];

// Multicast and reserved addresses reach no server, and so are as near as a list must have them to be refused.
const IPV4: Readonly<Record<Exclude<Network, 'public'>, readonly Subnet[]>> = {
  // RFC 1122 §3.2.1.3: 0.0.0.0 is this host, and most systems connect to themselves.
  loopback: subnets('127.0.0.0/8 0.0.0.0/8'),
  'link-local': subnets('169.254.0.0/16 224.0.0.0/4 240.0.0.0/4'),
  // RFC 1918, RFC 6598 (carrier-grade NAT), RFC 2544 (benchmarks), RFC 6890 (assignments of protocols), RFC 7526 (relays of
  // 6to4, given up).
  private: subnets('10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 198.18.0.0/15 192.0.0.0/24 192.88.99.0/24'),
};

const IPV6: typeof IPV4 = {
  loopback: subnets('::1/128 ::/128'),
  'link-local': subnets('fe80::/10 ff00::/8'),
  // RFC 4193, RFC 3879, RFC 8215 (NAT64 of a network's own), RFC 4380 (Teredo, whose IPv4 address is masked), RFC 6666
  // (discarded), RFC 3849 and RFC 9637 (documentation), RFC 9602 (segments of a network's own).
  private: subnets('fc00::/7 fec0::/10 64:ff9b:1::/48 2001::/32 100::/64 2001:db8::/32 3fff::/20 5f00::/16'),
};

const LISTS = NETWORKS.slice(0, -1).map((network) => [network, listOf(network as keyof typeof IPV4)] as const);

/** The network of an address as Node or a URL without brackets writes it; `undefined` for what is no address. */
export function networkOf(address: string): Network | undefined {
  const bare = address.replace(/%.*/s, ''); // fe80::1%eth0 (RFC 4007 §11)
  const family = isIP(bare);
  if (family === 0) return undefined;
  const found = LISTS.find(([, list]) => list.check(bare, family === 4 ? 'ipv4' : 'ipv6'));
  return found?.[0] ?? 'public';
}

/** Whether `network` is as public as `limit`, or more. */
export function reaches(network: Network | undefined, limit: Network): boolean {
  return network !== undefined && NETWORKS.indexOf(network) >= NETWORKS.indexOf(limit);
}

/** The most public network of some addresses; `public` where there are none, which allows least. */
export function mostPublic(addresses: readonly string[]): Network {
  const networks = addresses.map((address) => NETWORKS.indexOf(networkOf(address) ?? 'public'));
  return networks.length === 0 ? 'public' : (NETWORKS[Math.max(...networks)] as Network);
}

function subnets(text: string): readonly Subnet[] {
  return text.split(' ').map((subnet) => {
    const [net, prefix] = subnet.split('/') as [string, string];
    return [net, Number(prefix)];
  });
}

function listOf(network: keyof typeof IPV4): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of IPV4[network]) list.addSubnet(net, prefix, 'ipv4');
  for (const [net, prefix] of [...IPV6[network], ...IPV4[network].flatMap(embedded)])
    list.addSubnet(net, prefix, 'ipv6');
  return list;
}

/** The IPv6 addresses in which an IPv4 address travels; mapped addresses (`::ffff:`) a BlockList reads itself. */
function embedded([net, prefix]: Subnet): Subnet[] {
  const [a, b, c, d] = net.split('.').map(Number) as [number, number, number, number];
  const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  return [
    [`::${hex}`, 96 + prefix], // RFC 4291 §2.5.5.1
    [`::ffff:0:${hex}`, 96 + prefix], // RFC 2765 §2.1
    [`64:ff9b::${hex}`, 96 + prefix], // RFC 6052 §2.1
    [`2002:${hex}::`, 16 + prefix], // RFC 3056 §2
  ];
}
