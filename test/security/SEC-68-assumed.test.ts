/** SEC-68: what the caller assumes of one origin reaches no other, and is never more than the caller said. */

import { type AuthOptions, explain, installAuth } from '../../src/index.js';
import { bare, client, plainServer, spy } from '../support/stage.js';

/** A server that says 401 and no more, or leads elsewhere. */
async function mute(location?: () => string) {
  const api = await plainServer((_, response) => {
    if (location) response.writeHead(302, { Location: location() }).end();
    else response.writeHead(401).end();
  });
  return { ...api, sent: () => api.requests.map(({ headers }) => headers.authorization) };
}

const quiet = { validateStatus: null };
const always = () => 'Bearer';

test('SEC-68 another origin than the one that is named is sent nothing', async () => {
  const [named, other] = [await mute(), await mute()];
  const provider = spy({ token: 't0k3n' });
  const http = client(other.url, { assume: { [named.url]: 'Bearer' }, providers: [provider] }, quiet);
  expect((await http.get('/')).status).toBe(401);
  expect(other.sent()).toEqual([undefined]);
  expect(provider.asked).toEqual([]);
});

test.each<[string, (to: string) => AuthOptions['assume']]>([
  ['named in the record', (to) => ({ [to]: 'Bearer' })],
  ['that the function would speak of', () => always],
])('SEC-68 a redirect to an origin %s is not assumed anything of, even if it is trusted', async (_, assumed) => {
  const to = await mute();
  const from = await mute(() => `${to.url}/`);
  const provider = spy({ token: 't0k3n' });
  const assume = assumed(to.url);
  const options = { assume, providers: [provider], trustOrigins: [to.url] } as AuthOptions;
  const response = await client(from.url, options, quiet).get('/');
  expect(response.status).toBe(401);
  expect(to.sent()).toEqual([undefined]);
  expect(provider.asked).toEqual([]);
});

test('SEC-68 the addressed origin is not believed where a redirect through another one led back to it', async () => {
  let home = '';
  const away = await mute(() => `${home}/back`);
  const api = await plainServer(({ url }, response) => {
    if (url === '/') response.writeHead(302, { Location: `${away.url}/` }).end();
    else response.writeHead(401).end();
  });
  home = api.url;
  const provider = spy({ token: 't0k3n' });
  const options = { assume: always, providers: [provider], trustOrigins: [away.url] };
  await client(api.url, options, quiet).get('/');
  expect(provider.asked).toEqual([]);
});

test('SEC-68 a server beyond this machine is assumed nothing of without TLS', async () => {
  const provider = spy({ token: 't0k3n' });
  const asked: string[] = [];
  const assume = ({ origin }: { origin: string }) => {
    asked.push(origin);
    return 'Bearer';
  };
  const http = bare('http://api.example', {
    ...quiet,
    adapter: async (config) => {
      const request = { responseURL: 'http://api.example/' };
      return { status: 401, statusText: '', headers: {}, config, request, data: '' };
    },
  });
  installAuth(http, { assume, providers: [provider], allowInsecure: true });
  expect((await http.get('/')).status).toBe(401);
  expect([...asked, ...provider.asked]).toEqual([]);
  expect(() => installAuth(bare('http://api.example'), { assume: { 'http://api.example': 'Bearer' } })).toThrow(
    /did you mean https/,
  );
});

test('SEC-68 a Digest is not assumed: whoever named its nonce could have its answers computed in advance', async () => {
  const api = await mute();
  const provider = spy({ username: 'alice', password: 'wonderland' });
  const digest = 'Digest realm="a", nonce="b", qop="auth"';
  const response = await client(api.url, { assume: () => digest, providers: [provider] }, quiet).get('/');
  expect(explain(response)).toContain('only the server can begin a Digest');
  expect(provider.asked).toEqual([]);
  expect(() => installAuth(bare(api.url), { assume: { [api.url]: digest } })).toThrow(/only the server/);
});

test('SEC-68 a success is what it says', async () => {
  const api = await plainServer((_, response) => response.end('"a page"'));
  const provider = spy({ token: 't0k3n' });
  const asked: number[] = [];
  const assume = ({ status }: { status: number }) => {
    asked.push(status);
    return 'Bearer';
  };
  const http = client(api.url, { assume, providers: [provider] });
  // With options of its own, a request is an exchange from its beginning.
  for (const config of [{}, { challenge: {} }]) expect((await http.get('/', config)).data).toBe('a page');
  expect([...asked, ...provider.asked]).toEqual([]);
});

test("SEC-68 a proxy's 407 without a challenge stands for none", async () => {
  const asked: number[] = [];
  const assume = ({ status }: { status: number }) => {
    asked.push(status);
    return 'Bearer';
  };
  const api = await mute();
  const proxy = await plainServer((_, response) => response.writeHead(407).end());
  const { hostname, port } = new URL(proxy.url);
  const provider = spy({ token: 't0k3n' });
  const config = { ...quiet, proxy: { host: hostname, port: Number(port) } };
  const response = await client(api.url, { assume, providers: [provider] }, config).get('/');
  expect(response.status).toBe(407);
  expect([...asked, ...provider.asked]).toEqual([]);
});

test("SEC-68 a Host field of the caller's own is another server, of which nothing is assumed", async () => {
  const api = await mute();
  const provider = spy({ token: 't0k3n' });
  const http = client(api.url, { assume: { [api.url]: 'Bearer' }, providers: [provider] }, quiet);
  await http.get('/', { headers: { Host: 'other.example' } });
  expect(api.sent()).toEqual([undefined]);
  expect(provider.asked).toEqual([]);
});

test('SEC-68 a credential bound elsewhere is not given to an origin for being assumed', async () => {
  const api = await mute();
  const { staticCredential } = await import('../../src/index.js');
  const elsewhere = staticCredential({ token: 't0k3n' }, { origin: 'https://other.example' });
  await client(api.url, { assume: { [api.url]: 'Bearer' }, providers: [elsewhere] }, quiet).get('/');
  expect(api.sent()).toEqual([undefined]);
});
