/** Nothing loops, nothing hangs: broken challenges, and servers that are never content. */

import { AuthError, explain, staticCredential } from '../../src/index.js';
import { alice, client, failure, plainServer, refused, server, spy, statuses } from '../support/stage.js';

const HOSTILE: ReadonlyArray<readonly [string, string | string[]]> = [
  ['an unterminated quote', 'Digest realm="files, nonce="x"'],
  ['64 KiB of commas', ','.repeat(12_000)],
  ['quotes only', '"'.repeat(12_000)],
  ['an unknown scheme', 'Negotiate'],
  ['an unknown algorithm', 'Digest realm="r", nonce="n", algorithm=SHA-1'],
  ['the unregistered SHA-512', 'Digest realm="r", nonce="n", algorithm=SHA-512'],
  ['no nonce', 'Digest realm="r", qop="auth"'],
  ['no realm', 'Digest nonce="n", qop="auth"'],
  ['-sess without qop', 'Digest realm="r", nonce="n", algorithm=MD5-sess'],
  ['an unknown qop', 'Digest realm="r", nonce="n", qop="auth-conf"'],
  ['a duplicate param', 'Digest realm="r", realm="s", nonce="n"'],
  ['__proto__ as a scheme', '__proto__ realm="r"'],
  ['__proto__ as a param', 'Digest __proto__="x", constructor="y"'],
  ['a scheme called constructor', 'constructor realm="r", nonce="n"'],
  ['binary', 'Digest realm="\x80\xff", nonce=\xff'],
  ['an empty value', ''],
  ['equals signs', '='.repeat(500)],
  ['a token68', 'Digest qop='],
];

test.each(HOSTILE)("%s gives the caller the server's own 401", async (_, raw) => {
  const guarded = await server({ protect: { raw } });
  const provider = spy(alice);
  const error = await failure(client(guarded.url, { providers: [provider] }).get('/', { headers: { 'X-Case': '1' } }));
  expect(error.message).toBe('Request failed with status code 401');
  expect(explain(error)).toContain('ERR_AUTH_CHALLENGE');
  expect(provider.asked).toEqual([]);
  expect(statuses(guarded)).toEqual([401]);
});

test('a 401 without WWW-Authenticate is left alone', async () => {
  const plain = await plainServer((_, response) => response.writeHead(401).end('no'));
  expect((await refused(client(plain.url).get('/'))).data).toBe('no');
  expect(plain.requests).toHaveLength(1);
});

test('NUL and control characters in a challenge, as a mock adapter may give them', async () => {
  const adapter = async (config: object) => {
    const headers = { 'www-authenticate': 'Digest realm="a\u0000b", nonce="\r\n", \u0000, Basic\u0000' };
    return { status: 401, statusText: '', headers, data: '', config: config as never, request: undefined };
  };
  const { status } = await client('http://127.0.0.1:1', {}, { adapter }).get('/');
  expect(status).toBe(401);
});

test('a good challenge is answered beside broken challenges', async () => {
  const guarded = await server({
    protect: [{ raw: 'Digest realm="open' }, { scheme: 'basic' }, { raw: 'Digest qop=' }],
  });
  await client(guarded.url).get('/');
  expect(statuses(guarded)).toEqual([401, 200]);
});

test('a server that refuses every credential sees each credential once', async () => {
  const guarded = await server({ users: {} });
  const error = await failure(client(guarded.url).get('/'));
  expect(statuses(guarded)).toEqual([401, 401]);
  expect(explain(error)).toContain('ERR_AUTH_REFUSED');
});

test.each([
  [undefined, 3],
  [1, 1],
  [5, 5],
])('a provider that never runs out is asked maxCredentials (%p) times', async (maxCredentials, times) => {
  const guarded = await server();
  let count = 0;
  const provider = { name: 'endless', get: () => ({ username: 'alice', password: `guess ${count++}` }) };
  const options = maxCredentials === undefined ? {} : { maxCredentials };
  await refused(client(guarded.url, { providers: [provider], ...options }).get('/'));
  expect(guarded.requests).toHaveLength(1 + times);
});

test('a refused credential is never sent to the space again', async () => {
  const guarded = await server();
  const instance = client(guarded.url, { providers: [staticCredential({ username: 'alice', password: 'wrong' })] });
  for (let i = 0; i < 5; i += 1) await refused(instance.get('/'));
  expect(guarded.requests.filter(({ authorization }) => authorization)).toHaveLength(1);
});

test('a wrong credential is rejected, the next credential is approved, and each provider is told of its own', async () => {
  const guarded = await server();
  const [wrong, right] = [spy({ username: 'alice', password: 'no' }), spy(alice)];
  await client(guarded.url, { providers: [wrong, right] }).get('/');
  expect(wrong.told).toEqual([['reject', 'alice']]);
  expect(right.told).toEqual([['approve', 'alice']]);
});

test('an always-stale server sees a small fixed number of requests', async () => {
  const guarded = await server({ protect: { scheme: 'digest', alwaysStale: true } });
  const provider = spy(alice);
  const error = await failure(client(guarded.url, { providers: [provider] }).get('/'));
  expect(guarded.requests).toHaveLength(5);
  expect(provider.told).toEqual([]);
  expect(explain(error)).toContain('ERR_AUTH_STALE');
});

test('one credential is enough for a redirect from one realm to another', async () => {
  const guarded = await server({
    protect: { '/a': { scheme: 'basic', realm: 'A' }, '/b': { scheme: 'digest', realm: 'B' } },
    onAuthenticated: ({ url }, response) => void response.writeHead(url === '/a' ? 302 : 200, { Location: '/b' }).end(),
  });
  expect((await client(guarded.url, { maxCredentials: 1 }).get('/a')).status).toBe(200);
});

test.each([403, 404, 500, 503])('%i says nothing about the credential', async (status) => {
  const guarded = await server({ onAuthenticated: (_, response) => void response.writeHead(status).end() });
  const provider = spy(alice);
  await client(guarded.url, { providers: [provider] }).get('/', { validateStatus: null });
  expect(provider.told).toEqual([]);
});

test('a broken provider is passed over, and the reason kept', async () => {
  const guarded = await server();
  const broken = {
    name: 'broken',
    get: () => {
      throw new AuthError('ERR_AUTH_PROVIDER', 'the vault is sealed');
    },
  };
  const response = await client(guarded.url, { providers: [broken, staticCredential(alice)] }).get('/');
  expect(explain(response)).toContain('the vault is sealed');
});

test.each([
  ['nothing', null],
  ['a number', 7],
  ['a name that is no text', { username: 7, password: 'x' }],
  ['an empty object', {}],
])('a provider that gives %s is passed over', async (_, given) => {
  const guarded = await server();
  await client(guarded.url, { providers: [spy(given as never), staticCredential(alice)] }).get('/');
  expect(statuses(guarded)).toEqual([401, 200]);
});

test('no provider is asked before a 401', async () => {
  const guarded = await server({ protect: {} });
  const provider = spy(alice);
  await client(guarded.url, { providers: [provider] }).get('/');
  expect(provider.asked).toEqual([]);
});

test('a provider is asked with the values of the request', async () => {
  const guarded = await server({ protect: { scheme: 'basic', realm: 'Grüße' } });
  const provider = spy(alice);
  await client(guarded.url, { providers: [provider] }).get('/a?token=x#y');
  expect(provider.asked[0]).toMatchObject({
    origin: guarded.url,
    realm: 'Grüße',
    scheme: 'basic',
    proxy: false,
    url: `${guarded.url}/a`,
    refused: 0,
  });
});

test('a hint names the account for the next provider', async () => {
  const guarded = await server();
  const provider = spy(alice);
  await client(guarded.url, { providers: [spy({ username: 'alice' }), provider] }).get('/');
  expect(provider.asked[0]?.username).toBe('alice');
});

test('a space remembers more than 64 refused credentials, including the first', async () => {
  const guarded = await server();
  let tried = 0;
  const get = () => ({ username: 'alice', password: `no ${tried++}` });
  const instance = client(guarded.url, { providers: [{ name: 'own', get }], maxCredentials: 66 });
  await failure(instance.get('/'));
  const sendsWith = async (index: number) => {
    tried = index;
    guarded.requests.length = 0;
    await refused(instance.get('/', { challenge: { maxCredentials: 1 } }));
    return guarded.requests.length;
  };
  expect(tried).toBe(66);
  expect(await sendsWith(2)).toBe(1);
  expect(await sendsWith(0)).toBe(1);
});
