/** What happens seldom, and is decided all the same. */

import type { ServerResponse } from 'node:http';
import { type AuthEvent, explain, installAuth, type Provider, staticCredential } from '../../src/index.js';
import { bob, proxyServer, through } from '../support/proxy.js';
import { alice, bare, client, failure, plainServer, refused, server, spy, statuses } from '../support/stage.js';

/** A server that says `first` to a request without an authorization, and `then` to one with. */
function challenging(first: string | readonly string[], then: string | readonly string[]) {
  return plainServer(({ headers }, response) => {
    response.writeHead(401, { 'WWW-Authenticate': [...(headers.authorization ? [then] : [first])].flat() }).end();
  });
}

test('a token that lacks a scope is not refused: no other is tried, and nobody is told', async () => {
  const lacking = 'Bearer realm="api", error="insufficient_scope", scope="admin"';
  const { url, requests } = await challenging('Bearer realm="api"', lacking);
  const provider = spy({ token: 'abc' }, { token: 'def' });
  const response = await refused(client(url, { providers: [provider] }).get('/'));
  expect(requests).toHaveLength(2);
  expect(provider.told).toEqual([]);
  expect(explain(response)).toContain('the token lacks the scope "admin"');
});

test('a name beyond ASCII is sent a second time as servers of RFC 2617 read it', async () => {
  const challenge = 'Digest realm="files", nonce="n1", qop="auth"';
  const { url, requests } = await challenging(challenge, challenge.replace('n1', 'n2'));
  const provider = spy({ username: 'Jäsøn', password: 'wonderland' });
  await refused(client(url, { providers: [provider] }).get('/'));
  const names = requests.map(({ headers }) => /username\*?=/.exec(headers.authorization ?? '')?.[0]);
  expect(names).toEqual([undefined, 'username*=', 'username=']);
  expect(provider.told.map(([verdict]) => verdict)).toEqual(['reject']);
});

test('a server that calls the nonce stale and then offers nothing for it is left', async () => {
  const stale = ['Digest realm="files", nonce="n2", qop="other", stale=true', 'Basic realm="files"'];
  const { url, requests } = await challenging('Digest realm="files", nonce="n1", qop="auth"', stale);
  const response = await refused(client(url, { allowInsecure: true }).get('/'));
  expect(requests).toHaveLength(2);
  expect(explain(response)).toContain('the server asks for another scheme');
});

test('a scheme that proves nothing does not go ahead where one request asks for proof', async () => {
  const guarded = await server({ protect: { scheme: 'basic' } });
  const instance = client(guarded.url);
  await instance.get('/');
  await refused(instance.get('/', { challenge: { mutual: 'require' } }));
  expect(guarded.requests.map(({ status, authorization }) => [status, authorization !== undefined])).toEqual([
    [401, false],
    [200, true],
    [401, false],
  ]);
});

test('Authentication-Info to a scheme that has no use for it is nothing', async () => {
  const { url } = await plainServer(({ headers }, response) => {
    if (headers.authorization) response.writeHead(200, { 'Authentication-Info': 'rspauth="x"' }).end('in');
    else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="files"' }).end();
  });
  expect((await client(url).get('/')).data).toBe('in');
});

test('who leaves while a body is made for a known space leaves at once', async () => {
  const guarded = await server({ protect: { scheme: 'digest', algorithm: 'SHA-256', qop: 'auth-int' } });
  const instance = client(guarded.url);
  await instance.post('/', 'text');
  const leaving = new AbortController();
  const making = instance.post('/', undefined, {
    signal: leaving.signal,
    challenge: {
      body: () => {
        setImmediate(() => leaving.abort());
        return new Promise<never>(() => {});
      },
    },
  });
  await expect(making).rejects.toMatchObject({ code: 'ERR_CANCELED' });
  expect(statuses(guarded)).toEqual([401, 200]);
});

test('who leaves while another request tries the credential leaves at once', async () => {
  let arrived: (response: ServerResponse) => void = () => {};
  const held = new Promise<ServerResponse>((resolve) => {
    arrived = resolve;
  });
  const guarded = await server({ onAuthenticated: (_, response) => arrived(response) });
  const instance = client(guarded.url);
  const first = instance.get('/');
  const response = await held;
  const leaving = new AbortController();
  const onEvent = ({ type }: AuthEvent) => {
    if (type === 'challenged') setImmediate(() => leaving.abort());
  };
  const second = instance.get('/', { signal: leaving.signal, challenge: { onEvent } });
  await expect(second).rejects.toMatchObject({ code: 'ERR_CANCELED' });
  response.end('in');
  expect((await first).data).toBe('in');
});

test('explain() says what went to a proxy at once', async () => {
  const proxy = await proxyServer();
  const origin = await plainServer((_, response) => response.end('in'));
  const providers = [staticCredential(bob, { origin: proxy.url })];
  const instance = client(origin.url, { providers }, { proxy: through(proxy) });
  await instance.get('/');
  expect(explain(await instance.get('/'))).toContain('sent to the proxy as bob (Digest SHA-256, nc 2, at once)');
});

test('explain() says whom a provider of tokens is told about', async () => {
  const guarded = await server({ tokens: ['abc'], protect: { scheme: 'bearer' } });
  const response = await client(guarded.url, { providers: [spy({ token: 'abc' })] }).get('/');
  expect(explain(response)).toContain('told that the token was accepted');
});

const throwing = (thrown: unknown): Provider => ({
  name: 'own',
  get: () => {
    throw thrown;
  },
});

test.each<[string, Provider, string]>([
  ['no credential, without a word', { name: 'own', get: () => undefined }, 'own       has none'],
  ['a long reason', { name: 'own', get: () => undefined, absence: () => 'x'.repeat(300) }, `${'x'.repeat(200)}…`],
  ['no error', throwing('words'), 'it threw something that is no error'],
  ['a token for a password', { name: 'own', get: () => ({ token: 'abc' }) }, 'gave a token, and Digest SHA-256 needs'],
])('a provider that has %s is passed over with the reason', async (_, provider, reason) => {
  const guarded = await server();
  const response = await client(guarded.url, { providers: [provider, staticCredential(alice)] }).get('/');
  expect(explain(response)).toContain(reason);
});

test('a provider with another account than that of the URL is passed over', async () => {
  const { url } = await server();
  const other: Provider = { name: 'own', get: () => ({ username: 'bob', password: 'wonderland' }) };
  const response = await client(url, { providers: [other, staticCredential(alice)] }).get(
    url.replace('http://', 'http://alice@'),
  );
  expect(explain(response)).toContain('gave another user name than the one that was asked for');
});

test('a realm that is not UTF-8 is shown as it is', async () => {
  const { url } = await server({ protect: { raw: 'Basic realm="Caf\u00e9"' } });
  expect(explain(await refused(client(url, { providers: [] }).get('/')))).toContain('realm "Café"');
});

test('a long name of a scheme is cut short', async () => {
  const { url } = await server({ protect: { raw: `${'x'.repeat(40)} realm="r"` } });
  expect(explain(await refused(client(url).get('/')))).toContain(`X${'x'.repeat(30)}…`);
});

test('an adapter that fails without a code ends without a response, and explain() says so', async () => {
  const fault = new Error('out of order');
  const error = await client('http://127.0.0.1:1', {}, { adapter: () => Promise.reject(fault) })
    .get('/')
    .catch((reason: unknown) => reason);
  expect(error).toBe(fault);
  expect(explain(error)).toMatch(/-> {2}no response\n[\s\S]*ended without a response: no response came$/);
});

test('what becomes of the config afterwards is nothing to explain()', async () => {
  const open = await plainServer((_, response) => response.end('in'));
  const response = await client(open.url).get('/');
  response.config.url = Object.create(null);
  expect(explain(response)).toContain('->  200');
});

test('params that cannot be written are for axios to report, though somebody listens', async () => {
  const events: unknown[] = [];
  const instance = bare('http://127.0.0.1:1');
  installAuth(instance, { onEvent: (event) => events.push(event) });
  const serialize = () => {
    throw new Error('no such parameter');
  };
  const request = instance.get('/', { params: { a: 1 }, paramsSerializer: { serialize } });
  await expect(request).rejects.toThrow('no such parameter');
});

test('a space remembers its last 64 refused credentials', async () => {
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
  expect(await sendsWith(0)).toBe(2);
});
