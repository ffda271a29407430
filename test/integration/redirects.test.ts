/** A credential goes to the origin it is for, and a Digest header is right for every hop. */

import { explain } from '../../src/index.js';
import type { ChallengeServer } from '../../src/testing/challenge-server.js';
import { alice, client, failure, server, spy, statuses } from '../support/stage.js';

/** A guarded server whose `/to?URL` redirects, before or behind the guard. */
async function redirecting(where: 'open' | 'guarded', status = 302, scheme: 'digest' | 'basic' = 'digest') {
  const guarded: ChallengeServer = await server({
    protect: { scheme },
    onRequest: (request, response) => {
      if (where !== 'open' || !request.url?.startsWith('/to?')) return false;
      response.writeHead(status, { Location: request.url.slice(4) }).end();
      return true;
    },
    onAuthenticated: (received, response) => {
      if (received.url.startsWith('/to?')) response.writeHead(status, { Location: received.url.slice(4) }).end();
      else response.end(received.method);
    },
  });
  return guarded;
}

test.each([301, 302, 303, 307, 308])('%i within the origin, from an open page to a guarded one', async (status) => {
  const guarded = await redirecting('open', status);
  const { data } = await client(guarded.url).get('/to?/in/there?x=1');
  expect(data).toBe('GET');
  expect(guarded.requests.map(({ violation }) => violation)).toEqual([undefined, undefined, undefined]);
});

test.each([
  [301, 'GET'],
  [302, 'GET'],
  [303, 'GET'],
  [307, 'POST'],
  [308, 'POST'],
])('a POST that a %i turned into a %s is answered as the new method', async (status, method) => {
  const guarded = await redirecting('open', status);
  const { data } = await client(guarded.url).post('/to?/in', { a: 1 });
  expect(data).toBe(method);
  const last = guarded.requests.at(-1);
  expect(last?.body.length).toBe(method === 'GET' ? 0 : 7);
  expect(last?.headers['content-type']).toBe(method === 'GET' ? undefined : 'application/json');
});

test('every hop of a redirect behind the guard gets a Digest header of its own', async () => {
  const guarded = await redirecting('guarded');
  const instance = client(guarded.url);
  await instance.get('/to?/in');
  await instance.get('/to?/in');
  expect(guarded.requests.map(({ url, status, nc }) => [url, status, nc])).toEqual([
    ['/to?/in', 401, undefined],
    ['/to?/in', 302, 1],
    ['/in', 200, 2],
    ['/to?/in', 302, 3],
    ['/in', 200, 4],
  ]);
});

test('a challenge from another origin is not answered (SEC-02), and no provider is asked', async () => {
  const other = await server();
  const guarded = await redirecting('open');
  const provider = spy(alice);
  const error = await failure(client(guarded.url, { providers: [provider] }).get(`/to?${other.url}/`));
  expect(provider.asked).toEqual([]);
  expect(statuses(other)).toEqual([401]);
  expect(explain(error)).toContain('ERR_AUTH_ORIGIN');
});

test.each(['digest', 'basic'] as const)(
  'an authorization for one origin never reaches another origin (SEC-01): %s',
  async (scheme) => {
    const other = await server({ protect: {} });
    const guarded = await redirecting('guarded', 307, scheme);
    const instance = client(guarded.url);
    for (const target of [other.url, other.url.replace('127.0.0.1', 'localhost'), other.url]) {
      await instance.get(`/to?${target}/`);
    }
    expect(other.requests).toHaveLength(3);
    expect(other.requests.filter(({ authorization }) => authorization)).toEqual([]);
  },
);

test('an authorization that was stripped is never restored (SEC-03)', async () => {
  const guarded = await redirecting('guarded');
  const other = await redirecting('open');
  const error = await failure(client(guarded.url).get(`/to?${other.url}/to?${guarded.url}/in`));
  const last = guarded.requests.filter(({ url }) => url === '/in');
  expect(error.response?.status).toBe(401);
  expect(last[0]?.authorization).toBeUndefined();
});

test('Basic is not carried out of its directory by a redirect', async () => {
  const guarded = await server({
    protect: { '/docs': { scheme: 'basic' } },
    onAuthenticated: (received, response) => {
      if (received.url === '/docs/a') response.writeHead(302, { Location: '/open' }).end();
      else response.end();
    },
  });
  await client(guarded.url).get('/docs/a');
  expect(guarded.requests.map(({ url, authorization }) => [url, authorization !== undefined])).toEqual([
    ['/docs/a', false],
    ['/docs/a', true],
    ['/open', false],
  ]);
});

test("the caller's own beforeRedirect still runs", async () => {
  const guarded = await redirecting('guarded');
  const seen: unknown[] = [];
  await client(guarded.url).get('/to?/in', { beforeRedirect: (options) => void seen.push(options.path) });
  expect(seen).toEqual(['/in']);
});

test('maxRedirects: 0 gives the redirect to the caller', async () => {
  const guarded = await redirecting('guarded');
  const { status } = await client(guarded.url).get('/to?/in', { maxRedirects: 0, validateStatus: null });
  expect(status).toBe(302);
});

test('a server that is not this machine gets no password in the clear, unless allowed', async () => {
  const adapter = async (config: { headers: { get(name: string): unknown } }) => {
    const status = config.headers.get('Authorization') ? 200 : 401;
    return {
      status,
      statusText: '',
      headers: { 'www-authenticate': 'Basic realm="x"' },
      data: '',
      config: config as never,
      request: { responseURL: 'http://files.example/' },
    };
  };
  const provider = spy(alice);
  const options = { providers: [provider] };
  const response = await client('http://files.example', options, { adapter: adapter as never }).get('/');
  expect(response.status).toBe(401);
  expect(explain(response)).toContain('ERR_AUTH_INSECURE');
  expect(provider.asked).toEqual([]);
  for (const allowInsecure of [
    true,
    ['http://files.example:80'],
    (origin: string) => origin === 'http://files.example',
  ]) {
    const allowed = client('http://files.example', { ...options, allowInsecure }, { adapter: adapter as never });
    expect((await allowed.get('/')).status).toBe(200);
  }
});

test('an https request that went to a proxy in clear text gets no password either', async () => {
  const adapter = async (config: object) => ({
    status: 401,
    statusText: '',
    headers: { 'www-authenticate': 'Basic realm="x"' },
    data: '',
    config: config as never,
    // As axios before 1.16 sends it.
    request: { path: 'https://files.example/' },
  });
  const provider = spy(alice);
  const response = await client('https://files.example', { providers: [provider] }, { adapter }).get('/');
  expect(explain(response)).toContain('in the clear to a proxy for https://files.example');
  expect(provider.asked).toEqual([]);
});

test('a space that offered Digest is not answered with Basic later', async () => {
  const protect: { '/': { scheme: 'digest' | 'basic'; realm: string }[] } = { '/': [{ scheme: 'digest', realm: 'r' }] };
  let basic = false;
  const guarded = await server({
    protect: protect['/'],
    onRequest: (_, response) => {
      if (basic) response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="r"' }).end();
      return basic;
    },
  });
  const instance = client(guarded.url);
  await instance.get('/');
  basic = true;
  const error = await failure(instance.get('/'));
  expect(explain(error)).toContain('ERR_AUTH_DOWNGRADE');
  expect(guarded.requests.filter(({ headers }) => headers.authorization?.startsWith('Basic'))).toEqual([]);
});

test('a credential without an origin is for the baseURL, not for an absolute URL elsewhere (SEC-29)', async () => {
  const [home, elsewhere] = [await server(), await server()];
  const instance = client(home.url);
  await instance.get('/');
  const error = await failure(instance.get(`${elsewhere.url}/`));
  expect(statuses(elsewhere)).toEqual([401]);
  expect(explain(error)).toContain(`it is for the baseURL, ${home.url}`);
});

test('an adapter that reports another origin is believed', async () => {
  const provider = spy(alice);
  const adapter = async (config: object) => ({
    status: 401,
    statusText: '',
    headers: { 'www-authenticate': 'Digest realm="x", nonce="y"' },
    data: '',
    config: config as never,
    request: { responseURL: 'http://127.0.0.1:2/' },
  });
  const response = await client('http://127.0.0.1:1', { providers: [provider] }, { adapter }).get('/');
  expect(explain(response)).toContain('the challenge came from http://127.0.0.1:2');
  expect(provider.asked).toEqual([]);
});
