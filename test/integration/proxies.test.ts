/** A proxy on the way asks for its own credential; what is for it and what is for the origin never meet. */

import { Agent } from 'node:https';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { type AuthOptions, explain, installAuth, type Provider, staticCredential, trace } from '../../src/index.js';
import type { ChallengeServer, ChallengeServerOptions } from '../../src/testing/challenge-server.js';
import { axiosCan } from '../support/capability.js';
import { bob, proxyServer, through } from '../support/proxy.js';
import { alice, bare, client, plainServer, server, spy, statuses } from '../support/stage.js';
import { selfSigned } from '../support/tls.js';

const httpsAgent = new Agent({ ca: selfSigned().cert });

afterAll(() => httpsAgent.destroy());

type Protection = Pick<ChallengeServerOptions, 'protect'>;

const BASIC: Protection = { protect: { scheme: 'basic', realm: 'Proxy' } };
const DIGEST: Protection = { protect: { scheme: 'digest', realm: 'Proxy', algorithm: 'SHA-256' } };

/** An origin, a proxy before it, and a client that knows both. */
async function setting(
  origin: ChallengeServerOptions,
  proxy: ChallengeServerOptions,
  options: (proxy: ChallengeServer) => AuthOptions = holding,
) {
  const [guarded, guard] = [await server(origin), await proxyServer(proxy)];
  const client = bare(named(guarded), { proxy: through(guard), httpsAgent });
  const handle = installAuth(client, options(guard));
  return { guarded, guard, client, handle };
}

/** Node 26 takes no IP address for the name of a TLS server, and the tunnels of axios give it one. */
function named({ url }: ChallengeServer): string {
  return url.replace('https://127.0.0.1', 'https://localhost');
}

/** alice for the origin, bob for the proxy. */
function holding({ url }: { readonly url: string }): AuthOptions {
  return { providers: [staticCredential(bob, { origin: url }), staticCredential(alice)] };
}

const OPEN: ChallengeServerOptions = { protect: {} };

const tunnelling = axiosCan('open a tunnel');

describe.each([
  ['a plain request', {}],
  ['a tunnel', { tls: selfSigned() }],
] as const)('%s', (_, transport) => {
  const can = 'tls' in transport ? tunnelling : test;

  can.each([
    ['Basic', BASIC],
    ['Digest', DIGEST],
    ['Digest with qop=auth-int', { protect: { scheme: 'digest', qop: 'auth-int' } as const }],
    ['Digest-sess', { protect: { scheme: 'digest', algorithm: 'SHA-256-sess' } as const }],
    ['the stronger of two', { protect: [{ scheme: 'basic' }, { scheme: 'digest', algorithm: 'SHA-256' }] as const }],
  ])('a 407 is answered with %s', async (_name, proxy) => {
    const { guarded, guard, client } = await setting({ ...OPEN, ...transport }, proxy);
    expect((await client.post('/in?x=1', { a: 1 })).status).toBe(200);
    expect(statuses(guard)).toEqual([407, 200]);
    expect(guard.requests.map(({ violation }) => violation)).toEqual([undefined, undefined]);
    expect(guarded.requests.map(({ headers }) => headers['proxy-authorization'])).toEqual([undefined]);
    expect(guarded.requests[0]?.body.toString()).toBe('{"a":1}');
  });

  can('later requests are authorized at their first send, each with its own nc', async () => {
    const { guard, client } = await setting({ ...OPEN, ...transport }, DIGEST);
    for (const path of ['/a', '/b', '/c']) await client.get(path);
    expect(guard.requests.map(({ status, nc }) => [status, nc])).toEqual([
      [407, undefined],
      [200, 1],
      [200, 2],
      [200, 3],
    ]);
  });

  can('twenty concurrent requests ask for one credential', async () => {
    const provider = spy(bob);
    const { client } = await setting({ ...OPEN, ...transport }, DIGEST, () => ({ providers: [provider] }));
    const answers = await Promise.all(Array.from({ length: 20 }, (_unused, i) => client.get(`/${i}`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(provider.asked).toHaveLength(1);
  });

  can.each([
    ['Basic', 'Basic', BASIC, { protect: { scheme: 'basic' } as const }],
    ['Digest', 'Digest', DIGEST, { protect: { scheme: 'digest' } as const }],
    ['Digest', 'Basic', DIGEST, { protect: { scheme: 'basic' } as const }],
  ])('%s for the proxy and %s for the origin in one request', async (_one, _other, proxy, origin) => {
    const { guarded, guard, client } = await setting({ ...origin, ...transport }, proxy);
    expect((await client.get('/')).data.user).toBe('alice');
    expect(statuses(guarded)).toEqual([401, 200]);
    expect(statuses(guard)[0]).toBe(407);
    expect(new Set(guard.requests.map(({ user }) => user))).toEqual(new Set([undefined, 'bob']));
    expect(guarded.requests.map(({ headers }) => headers['proxy-authorization'])).toEqual([undefined, undefined]);
  });

  can('the proxy never sees the authorization for the origin before it has let the request through', async () => {
    const { guard, client, handle } = await setting({ protect: { scheme: 'basic' }, ...transport }, BASIC);
    await client.get('/');
    handle.forget(guard.url);
    await client.get('/');
    const tunnelled = 'tls' in transport;
    if (tunnelled) expect(guard.requests.filter(({ headers }) => headers.authorization)).toEqual([]);
    expect(guard.requests.filter(({ user }) => user === 'alice')).toEqual([]);
  });

  can('a wrong password for the proxy is told to the provider, and the 407 comes back', async () => {
    const provider = spy({ ...bob, password: 'wrong' });
    const { client } = await setting({ ...OPEN, ...transport }, DIGEST, () => ({ providers: [provider] }));
    const response = await client.get('/', { validateStatus: null });
    expect(response.status).toBe(407);
    expect(provider.told).toEqual([['reject', 'bob']]);
    expect(explain(response)).toMatch(/gave back the proxy's own 407: .*ERR_AUTH_REFUSED/);
  });

  can('the provider is told that the proxy accepted its credential, although the origin gave a 401', async () => {
    const provider = spy(bob);
    const forOrigin: Provider = { name: 'none', get: () => undefined };
    const options = () => ({ providers: [{ ...provider, get: onlyProxy(provider) }, forOrigin] });
    const { client } = await setting({ ...transport }, BASIC, options);
    expect((await client.get('/', { validateStatus: null })).status).toBe(401);
    expect(provider.told).toEqual([['approve', 'bob']]);
  });

  can('no credential without an origin goes to a proxy', async () => {
    const { client, guard } = await setting({ ...OPEN, ...transport }, BASIC, () => ({
      providers: [staticCredential(alice)],
    }));
    const response = await client.get('/', { validateStatus: null });
    expect(response.status).toBe(407);
    expect(explain(response)).toContain('names no origin, so it is not for a proxy');
    expect(statuses(guard)).toEqual([407]);
  });

  can('a stale nonce of the proxy is renewed without asking for the credential again', async () => {
    const provider = spy(bob);
    const stale = { protect: { scheme: 'digest', nonceUses: 1 } as const };
    const { client, guard } = await setting({ ...OPEN, ...transport }, stale, () => ({ providers: [provider] }));
    for (const path of ['/a', '/b']) await client.get(path);
    expect(provider.asked).toHaveLength(1);
    expect(guard.requests.filter(({ status }) => status === 200)).toHaveLength(2);
  });

  can('an nc that a 407 kept from the origin is sent again', async () => {
    const { guarded, client, handle, guard } = await setting(
      { protect: { scheme: 'digest', ncOrder: 'strict' }, ...transport },
      DIGEST,
    );
    await client.get('/');
    handle.forget(guard.url);
    await client.get('/');
    expect(guarded.requests.map(({ status, nc }) => [status, nc])).toEqual([
      [401, undefined],
      [200, 1],
      [200, 2],
    ]);
  });
});

function onlyProxy(provider: Provider): Provider['get'] {
  return (request) => (request.proxy ? provider.get(request) : undefined);
}

test('config.proxy.auth answers Digest, too, and no provider is asked', async () => {
  const provider = spy(alice);
  const [open, guard] = [await server(OPEN), await proxyServer(DIGEST)];
  const client = bare(open.url, { proxy: { ...through(guard), auth: bob } });
  installAuth(client, { providers: [provider] });
  expect((await client.get('/')).status).toBe(200);
  expect(guard.requests.map(({ scheme, status }) => [scheme, status])).toEqual([
    ['basic', 407],
    ['digest', 200],
  ]);
  expect(provider.asked).toEqual([]);
});

test('a wrong config.proxy.auth is not tried again', async () => {
  const [open, guard] = [await server(OPEN), await proxyServer(BASIC)];
  const client = bare(open.url, { proxy: { ...through(guard), auth: { ...bob, password: 'wrong' } } });
  installAuth(client, { providers: [spy(bob)] });
  const response = await client.get('/', { validateStatus: null });
  expect(explain(response)).toContain('the credential that the caller gave was refused');
  expect(statuses(guard)).toEqual([407]);
});

test('a known authorization for an https origin is not shown to a proxy, whether this axios opens a tunnel or not', async () => {
  const guarded = await server({ protect: { scheme: 'basic' }, tls: selfSigned() });
  const guard = await proxyServer(DIGEST);
  const client = bare(named(guarded), { httpsAgent });
  installAuth(client, { providers: [staticCredential(alice, { origin: client.defaults.baseURL as string })] });
  for (let i = 0; i < 2; i += 1) expect((await client.get('/')).status).toBe(200);
  const past = { proxy: through(guard), validateStatus: null };
  for (let i = 0; i < 2; i += 1) expect((await client.get('/', past)).status).toBe(407);
  expect(guard.requests.map(({ headers }) => headers.authorization)).toEqual(guard.requests.map(() => undefined));
  expect((await client.get('/')).status).toBe(200);
  expect(statuses(guarded)).toEqual([401, 200, 200, 200]);
});

tunnelling('once a tunnel was seen, a known authorization is sent through it before a challenge', async () => {
  const { guarded, guard, client } = await setting({ protect: { scheme: 'basic' }, tls: selfSigned() }, OPEN);
  for (let i = 0; i < 3; i += 1) expect((await client.get('/')).status).toBe(200);
  expect(statuses(guarded)).toEqual([401, 200, 200, 200]);
  expect(guard.requests.map(({ method }) => method)).not.toContain('GET');
});

describe('the proxy of the environment', () => {
  const NAMES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'all_proxy', 'no_proxy', 'NO_PROXY'];
  const before = NAMES.map((name) => [name, process.env[name]] as const);

  beforeEach(() => {
    for (const name of NAMES) delete process.env[name];
  });
  afterAll(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  test.each(['http_proxy', 'HTTP_PROXY', 'all_proxy'])('%s asks, and is answered', (name) => isAnswered(name, {}));
  tunnelling('https_proxy asks, and is answered', () => isAnswered('https_proxy', { tls: selfSigned() }));

  async function isAnswered(name: string, transport: ChallengeServerOptions): Promise<void> {
    const [open, guard] = [await server({ ...OPEN, ...transport }), await proxyServer(DIGEST)];
    process.env[name] = guard.url;
    const client = bare(named(open), { proxy: undefined as never, httpsAgent });
    installAuth(client, holding(guard));
    for (const path of ['/a', '/b']) expect((await client.get(path)).status).toBe(200);
    expect(statuses(guard)).toEqual([407, 200, 200]);
  }

  test('the user in its URL answers Digest', async () => {
    const password = 'p@ss/word:%';
    const [open, guard] = [await server(OPEN), await proxyServer({ ...DIGEST, users: { bob: password } })];
    process.env.http_proxy = guard.url.replace('//', `//bob:${encodeURIComponent(password)}@`);
    const client = bare(open.url, { proxy: undefined as never });
    installAuth(client, { providers: [] });
    expect((await client.get('/')).status).toBe(200);
  });

  test('a known authorization for the proxy is not sent to an origin in NO_PROXY', async () => {
    const [open, guard] = [await server(OPEN), await proxyServer(BASIC)];
    process.env.http_proxy = guard.url;
    const client = bare('', { proxy: undefined as never });
    installAuth(client, holding(guard));
    await client.get(`${open.url}/a`);
    const direct = await server(OPEN);
    process.env.no_proxy = new URL(direct.url).host;
    await client.get(`${direct.url}/b`);
    await client.get(`${open.url}/c`, { proxy: false });
    const direct2 = open.requests.at(-1);
    expect([...direct.requests, direct2].map((one) => one?.headers['proxy-authorization'])).toEqual([
      undefined,
      undefined,
    ]);
    expect(guard.requests).toHaveLength(2);
  });
});

test('each hop of a redirect is authorized at the proxy', async () => {
  const redirecting: ChallengeServerOptions = {
    ...OPEN,
    onRequest: ({ url }, response) => {
      if (url === '/from') response.writeHead(307, { Location: '/to' }).end();
      return url === '/from';
    },
  };
  const { guard, client } = await setting(redirecting, DIGEST);
  await client.post('/from', 'body');
  await client.post('/from', 'body');
  expect(
    guard.requests.map(({ url, status, nc, body }) => [new URL(url).pathname, status, nc, body.toString()]),
  ).toEqual([
    ['/from', 407, undefined, 'body'],
    ['/from', 307, 1, 'body'],
    ['/to', 200, 2, 'body'],
    ['/from', 307, 3, 'body'],
    ['/to', 200, 4, 'body'],
  ]);
});

test('a redirect to another origin keeps the proxy and loses the authorization for the first origin', async () => {
  const other = await server(OPEN);
  const redirecting: ChallengeServerOptions = {
    protect: { scheme: 'basic' },
    onAuthenticated: (_received, response) => void response.writeHead(302, { Location: `${other.url}/` }).end(),
  };
  const { client } = await setting(redirecting, BASIC);
  expect((await client.get('/', { headers: { Cookie: 'a=b' } })).status).toBe(200);
  expect(other.requests.map(({ headers }) => [headers.authorization, headers.cookie])).toEqual([
    [undefined, undefined],
  ]);
});

describe('a hop that the proxy stops, because its nonce has expired', () => {
  const once: ChallengeServerOptions = { protect: { scheme: 'digest', nonceUses: 1 } };

  test("loses the caller's own config.auth, when the hop leads to another origin", async () => {
    const other = await server(OPEN);
    const redirecting: ChallengeServerOptions = {
      protect: { scheme: 'basic' },
      onAuthenticated: (_received, response) => void response.writeHead(302, { Location: `${other.url}/` }).end(),
    };
    const { client } = await setting(redirecting, once);
    expect((await client.get('/', { auth: alice })).status).toBe(200);
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test('does not hide that the way led through another origin', async () => {
    const stranger: { url?: string } = {};
    const redirecting: ChallengeServerOptions = {
      protect: { '/guarded': { scheme: 'digest' } },
      onAuthenticated: ({ url }, response) => {
        if (url === '/from') response.writeHead(302, { Location: `${stranger.url}/` }).end();
        else response.end();
      },
    };
    const { client, guarded } = await setting(redirecting, once);
    const led = await server({
      ...OPEN,
      onAuthenticated: (_received, response) =>
        void response.writeHead(302, { Location: `${guarded.url}/guarded` }).end(),
    });
    stranger.url = led.url;
    const response = await client.get('/from', { validateStatus: null });
    expect(response.status).toBe(401);
    expect(explain(response)).toContain(`a redirect led through another origin, ${led.url}`);
  });
});

test("a 407 in the caller's own tunnel is left to the caller", async () => {
  const guard = await plainServer((_request, response) => {
    response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="x"' }).end();
  });
  const { hostname, port } = new URL(guard.url);
  class OwnTunnel extends Agent {
    readonly proxy = { protocol: 'http:', host: hostname, port: Number(port) };
    override createConnection(): Socket {
      return connect(Number(port), hostname);
    }
  }
  const client = bare('https://files.example', { httpsAgent: new OwnTunnel() });
  installAuth(client, holding(guard));
  const response = await client.get('/', { validateStatus: null });
  expect([response.status, guard.requests.length]).toEqual([407, 1]);
});

test("mutual: 'require' does not ask a proxy for a proof that a CONNECT cannot bring", async () => {
  const { client } = await setting({ protect: { scheme: 'digest' } }, BASIC, (guard) => ({
    ...holding(guard),
    mutual: 'require',
  }));
  expect((await client.get('/')).status).toBe(200);
});

test("a 407 of the origin itself is not answered as a proxy's (SEC-06): over http", async () => {
  const provider = spy(alice);
  const pretender = await plainServer((_request, response) => {
    response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="x"' }).end();
  });
  const client = bare(pretender.url);
  installAuth(client, { providers: [provider] });
  const response = await client.get('/', { validateStatus: null });
  expect(response.status).toBe(407);
  expect(provider.asked).toEqual([]);
  expect(explain(response)).toContain('ERR_AUTH_ORIGIN');
  expect(pretender.requests).toHaveLength(1);
});

tunnelling("a 407 of the origin itself is not answered as a proxy's (SEC-06): from inside a tunnel", async () => {
  const provider = spy(bob);
  const pretend: ChallengeServerOptions = {
    ...OPEN,
    tls: selfSigned(),
    onRequest: (_request, response) => {
      response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="x"' }).end();
      return true;
    },
  };
  const { client, guarded } = await setting(pretend, OPEN, () => ({ providers: [provider] }));
  const response = await client.get('/', { validateStatus: null });
  expect(response.status).toBe(407);
  expect(provider.asked).toEqual([]);
  expect(guarded.requests).toHaveLength(1);
});

test("the caller's own Proxy-Authorization is left alone, and so is the caller's Authorization while the proxy is answered", async () => {
  const { guard, client, guarded } = await setting(OPEN, BASIC);
  const own = { headers: { 'Proxy-Authorization': 'Basic bm9ib2R5Og==' }, validateStatus: null };
  expect((await client.get('/', own)).status).toBe(407);
  expect(statuses(guard)).toEqual([407]);
  expect((await client.get('/', { headers: { Authorization: 'Custom x' } })).status).toBe(200);
  expect(guarded.requests[0]?.headers.authorization).toBe('Custom x');
});

test('a stream that the proxy has read in part is not sent again', async () => {
  const { client, guard } = await setting(OPEN, BASIC);
  const response = await client.post('/', Readable.from(['abc']), {
    validateStatus: null,
    maxRedirects: 0,
    challenge: { bufferBody: 0 },
  });
  expect(response.status).toBe(407);
  expect(explain(response)).toContain('ERR_AUTH_BODY');
  expect(statuses(guard)).toEqual([407]);
});

test('a proxy beyond this machine gets no password in the clear', async () => {
  const adapterless = bare('http://files.example', { proxy: { protocol: 'http', host: 'proxy.example', port: 3128 } });
  const [guard, provider] = [await proxyServer(BASIC), spy(bob)];
  const { hostname, port } = new URL(guard.url);
  // A name that only this request resolves.
  const lookup = (_name: string, options: unknown, done: (error: null, address: string, family: number) => void) =>
    typeof options === 'object' && (options as { all?: boolean }).all
      ? (done as unknown as (error: null, all: object[]) => void)(null, [{ address: hostname, family: 4 }])
      : done(null, hostname, 4);
  installAuth(adapterless, { providers: [provider] });
  const config = { lookup: lookup as never, proxy: { protocol: 'http', host: 'proxy.example', port: Number(port) } };
  const response = await adapterless.get('/', { ...config, validateStatus: null });
  expect(response.status).toBe(407);
  expect(explain(response)).toContain('ERR_AUTH_INSECURE');
  expect(provider.asked).toEqual([]);
});

tunnelling("no response or error of a tunnel holds the proxy's authorization", async () => {
  const { client } = await setting({ ...OPEN, tls: selfSigned() }, BASIC);
  const { request } = await client.get('/');
  const secret = Buffer.from(`${bob.username}:${bob.password}`).toString('base64');
  expect(inspect(request.agent, { depth: 6, showHidden: true })).toContain('proxy:');
  expect(inspect(request, { depth: 10, showHidden: true })).not.toContain(secret);
});

test('the trace tells the proxy and the origin apart', async () => {
  const { client } = await setting({ protect: { scheme: 'digest', realm: 'Files' } }, BASIC);
  const response = await client.get('/');
  const events = trace(response)?.events ?? [];
  expect(events.flatMap((event) => (event.type === 'challenged' ? [[event.realm, event.proxy]] : []))).toEqual([
    ['Proxy', true],
    ['Files', undefined],
  ]);
  expect(explain(response)).toMatch(/sent as alice \(Digest MD5, nc 1\), to the proxy as bob \(Basic\)/);
});

test('explain() says that the proxy was authorized at the first send', async () => {
  const proxy = await proxyServer();
  const origin = await plainServer((_, response) => response.end('in'));
  const providers = [staticCredential(bob, { origin: proxy.url })];
  const instance = client(origin.url, { providers }, { proxy: through(proxy) });
  await instance.get('/');
  expect(explain(await instance.get('/'))).toContain(', to the proxy as bob (Digest SHA-256, nc 2, at once)');
});
