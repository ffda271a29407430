import { mostPublic, type Network, networkOf, reaches } from '../../../../src/oauth/discovery/network.js';

test.each<[string, Network | undefined]>([
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['0.0.0.0', 'loopback'],
  ['::1', 'loopback'],
  ['::', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['0:0:0:0:0:ffff:7f00:0001', 'loopback'],
  ['::127.0.0.1', 'loopback'],
  ['64:ff9b::7f00:1', 'loopback'],
  ['2002:7f00:1::1', 'loopback'],
  ['169.254.169.254', 'link-local'],
  ['::ffff:169.254.169.254', 'link-local'],
  ['64:ff9b::a9fe:a9fe', 'link-local'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['febf::1', 'link-local'],
  ['224.0.0.1', 'link-local'],
  ['255.255.255.255', 'link-local'],
  ['ff02::1', 'link-local'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['100.127.255.255', 'private'],
  ['198.18.0.1', 'private'],
  ['fc00::1', 'private'],
  ['fd00:ec2::254', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['::ffff:0:10.0.0.1', 'private'],
  ['64:ff9b:1::1', 'private'],
  ['2002:a00:1::', 'private'],
  ['2001::1', 'private'],
  ['192.88.99.1', 'private'],
  ['100::1', 'private'],
  ['2001:db8::1', 'private'],
  ['3fff:fff::1', 'private'],
  ['5f00::1', 'private'],
  ['8.8.8.8', 'public'],
  ['172.32.0.1', 'public'],
  ['172.15.255.255', 'public'],
  ['100.128.0.1', 'public'],
  ['11.0.0.1', 'public'],
  ['2606:4700::1', 'public'],
  ['2001:4860:4860::8888', 'public'],
  ['::ffff:8.8.8.8', 'public'],
  ['64:ff9b::808:808', 'public'],
  ['api.example', undefined],
  ['', undefined],
  ['127.1', undefined],
])('%s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

const ORDER: readonly Network[] = ['loopback', 'link-local', 'private', 'public'];

test.each(ORDER.flatMap((from, i) => ORDER.map((to, j) => [from, to, j >= i] as const)))(
  'from %s to %s: %s',
  (from, to, isAllowed) => {
    expect(reaches(to, from)).toBe(isAllowed);
  },
);

test('what is no address is reached from nowhere', () => {
  expect(ORDER.some((limit) => reaches(undefined, limit))).toBe(false);
});

test.each<[string[], Network]>([
  [['127.0.0.1', '10.0.0.1'], 'private'],
  [['10.0.0.1', '8.8.8.8', '::1'], 'public'],
  [['::1', '127.0.0.1'], 'loopback'],
  [[], 'public'],
  [['nonsense', '127.0.0.1'], 'public'],
])('of %j the most public is %s', (addresses, network) => {
  expect(mostPublic(addresses)).toBe(network);
});
