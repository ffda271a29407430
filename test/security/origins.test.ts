/** Where credentials go: to the origin they are for (SEC-01 to SEC-06, SEC-15, SEC-29). */

import { env, explain, git, netrc, staticCredential } from '../../src/index.js';
import type { ChallengeServer, ChallengeServerOptions } from '../../src/testing/challenge-server.js';
import { ask } from '../support/credential-request.js';
import { temporaryFile } from '../support/files.js';
import { bob, proxyServer, through } from '../support/proxy.js';
import { alice, bare, client, server, spy } from '../support/stage.js';
import { selfSigned } from '../support/tls.js';

const OPEN: ChallengeServerOptions = { protect: {} };
const BASIC: ChallengeServerOptions = { protect: { scheme: 'basic' } };

/** Guarded; once one is in, `/from` redirects. */
function redirectingTo(location: string, options: ChallengeServerOptions = BASIC): Promise<ChallengeServer> {
  return server({
    ...options,
    onAuthenticated: ({ url }, response) => {
      if (url.startsWith('/from')) response.writeHead(307, { Location: location }).end();
      else response.end();
    },
  });
}

/** What was sent to a server, of all fields that could hold a secret. */
function secretsAt({ requests }: ChallengeServer) {
  const NAMES = /^(authorization|proxy-authorization|cookie|x-api-key)$/i;
  return requests.flatMap(({ rawHeaders }) => rawHeaders.filter((name, i) => i % 2 === 0 && NAMES.test(name)));
}

test.each([
  ['another port', (url: string) => url],
  ['another name', (url: string) => url.replace('127.0.0.1', 'localhost')],
])('SEC-01 exact origin: %s never sees an Authorization, computed or repeated', async (_, spelled) => {
  const other = await server(OPEN);
  const guarded = await redirectingTo(`${spelled(other.url)}/`);
  const instance = client(guarded.url);
  for (let i = 0; i < 2; i += 1) await instance.get('/from');
  expect(other.requests).toHaveLength(2);
  expect(secretsAt(other)).toEqual([]);
});

test('SEC-01 exact origin: a session of one port is not used for another', async () => {
  const [one, other] = [await server(BASIC), await server(BASIC)];
  const instance = client('', { providers: [staticCredential(alice, { origin: one.url })] });
  await instance.get(`${one.url}/`);
  await instance.get(`${other.url}/`, { validateStatus: null });
  expect(secretsAt(other)).toEqual([]);
});

test('SEC-01 exact origin: a hop that a proxy stops takes nothing of the first origin to the second', async () => {
  const other = await server({ users: { carol: 'other' }, ...BASIC });
  const guarded = await redirectingTo(`${other.url}/`);
  const proxy = await proxyServer({ protect: { scheme: 'digest', nonceUses: 1 } });
  const providers = [
    staticCredential(bob, { origin: proxy.url }),
    staticCredential(alice, { origin: guarded.url }),
    staticCredential({ username: 'carol', password: 'other' }, { origin: other.url }),
  ];
  const instance = client(guarded.url, { providers, trustOrigins: [other.url] }, { proxy: through(proxy) });
  await instance.get('/');
  expect((await instance.get('/from')).status).toBe(200);
  expect(guarded.requests.map(({ user }) => user)).toEqual([undefined, 'alice', 'alice']);
  expect(other.requests.map(({ user }) => user)).toEqual([undefined, 'carol']);
});

test('SEC-02 a challenge of an origin that was not addressed is not answered, and no provider is asked', async () => {
  const other = await server(BASIC);
  const open = await redirectingTo(`${other.url}/`, OPEN);
  const provider = spy(alice);
  const response = await client(open.url, { providers: [provider] }).get('/from', { validateStatus: null });
  expect([response.status, provider.asked.length, other.requests.length]).toEqual([401, 0, 1]);
  expect(explain(response)).toContain('ERR_AUTH_ORIGIN');
});

test('SEC-03 once stripped, an Authorization is not restored later in the chain', async () => {
  const back: { url?: string } = {};
  const other = await server({
    ...OPEN,
    onAuthenticated: (_, response) => void response.writeHead(307, { Location: `${back.url}/in` }).end(),
  });
  const guarded = await redirectingTo(`${other.url}/`);
  back.url = guarded.url;
  await client(guarded.url).get('/from', { validateStatus: null });
  const last = guarded.requests.filter(({ url }) => url === '/in');
  expect(last.map(({ authorization }) => authorization)).toEqual([undefined]);
});

test.each([
  ['https', 'http', { tls: selfSigned() }, {}],
  ['http', 'https', {}, { tls: selfSigned() }],
])(
  'SEC-04 nothing of ours goes from %s to %s, and no challenge is answered there',
  async (_from, _to, first, second) => {
    const other = await server({ ...BASIC, ...second });
    const guarded = await redirectingTo(`${other.url}/`, { ...BASIC, ...first });
    const { Agent } = await import('node:https');
    const httpsAgent = new Agent({ ca: selfSigned().cert });
    const response = await client(guarded.url, {}, { httpsAgent }).get('/from', { validateStatus: null });
    httpsAgent.destroy();
    expect([response.status, secretsAt(other)]).toEqual([401, []]);
  },
);

test('SEC-04 no challenge is answered after a redirect from https to http, even of a trusted origin', async () => {
  const other = await server(BASIC);
  const guarded = await redirectingTo(`${other.url}/`, { ...BASIC, tls: selfSigned() });
  const { Agent } = await import('node:https');
  const httpsAgent = new Agent({ ca: selfSigned().cert });
  const providers = [staticCredential(alice, { origin: other.url }), staticCredential(alice)];
  const instance = client(guarded.url, { providers, trustOrigins: [other.url] }, { httpsAgent });
  await instance.get('/from', { validateStatus: null });
  httpsAgent.destroy();
  expect(secretsAt(other)).toEqual([]);
});

test('SEC-05 a header of the caller for one origin is not sent to another origin, in any spelling', async () => {
  const carol = { username: 'carol', password: 'other' };
  const other = await server({ ...BASIC, users: { carol: 'other' } });
  const guarded = await redirectingTo(`${other.url}/`);
  const providers = [staticCredential(carol, { origin: other.url }), staticCredential(alice)];
  const instance = client(guarded.url, { providers, trustOrigins: [other.url] });
  const headers = { cOOkie: 'a=b', 'X-API-KEY': 'k' };
  await instance.get('/from', { headers, sensitiveHeaders: ['x-api-key'] } as object);
  expect(other.requests.map(({ user }) => user)).toEqual([undefined, 'carol']);
  expect(secretsAt(other)).toEqual(['Authorization']);
});

test('SEC-06 a 407 of the origin, plain or from inside a tunnel, does not get the proxy credential', async () => {
  const pretend: ChallengeServerOptions = {
    ...OPEN,
    onRequest: (_request, response) => {
      response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="x"' }).end();
      return true;
    },
  };
  const { Agent } = await import('node:https');
  const httpsAgent = new Agent({ ca: selfSigned().cert });
  const guard = await proxyServer(BASIC);
  const provider = spy(bob);
  for (const transport of [{}, { tls: selfSigned() }]) {
    const pretender = await server({ ...pretend, ...transport });
    const proxy = 'tls' in transport ? through(guard) : false;
    const providers = [
      {
        ...provider,
        get: (request: { origin: string }) => (request.origin === guard.url ? bob : provider.get(request as never)),
      },
    ];
    const instance = client(pretender.url, { providers }, { proxy, httpsAgent });
    expect((await instance.get('/', { validateStatus: null })).status).toBe(407);
    expect(secretsAt(pretender)).toEqual([]);
    // It is not the proxy's, so it is not answered.
    expect(pretender.requests).toHaveLength(1);
  }
  httpsAgent.destroy();
  expect(provider.asked).toEqual([]);
});

test('SEC-06 a credential that names no origin is not for a proxy, without a baseURL either', async () => {
  const [open, guard] = [await server(OPEN), await proxyServer(BASIC)];
  const instance = client('', { providers: [staticCredential(bob)] }, { proxy: through(guard), validateStatus: null });
  expect((await instance.get(`${open.url}/`)).status).toBe(407);
  expect(guard.requests.map(({ status }) => status)).toEqual([407]);
});

test('SEC-06 a 401 does not get the credential of a 407, nor a 407 that of a 401', async () => {
  const [guarded, guard] = [await server(BASIC), await proxyServer(BASIC)];
  const instance = bare(guarded.url, { proxy: through(guard), validateStatus: null });
  const { installAuth } = await import('../../src/index.js');
  installAuth(instance, { providers: [staticCredential(bob, { origin: guard.url })] });
  expect((await instance.get('/')).status).toBe(401);
  expect(guarded.requests.filter(({ authorization }) => authorization)).toEqual([]);
});

test.each([
  'https://files.example.evil',
  'https://evil-files.example',
  'https://files.exampl',
  'https://filesxexample',
])('SEC-15 hosts are compared whole: %s is not files.example', async (origin) => {
  const environment = {
    AXIOS_CHALLENGE_URL: 'https://files.example',
    AXIOS_CHALLENGE_USERNAME: 'alice',
    AXIOS_CHALLENGE_PASSWORD: 'x',
  };
  const own = { AXIOS_CHALLENGE_FILES_EXAMPLE_USERNAME: 'alice', AXIOS_CHALLENGE_FILES_EXAMPLE_PASSWORD: 'x' };
  const file = await temporaryFile('file', 'machine files.example login alice password x\n');
  const home = await temporaryFile(
    'file',
    '[credential "https://files.example"]\n  helper = "!f() { echo username=alice; echo password=x; }; f"\n',
  );
  const providers = [
    env({ environment }),
    env({ environment: own }),
    netrc({ file }),
    staticCredential(alice, { origin: 'https://files.example' }),
    git({ environment: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: home, GIT_CONFIG_NOSYSTEM: '1' } }),
  ];
  const has = (one: string) => Promise.all(providers.map((provider) => provider.get(ask({ origin: one, url: one }))));
  expect((await has('https://files.example')).every((found) => found !== undefined)).toBe(true);
  expect(await has(origin)).toEqual(providers.map(() => undefined));
});

test('SEC-29 credentials of a baseURL are not for an absolute URL at another origin', async () => {
  const [home, elsewhere] = [await server(BASIC), await server(BASIC)];
  const environment = { AXIOS_CHALLENGE_USERNAME: 'alice', AXIOS_CHALLENGE_PASSWORD: alice.password };
  for (const provider of [staticCredential(alice), env({ environment })]) {
    const instance = client(home.url, { providers: [provider] }, { validateStatus: null });
    expect((await instance.get('/')).status).toBe(200);
    expect((await instance.get(`${elsewhere.url}/`)).status).toBe(401);
  }
  expect(secretsAt(elsewhere)).toEqual([]);
});
