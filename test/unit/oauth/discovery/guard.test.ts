/** Which URLs may be fetched on behalf of a resource. */

import { guardOf } from '../../../../src/oauth/discovery/guard.js';
import { discoverIn, GOOD, ISSUER, ISSUER_PLACE, RESOURCE, RESOURCE_PLACE, resolve } from './fake-web.js';

const URL_OF = {
  public: 'https://api.example/mcp',
  private: 'https://api.private/mcp',
  loopback: 'http://127.0.0.1:8080/mcp',
} as const;

const REFUSED = 'is in a private network or on this machine, where the resource is not, so it is not asked';
const NEARER = 'is nearer than the private network, where the resource is not, so it is not asked';
const NOT_HTTPS = 'is not https (http is for a resource and an address on this machine)';

/** Asks a resource that names `place` in its challenge. */
async function asked(url: string, place: string, address?: string) {
  const field = `Bearer resource_metadata="${place}"`;
  const result = await discoverIn({}, { url, field, ...(address !== undefined && { address }) });
  return { ...result, isAsked: result.asked.includes(new URL(place).href) };
}

test.each([
  [URL_OF.public, 'https://id.example/x'],
  [URL_OF.public, 'https://8.8.8.8/x'],
  [URL_OF.public, 'https://[2606:4700::1]/x'],
  [URL_OF.public, 'https://id.both/x'],
  [URL_OF.public, 'https://id.nowhere/x'],
  [URL_OF.private, 'https://id.private/x'],
  [URL_OF.private, 'https://192.168.1.1/x'],
  [URL_OF.private, 'https://id.example/x'],
  ['https://10.0.0.1/mcp', 'https://id.private/x'],
  ['http://api.private/mcp', 'https://id.private/x'],
  [URL_OF.loopback, 'http://localhost:8081/x'],
  [URL_OF.loopback, 'http://127.0.0.1:8081/x'],
  [URL_OF.loopback, 'http://[::1]:8081/x'],
  [URL_OF.loopback, 'https://id.private/x'],
  [URL_OF.loopback, 'https://id.example/x'],
  ['https://api.loop/mcp', 'https://id.loop/x'],
])('%s may lead to %s', async (url, place) => {
  expect(await asked(url, place)).toMatchObject({ isAsked: true });
});

test.each([
  [URL_OF.public, 'http://id.example/x', NOT_HTTPS],
  [URL_OF.public, 'http://localhost/x', NOT_HTTPS],
  [URL_OF.public, 'http://127.0.0.1/x', NOT_HTTPS],
  [URL_OF.loopback, 'http://id.example/x', NOT_HTTPS],
  [URL_OF.loopback, 'http://api.loop/x', NOT_HTTPS],
  [URL_OF.private, 'http://api.private/x', NOT_HTTPS],
  [URL_OF.public, 'file:///etc/passwd', NOT_HTTPS],
  [URL_OF.public, 'https://alice:s3cret@id.example/x', 'has a user name in it'],
  [URL_OF.public, 'https://:s3cret@id.example/x', 'has a user name in it'],
  [URL_OF.public, 'https://id.example/x#s3cret', 'has a fragment'],
  [URL_OF.public, 'https://id.example/x#', 'has a fragment'],
  [URL_OF.public, 'https://127.0.0.1/x?s3cret', REFUSED],
  [URL_OF.public, 'https://2130706433/x', REFUSED],
  [URL_OF.public, 'https://0x7f.1/x', REFUSED],
  [URL_OF.public, 'https://0/x', REFUSED],
  [URL_OF.public, 'https://[::1]/x', REFUSED],
  [URL_OF.public, 'https://[::ffff:127.0.0.1]/x', REFUSED],
  [URL_OF.public, 'https://[::ffff:10.0.0.1]/x', REFUSED],
  [URL_OF.public, 'https://10.0.0.1/x', REFUSED],
  [URL_OF.public, 'https://100.64.0.1/x', REFUSED],
  [URL_OF.public, 'https://169.254.169.254/latest/meta-data', REFUSED],
  [URL_OF.public, 'https://[fd00:ec2::254]/x', REFUSED],
  [URL_OF.public, 'https://id.private/x', REFUSED],
  [URL_OF.public, 'https://id.link/x', REFUSED],
  [URL_OF.public, 'https://id.loop/x', REFUSED],
  ['https://api.both/mcp', 'https://id.private/x', REFUSED],
  ['https://api.nowhere/mcp', 'https://id.private/x', REFUSED],
  [URL_OF.private, 'https://127.0.0.1/x', NEARER],
  [URL_OF.private, 'https://id.loop/x', NEARER],
  [URL_OF.private, 'https://169.254.169.254/x', NEARER],
  [URL_OF.private, 'https://id.link/x', NEARER],
])('%s does not lead to %s', async (url, place, reason) => {
  const { message, asked: all } = await asked(url, place);
  const { protocol, host, pathname } = new URL(place);
  expect(message).toBe(`oauth: discovery failed at resource metadata: ${protocol}//${host}${pathname} ${reason}`);
  expect(all).toEqual([]);
  expect(message).not.toContain('s3cret');
});

test.each(['/relative', 'nonsense', 'https://', 'https://a b/'])('%s is not fetched', async (place) => {
  const { message, asked } = await discoverIn(GOOD, { field: `Bearer resource_metadata="${place}"` });
  expect(message).toBe('oauth: discovery failed at resource metadata: an address there is not a URL');
  expect(asked).toEqual([]);
});

test('the address that the challenge came from counts, and not what its name has become', async () => {
  const place = 'https://id.private/x';
  expect(await asked('https://api.private/mcp', place, '203.0.113.7')).toMatchObject({ isAsked: false });
  expect(await asked('https://api.example/mcp', place, '10.0.0.1')).toMatchObject({ isAsked: true });
  expect(await asked('https://api.private/mcp', place)).toMatchObject({ isAsked: true });
});

test.each([
  ['http://id.example', NOT_HTTPS],
  ['https://id.private', REFUSED],
  ['https://127.0.0.1', REFUSED],
  ['https://alice@id.example', 'has a user name in it'],
  ['https://id.example?x=s3cret', 'the issuer has a query'],
])('the issuer %s is not asked', async (issuer, reason) => {
  const about = { resource: RESOURCE, authorization_servers: [issuer] };
  const { message, asked } = await discoverIn({ [RESOURCE_PLACE]: about });
  expect(message).toContain('failed at issuer metadata: ');
  expect(message).toContain(reason);
  expect(message).not.toContain('s3cret');
  expect(asked).toEqual([RESOURCE_PLACE]);
});

test.each([
  ['authorization_endpoint', 'http://id.example/authorize', NOT_HTTPS],
  ['authorization_endpoint', 'javascript:alert(1)', NOT_HTTPS],
  ['token_endpoint', 'https://169.254.169.254/token', REFUSED],
  ['token_endpoint', '/token', 'an address there is not a URL'],
  ['token_endpoint', null, 'an address there is not a URL'],
  ['device_authorization_endpoint', 'https://id.example/device#x', 'has a fragment'],
  ['revocation_endpoint', 'https://x@id.example/revoke', 'has a user name'],
])('an issuer whose %s is %s is not used', async (name, endpoint, reason) => {
  const { message } = await discoverIn({ ...GOOD, [ISSUER_PLACE]: { issuer: ISSUER, [name]: endpoint } });
  expect(message).toContain('failed at issuer metadata: ');
  expect(message).toContain(reason);
});

/** What a `lookup` of the guard of a public resource gives. */
async function lookedUp(hostname: string, options: object, url = `https://${hostname}/`) {
  const { lookupFor } = await guardOf(new URL(RESOURCE), resolve);
  return new Promise((done) => {
    lookupFor(new URL(url), 'issuer metadata')(hostname, options, (error, ...found) => done(error?.message ?? found));
  });
}

test.each([
  ['id.example', { all: true }, [[{ address: '203.0.113.7', family: 4 }]]],
  ['id.example', {}, ['203.0.113.7', 4]],
  ['id.both', { all: true }, [[{ address: '203.0.113.7', family: 4 }]]],
  ['id.both', {}, ['203.0.113.7', 4]],
  ['id.nowhere', {}, 'ENOTFOUND'],
  ['id.loop', {}, `oauth: discovery failed at issuer metadata: https://id.loop/ ${REFUSED}`],
])('a connection to %s, looked up with %j, is for %j', async (hostname, options, found) => {
  expect(await lookedUp(hostname, options)).toEqual(found);
});

test('a proxy, which is looked up by another name, may be anywhere', async () => {
  expect(await lookedUp('proxy.private', {}, 'https://id.example/')).toEqual(['10.0.0.7', 4]);
});
