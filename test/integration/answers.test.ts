/** A 401 is answered: every scheme, against the strict server. */

import { createHash } from 'node:crypto';
import { digest, explain, staticCredential, trace } from '../../src/index.js';
import type { DigestProtection, Protection } from '../../src/testing/challenge-server.js';
import { alice, bare, client, plainServer, refused, server, spy, statuses } from '../support/stage.js';

const ALGORITHMS = ['MD5', 'SHA-256', 'SHA-512-256'] as const;

const DIGESTS: ReadonlyArray<readonly [string, Omit<DigestProtection, 'scheme'>]> = [
  ...ALGORITHMS.flatMap((algorithm) => [
    [algorithm, { algorithm }] as const,
    [`${algorithm}-sess`, { algorithm: `${algorithm}-sess` as const }] as const,
    [
      `${algorithm}-sess of each request`,
      { algorithm: `${algorithm}-sess` as const, sessKey: 'each' as const },
    ] as const,
    [`${algorithm} auth-int`, { algorithm, qop: 'auth-int' }] as const,
    [`${algorithm} with userhash`, { algorithm, userhash: true, charset: true }] as const,
  ]),
  ['no algorithm named', { algorithm: undefined }],
  ['RFC 2069, without qop', { algorithm: undefined, qop: null }],
  ['both qops', { algorithm: 'SHA-256', qop: 'auth,auth-int' }],
  ['opaque and domain', { algorithm: 'SHA-256', opaque: 'o"p\\aque', domain: '/' }],
  ['a realm in UTF-8 with quotes', { algorithm: 'SHA-256', realm: 'Grüße "aus" C:\\Köln, 東京' }],
  ['nextnonce each time', { algorithm: 'SHA-256', nextnonce: 'always' }],
  ['nextnonce each time and a session key', { algorithm: 'SHA-256-sess', nextnonce: 'always' }],
  ['no rspauth', { algorithm: 'SHA-256', rspauth: false }],
];

test.each(DIGESTS)('Digest, %s: answered once, then preemptively, GET and POST', async (_, protection) => {
  const guarded = await server({ protect: { scheme: 'digest', ...protection } });
  const instance = client(guarded.url);
  await instance.get('/a?x=1&y=%C3%A4');
  await instance.post('/b', { to: 'b' });
  const { data } = await instance.put('/c d/é', 'text');
  expect(data).toMatchObject({ user: 'alice', bytes: 4 });
  expect(guarded.requests.map(({ violation }) => violation)).toEqual([undefined, undefined, undefined, undefined]);
  expect(statuses(guarded)).toEqual([401, 200, 200, 200]);
});

test.each([
  ['a non-ASCII name', 'Jäsøn Doe', { algorithm: 'SHA-256' }],
  ['a non-ASCII name, userhash', 'Jäsøn Doe', { algorithm: 'SHA-512-256', userhash: true }],
  ['a name in decomposed form', 'Jä', { algorithm: 'MD5' }],
  ['a name with quotes', 'al"i\\ce', { algorithm: 'SHA-256' }],
] as const)('Digest with %s', async (_, username, protection) => {
  const password = 'Secret, or not? ☃';
  const users = { [username.normalize('NFC')]: password };
  const guarded = await server({ users, protect: { scheme: 'digest', ...protection } });
  await client(guarded.url, { providers: [staticCredential({ username, password })] }).get('/');
  expect(statuses(guarded)).toEqual([401, 200]);
});

test.each([
  ['plain', 'alice', 'wonderland'],
  ['UTF-8', 'Jäsøn', 'päss☃wörd'],
  ['an empty password', 'alice', ''],
  ['a colon in the password', 'alice', 'a:b:c'],
])('Basic, %s', async (_, username, password) => {
  const guarded = await server({ users: { [username]: password }, protect: { scheme: 'basic', realm: 'Files' } });
  const instance = client(guarded.url, { providers: [staticCredential({ username, password })] });
  await instance.get('/docs/a');
  await instance.get('/docs/deeper/b');
  expect(statuses(guarded)).toEqual([401, 200, 200]);
});

test('Bearer takes a token, and is not given a password', async () => {
  const guarded = await server({ tokens: ['t0k3n='], protect: { scheme: 'bearer' } });
  const providers = [staticCredential(alice), staticCredential({ token: 't0k3n=' })];
  await client(guarded.url, { providers }).get('/');
  expect(statuses(guarded)).toEqual([401, 200]);
});

const everything: Protection[] = [
  { scheme: 'basic' },
  { scheme: 'digest', algorithm: 'MD5' },
  { scheme: 'bearer' },
  { scheme: 'digest', algorithm: 'SHA-256' },
  { scheme: 'digest', algorithm: 'SHA-512-256' },
];

test('the strongest challenge is answered, whatever the order', async () => {
  const guarded = await server({ protect: everything });
  await client(guarded.url).get('/');
  expect(guarded.requests[1]?.authorization).toContain('algorithm=SHA-512-256');
});

test('a token answers Bearer if there is no password, although Digest is stronger', async () => {
  const guarded = await server({ tokens: ['abc'], protect: everything });
  await client(guarded.url, { providers: [staticCredential({ token: 'abc' })] }).get('/');
  expect(guarded.requests[1]?.authorization).toBe('Bearer abc');
});

test('digest({ algorithms }) leaves the other algorithms alone', async () => {
  const guarded = await server({ protect: { scheme: 'digest', algorithm: 'MD5' } });
  const response = await refused(client(guarded.url, { schemes: [digest({ algorithms: ['SHA-256'] })] }).get('/'));
  expect(explain(response)).toContain('MD5 is not allowed');
});

test('a 401 that validateStatus calls a success is answered too', async () => {
  const guarded = await server();
  const { status } = await client(guarded.url).get('/', { validateStatus: () => true });
  expect(status).toBe(200);
});

test('preemptive: false waits for every challenge', async () => {
  const guarded = await server();
  const instance = client(guarded.url, { preemptive: false });
  await instance.get('/');
  await instance.get('/');
  expect(statuses(guarded)).toEqual([401, 200, 401, 200]);
});

test('Basic is preemptive in its directory and not beside it', async () => {
  const guarded = await server({ protect: { '/docs': { scheme: 'basic' }, '/other': { scheme: 'basic' } } });
  const instance = client(guarded.url);
  await instance.get('/docs/index.html');
  await instance.get('/docs/?page=1');
  await instance.get('/docs2/');
  await instance.get('/other/');
  expect(guarded.requests.map(({ url, authorization }) => [url, authorization !== undefined])).toEqual([
    ['/docs/index.html', false],
    ['/docs/index.html', true],
    ['/docs/?page=1', true],
    ['/docs2/', false],
    ['/other/', false],
    ['/other/', true],
  ]);
});

test('two realms of one origin are kept side by side', async () => {
  const guarded = await server({
    protect: { '/a': { scheme: 'digest', realm: 'A' }, '/b': { scheme: 'digest', realm: 'B' } },
  });
  const instance = client(guarded.url);
  for (const path of ['/a/1', '/b/1', '/a/2', '/b/2', '/a/3', '/b/3']) await instance.get(path);
  expect(statuses(guarded).filter((status) => status === 401)).toHaveLength(2);
});

test('a stale nonce is answered again without asking for a credential', async () => {
  const guarded = await server({ protect: { scheme: 'digest', algorithm: 'SHA-256', nonceUses: 2 } });
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] });
  for (let i = 0; i < 5; i += 1) await instance.get('/');
  expect(statuses(guarded)).toEqual([401, 200, 200, 401, 200, 200, 401, 200]);
  expect(provider.asked).toHaveLength(1);
});

test('a nonce that runs out without a stale flag is answered again', async () => {
  const guarded = await server({ protect: { scheme: 'digest', nonceUses: 1, staleFlag: false } });
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] });
  for (let i = 0; i < 3; i += 1) await instance.get('/');
  expect(statuses(guarded)).toEqual([401, 200, 401, 200, 401, 200]);
  expect(provider.asked).toHaveLength(1);
});

test('a server that fails to prove itself fails the request', async () => {
  const guarded = await server({ protect: { scheme: 'digest', rspauth: 'wrong' } });
  const provider = spy(alice);
  await expect(client(guarded.url, { providers: [provider] }).get('/')).rejects.toMatchObject({
    name: 'AuthError',
    code: 'ERR_AUTH_MUTUAL',
  });
  expect(provider.told).toEqual([]);
  await expect(client(guarded.url, { mutual: 'off' }).get('/')).resolves.toMatchObject({ status: 200 });
});

test.each([
  ['Digest without rspauth', { scheme: 'digest', rspauth: false }],
  ['Basic', { scheme: 'basic' }],
] as const)("mutual: 'require' refuses %s", async (_, protect) => {
  const guarded = await server({ protect });
  const error = await client(guarded.url, { mutual: 'require' })
    .get('/')
    .catch((reason: unknown) => reason);
  expect(explain(error)).toContain('ERR_AUTH_MUTUAL');
});

test('the body hash of auth-int covers the bytes that are sent', async () => {
  const guarded = await server({ protect: { scheme: 'digest', qop: 'auth-int' } });
  const { data } = await client(guarded.url).post('/', new URLSearchParams({ a: 'ä b' }));
  expect(data.sha256).toBe(createHash('sha256').update('a=%C3%A4+b').digest('hex'));
});

test('eject removes the plugin; installing twice is an error', async () => {
  const { installAuth } = await import('../../src/index.js');
  const guarded = await server();
  const instance = bare(guarded.url);
  const handle = installAuth(instance, { providers: [staticCredential(alice)] });
  expect(() => installAuth(instance)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_INSTALLED' }));
  await instance.get('/');
  handle.eject();
  await refused(instance.get('/'));
  installAuth(instance, { providers: [staticCredential(alice)] });
  await instance.get('/');
});

test('forget makes the next request ask again', async () => {
  const { installAuth } = await import('../../src/index.js');
  const guarded = await server();
  const instance = bare(guarded.url);
  const provider = spy(alice);
  const handle = installAuth(instance, { providers: [provider] });
  await instance.get('/');
  handle.forget('http://other.example/');
  await instance.get('/');
  expect(provider.asked).toHaveLength(1);
  handle.forget(`${guarded.url}/any`);
  await instance.get('/');
  expect(provider.asked).toHaveLength(2);
});

test('onEvent gets what the trace holds, and an error of the listener fails no request', async () => {
  const guarded = await server();
  const heard: string[] = [];
  const instance = client(guarded.url, {
    onEvent: (event) => {
      heard.push(event.type);
      throw new Error('a faulty listener');
    },
  });
  const response = await instance.get('/');
  expect(heard).toEqual(trace(response)?.events.map(({ type }) => type));
  expect(heard).toEqual(['send', 'reply', 'challenged', 'provider', 'chosen', 'send', 'reply', 'verdict', 'end']);
});

test('the caller sees one request: interceptors and transforms run once', async () => {
  const guarded = await server();
  const instance = client(guarded.url);
  const seen: string[] = [];
  const note = <T>(what: string, value: T): T => {
    seen.push(what);
    return value;
  };
  instance.interceptors.request.use((config) => note('request', config));
  instance.interceptors.response.use((response) => note(`response ${response.status}`, response));
  const transformRequest = [(data: unknown) => note('transform', JSON.stringify(data))];
  const { config } = await instance.post('/', { a: 1 }, { transformRequest });
  expect(seen).toEqual(['request', 'transform', 'response 200']);
  expect(JSON.stringify(config)).not.toContain('Digest');
});

/** A server that answers a request with a 401: `first` to one without authorization, `then` to any other. */
function challenging(first: string | readonly string[], then: string | readonly string[]) {
  return plainServer(({ headers }, response) => {
    response.writeHead(401, { 'WWW-Authenticate': [...(headers.authorization ? [then] : [first])].flat() }).end();
  });
}

test('a token that lacks a scope is not refused: no other token is tried, and no provider is told', async () => {
  const lacking = 'Bearer realm="api", error="insufficient_scope", scope="admin"';
  const { url, requests } = await challenging('Bearer realm="api"', lacking);
  const provider = spy({ token: 'abc' }, { token: 'def' });
  const response = await refused(client(url, { providers: [provider] }).get('/'));
  expect(requests).toHaveLength(2);
  expect(provider.told).toEqual([]);
  expect(explain(response)).toContain('the token lacks the scope "admin"');
});

test('a user name beyond ASCII is sent in the form of RFC 2617 first, and then in the form of RFC 7616', async () => {
  const challenge = 'Digest realm="files", nonce="n1", qop="auth"';
  const { url, requests } = await challenging(challenge, challenge.replace('n1', 'n2'));
  const provider = spy({ username: 'Jäsøn', password: 'wonderland' });
  await refused(client(url, { providers: [provider] }).get('/'));
  const names = requests.map(({ headers }) => /username\*?=/.exec(headers.authorization ?? '')?.[0]);
  expect(names).toEqual([undefined, 'username=', 'username*=']);
  expect(provider.told.map(([verdict]) => verdict)).toEqual(['reject']);
});

test('a stale nonce without a challenge that can be answered gives back the 401', async () => {
  const stale = ['Digest realm="files", nonce="n2", qop="other", stale=true', 'Basic realm="files"'];
  const { url, requests } = await challenging('Digest realm="files", nonce="n1", qop="auth"', stale);
  const response = await refused(client(url, { allowInsecure: true }).get('/'));
  expect(requests).toHaveLength(2);
  expect(explain(response)).toContain('the server asks for another scheme');
});

test('a scheme that expects no Authentication-Info ignores the field', async () => {
  const { url } = await plainServer(({ headers }, response) => {
    if (headers.authorization) response.writeHead(200, { 'Authentication-Info': 'rspauth="x"' }).end('in');
    else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="files"' }).end();
  });
  expect((await client(url).get('/')).data).toBe('in');
});
