/** SEC-66 Not to a nearer network: what a resource says leads nowhere that is more private than the resource is. */

import { plainServer } from '../support/stage.js';
import { discoverAt, failureOf, json, plainClient, resolver, resourceServer } from '../support/web.js';

const PUBLIC = '203.0.113.7';
const NOT_ASKED = 'is in a private network or on this machine, where the resource is not, so it is not asked';

/** A resource of the internet, played here, which names an issuer at another name; and a server that must not be asked. */
async function stage(named: (port: string) => string) {
  const inner = await resourceServer();
  const issuer = named(inner.port);
  const outer = await resourceServer((request, response) => {
    if (!request.url?.includes('oauth-protected-resource')) return false;
    return json(response, { resource: `http://${request.headers.host}`, authorization_servers: [issuer] });
  });
  return { inner, url: `http://api.localhost:${outer.port}` };
}

// The resource is reached where it is played, but its network is that of the address that the challenge came from.
const HOSTS = { 'api.localhost': ['127.0.0.1'] };

test('SEC-66 a name that resolves to this machine only when it is connected to is not connected to', async () => {
  const { inner, url } = await stage((port) => `http://id.localhost:${port}`);
  const { port } = new URL(url);
  // Public when it is checked, here when it is connected to: for the resource's own name, too.
  const resolve = resolver({ 'api.localhost': [PUBLIC, '127.0.0.1'], 'id.localhost': [PUBLIC, '127.0.0.1'] });
  expect(await failureOf(discoverAt({ url, address: PUBLIC }, { resolve }))).toContain(
    `http://api.localhost:${port}/.well-known/oauth-protected-resource ${NOT_ASKED}`,
  );
  const challenge = {
    scheme: 'bearer',
    params: { resource_metadata: `http://id.localhost:${inner.port}/.well-known/oauth-protected-resource` },
  };
  const rebinding = resolver({ 'api.localhost': [PUBLIC], 'id.localhost': [PUBLIC, '127.0.0.1'] });
  expect(await failureOf(discoverAt({ url, challenge, address: PUBLIC }, { resolve: rebinding }))).toContain(NOT_ASKED);
  expect(inner.requests).toHaveLength(0);
});

test('SEC-66 an IPv4 address in an IPv6 one is no way around', async () => {
  const { inner, url } = await stage((port) => `http://id.localhost:${port}`);
  const challenge = {
    scheme: 'bearer',
    params: { resource_metadata: `http://id.localhost:${inner.port}/.well-known/oauth-protected-resource` },
  };
  for (const address of ['::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1', '::1', '0.0.0.0']) {
    const resolve = resolver({ 'id.localhost': [PUBLIC, address] });
    expect(await failureOf(discoverAt({ url, challenge, address: PUBLIC }, { resolve }))).toContain(NOT_ASKED);
  }
  expect(inner.requests).toHaveLength(0);
});

test.each(['http://127.0.0.1', 'http://[::1]', 'http://2130706433', 'http://localhost', 'http://id.localhost'])(
  'SEC-66 %s is not asked for a resource of the internet, as a place or as an issuer',
  async (origin) => {
    const { inner, url } = await stage((port) => `${origin}:${port}`);
    const resolve = resolver({ 'id.localhost': ['127.0.0.1'], localhost: ['127.0.0.1'] });
    const challenge = { scheme: 'bearer', params: { resource_metadata: `${origin}:${inner.port}/meta` } };
    expect(await failureOf(discoverAt({ url, challenge, address: PUBLIC }, { resolve }))).toContain(NOT_ASKED);
    expect(inner.requests).toHaveLength(0);
  },
);

test.each(['https://127.0.0.1/token', 'https://169.254.169.254/token', 'https://[::ffff:10.0.0.1]/token'])(
  'SEC-66 the endpoint %s is not that of a resource of the internet',
  async (endpoint) => {
    const pages = await plainServer((request, response) => {
      const origin = `http://${request.headers.host}`;
      const isResource = request.url?.includes('oauth-protected-resource');
      json(
        response,
        isResource
          ? { resource: origin, authorization_servers: [origin] }
          : { issuer: origin, token_endpoint: endpoint },
      );
    });
    const { port } = new URL(pages.url);
    const proxy = { protocol: 'http', host: '127.0.0.1', port: Number(port) };
    const discovery = discoverAt(
      { url: 'http://api.localhost', address: PUBLIC },
      { http: plainClient({ proxy }), resolve: resolver({ 'api.localhost': [PUBLIC] }) },
    );
    expect(await failureOf(discovery)).toContain(`failed at issuer metadata: ${new URL(endpoint).href} ${NOT_ASKED}`);
  },
);

test('SEC-66 a proxy is not asked for a name that is known to be in a private network', async () => {
  const proxy = await plainServer((_request, response) => json(response, {}));
  const http = plainClient({ proxy: { protocol: 'http', host: '127.0.0.1', port: Number(new URL(proxy.url).port) } });
  const resolve = resolver({ 'api.localhost': [PUBLIC], 'id.localhost': ['10.0.0.7'] });
  const challenge = { scheme: 'bearer', params: { resource_metadata: 'http://id.localhost/meta' } };
  const discovery = discoverAt({ url: 'http://api.localhost', challenge, address: PUBLIC }, { http, resolve });
  expect(await failureOf(discovery)).toContain(`http://id.localhost/meta ${NOT_ASKED}`);
  expect(proxy.requests).toHaveLength(0);
});

test('SEC-66 a resource is as public as the most public of its addresses, and in doubt public', async () => {
  const challenge = { scheme: 'bearer', params: { resource_metadata: 'https://10.0.0.7/meta' } };
  const both = async () => [
    { address: '10.0.0.1', family: 4 },
    { address: PUBLIC, family: 4 },
  ];
  for (const resolve of [both, resolver({})])
    expect(await failureOf(discoverAt({ url: 'https://api.example', challenge }, { resolve }))).toContain(NOT_ASKED);
});

test('SEC-66 a resource that now has the address of this machine is as public as where its challenge came from', async () => {
  const { inner } = await stage(() => '');
  const challenge = { scheme: 'bearer', params: { resource_metadata: `https://127.0.0.1:${inner.port}/meta` } };
  const resolve = resolver({ 'api.example': ['127.0.0.1'] });
  const discovery = discoverAt({ url: 'https://api.example', challenge, address: PUBLIC }, { resolve });
  expect(await failureOf(discovery)).toContain(NOT_ASKED);
  expect(inner.requests).toHaveLength(0);
});

test('SEC-66 on this machine a resource may lead to an issuer on this machine', async () => {
  const { inner, url } = await stage((port) => `http://id.localhost:${port}/t`);
  const resolve = resolver({ ...HOSTS, 'id.localhost': ['127.0.0.1'] });
  expect(await discoverAt({ url }, { resolve })).toMatchObject({ issuer: `http://id.localhost:${inner.port}/t` });
});

test('SEC-66 http is for this machine, and an address has neither a user nor a fragment', async () => {
  const { inner, url } = await stage(() => '');
  for (const [place, reason] of [
    [`http://api.example:${inner.port}/meta`, 'is not https'],
    [`http://alice:s3cret@127.0.0.1:${inner.port}/meta`, 'has a user name in it'],
    [`http://127.0.0.1:${inner.port}/meta#s3cret`, 'has a fragment'],
  ] as const) {
    const challenge = { scheme: 'bearer', params: { resource_metadata: place } };
    const resolve = resolver({ ...HOSTS, 'api.example': ['127.0.0.1'] });
    const message = await failureOf(discoverAt({ url, challenge }, { resolve }));
    expect(message).toContain(reason);
    expect(message).not.toContain('s3cret');
  }
  expect(inner.requests).toHaveLength(0);
});
