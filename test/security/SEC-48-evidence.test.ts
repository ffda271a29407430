/** No evidence is no proof: what does not tell who answered, or which redirects led there, is not answered (SEC-48). */

import http from 'node:http';
import { createRequire } from 'node:module';
import type { AxiosRequestConfig, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { explain } from '../../src/index.js';
import type { ChallengeServer } from '../../src/testing/challenge-server.js';
import { alice, client, plainServer, server, spy } from '../support/stage.js';

const BASIC = { protect: { scheme: 'basic' } } as const;

/** A server that sends everyone elsewhere, and one that sends them back. */
async function detour(back: (url: string) => string) {
  const away = await plainServer(({ url }, response) => response.writeHead(302, { Location: back(String(url)) }).end());
  return away;
}

/** An adapter as people write it around fetch, which follows redirects by itself; `tells` is what it says of its request. */
function following(tells: (config: InternalAxiosRequestConfig, response: Response) => unknown) {
  return async (config: InternalAxiosRequestConfig) => {
    const response = await fetch(`${config.baseURL}${config.url}`, { headers: { ...config.headers } as never });
    const headers = Object.fromEntries(response.headers);
    const { status } = response;
    const request = tells(config, response);
    return { status, statusText: '', headers, data: await response.text(), config, request } as AxiosResponse;
  };
}

test.each<readonly [string, (config: InternalAxiosRequestConfig, response: Response) => unknown]>([
  ['nothing', () => undefined],
  ['an empty object', () => ({})],
  ['the headers that it sent', ({ headers }) => ({ headers })],
  ['the path of the first hop', ({ url }) => ({ path: url, method: 'GET' })],
  ['a Request of fetch', ({ baseURL, url }) => new Request(`${baseURL}${url}`)],
  ['a request that was redirected', ({ url }) => ({ path: url, res: { statusCode: 302 } })],
  ['where it ended', (_config, { url }) => ({ responseURL: url })],
  ['where it ended, as follow-redirects says it', (_config, { url }) => ({ res: { responseUrl: url } })],
])('SEC-48 an adapter that follows redirects and tells %s has no challenge answered', async (_, tells) => {
  const other = await server(BASIC);
  const home = await plainServer(({ url }, response) =>
    response.writeHead(302, { Location: `${other.url}${url}` }).end(),
  );
  const provider = spy(alice);
  const instance = client(home.url, { providers: [provider] }, { adapter: following(tells) as never });
  const response = await instance.get('/from', { validateStatus: null });
  expect([response.status, provider.asked, provider.told]).toEqual([401, [], []]);
  expect(explain(response)).toContain('ERR_AUTH_ORIGIN');
  expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

test('SEC-48 an adapter that was redirected away and back without reporting it has no challenge answered', async () => {
  const guarded = await server({
    ...BASIC,
    onRequest: ({ url }, response) => {
      if (url === '/from') response.writeHead(302, { Location: `${away.url}/chosen` }).end();
      return url === '/from';
    },
  });
  const away: { readonly url: string } = await detour((url) => `${guarded.url}${url}`);
  const provider = spy(alice);
  const adapter = following((_config, { url }) => ({ responseURL: url }));
  const response = await client(guarded.url, { providers: [provider] }, { adapter: adapter as never }).get('/from', {
    validateStatus: null,
  });
  expect([response.status, provider.asked]).toEqual([401, []]);
  expect(explain(response)).toContain('a redirect led through another origin, an unknown place');
});

test('SEC-48 a success that does not tell which server gave it proves no credential', async () => {
  const guarded = await server(BASIC);
  const home = client(guarded.url, { providers: [spy(alice)] });
  await home.get('/');
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] });
  const tells: Array<unknown> = [{ responseURL: `${guarded.url}/a` }, undefined];
  const adapter = following(() => tells.shift());
  expect((await instance.get('/a', { adapter: adapter as never })).status).toBe(200);
  expect(provider.told).toEqual([]);
});

test.each<readonly [string, (config: InternalAxiosRequestConfig, response: Response) => unknown]>([
  ['responseURL', (_config, { url }) => ({ responseURL: url })],
  ['responseURL as the config has it', ({ url }) => ({ responseURL: url })],
  ['res.responseUrl', (_config, { url }) => ({ res: { responseUrl: url } })],
])('SEC-48 an adapter that names the URL in %s is answered', async (_, tells) => {
  const guarded = await server(BASIC);
  const instance = client(guarded.url, {}, { adapter: following(tells) as never });
  for (let i = 0; i < 2; i += 1) expect((await instance.get('/a')).status).toBe(200);
  expect(guarded.requests.map(({ status }) => status)).toEqual([401, 200, 200]);
});

test.each<readonly [string, (url: string) => Response]>([
  ['says nothing', () => new Response(null, { status: 401, headers: CHALLENGE })],
  ['has gone elsewhere', () => at('http://other.example/')],
])('SEC-48 a fetch of the caller that %s has no challenge answered', async (_, answer) => {
  const provider = spy(alice);
  const env = { fetch: async (input: Request) => answer(input.url) };
  const config = { adapter: 'fetch', env: env as never, validateStatus: null };
  const response = await client('http://127.0.0.1:1', { providers: [provider] }).get('/', config);
  expect([response.status, provider.asked]).toEqual([401, []]);
  expect(explain(response)).toContain('ERR_AUTH_ORIGIN');
});

const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="r"' };

function at(url: string): Response {
  return Object.defineProperty(new Response(null, { status: 401, headers: CHALLENGE }), 'url', { value: url });
}

interface Transport {
  readonly request: typeof http.request;
}

const { http: redirecting } = createRequire(import.meta.url)('follow-redirects') as { http: Transport };

/** A transport that follows by hand, with the headers that it was given. */
const byHand: Transport = {
  request: ((options: http.RequestOptions, done: (response: http.IncomingMessage) => void) =>
    http.request(options, (response) => {
      const { location } = response.headers;
      if (location === undefined) return done(response);
      // It is left unread: axios waits for no other once the request that it was given is over.
      const { hostname, port, pathname } = new URL(location, 'http://127.0.0.1');
      byHand
        .request({ ...options, hostname, host: hostname, port, path: pathname, agent: undefined } as never, done)
        .end();
    })) as typeof http.request,
};

const TRANSPORTS: ReadonlyArray<readonly [string, Transport]> = [
  ['follow-redirects', redirecting],
  [
    'a function around it',
    { request: ((...given: Parameters<typeof http.request>) => redirecting.request(...given)) as never },
  ],
  ['one that follows by hand', byHand],
];

test.each<readonly [string, AxiosRequestConfig]>([
  ...TRANSPORTS.map(([name, transport]) => [name, { transport }] as const),
  // It is the caller's word that nothing is followed, and the response shows that it is broken.
  ['one that follows by hand, whatever maxRedirects says', { transport: byHand, maxRedirects: 0 }],
])('SEC-48 a challenge after redirects away and back is not answered, with a transport: %s', async (_, config) => {
  const guarded = await server({
    ...BASIC,
    onRequest: ({ url }, response) => {
      if (url === '/from') response.writeHead(302, { Location: `${away.url}/chosen` }).end();
      return url === '/from';
    },
  });
  const away: { readonly url: string } = await detour((url) => `${guarded.url}${url}`);
  const provider = spy(alice);
  const instance = client(guarded.url, { providers: [provider] }, config);
  const response = await instance.get('/from', { validateStatus: null });
  expect(response.status).toBe(401);
  expect(provider.asked).toEqual([]);
  expect(explain(response)).toContain('ERR_AUTH_ORIGIN');
  expect(seenBy(guarded)).toEqual(guarded.requests.map(() => undefined));
});

test.each(TRANSPORTS)(
  'SEC-48 nothing goes along a redirect, at once or later, with a transport: %s',
  async (_, transport) => {
    const other = await server({ protect: {} });
    const guarded = await server({
      ...BASIC,
      onAuthenticated: ({ url }, response) => {
        if (url === '/leave') response.writeHead(307, { Location: `${other.url}/` }).end();
        else response.end();
      },
    });
    const instance = client(guarded.url);
    const config = { transport, validateStatus: null };
    await instance.get('/leave', config);
    await instance.get('/');
    await instance.get('/leave', config);
    expect(seenBy(other)).toEqual(other.requests.map(() => undefined));
  },
);

function seenBy({ requests }: ChallengeServer) {
  return requests.map(({ headers }) => headers.authorization);
}

test('SEC-48 a transport keeps an authorization at its host, where axios would keep it for a subdomain', async () => {
  const seen: unknown[] = [];
  // As follow-redirects of axios 1.7 to 1.15 does: it keeps the header, and tells only who asks to be told.
  const transport: Transport = {
    request: ((options: http.RequestOptions, done: (response: http.IncomingMessage) => void) => {
      seen.push({ ...(options.headers as object) });
      return http.request(options, done);
    }) as typeof http.request,
  };
  const guarded = await server(BASIC);
  const instance = client(guarded.url);
  await instance.get('/');
  await instance.get('/', { transport, validateStatus: null });
  expect(seen).toEqual([expect.not.objectContaining({ Authorization: expect.anything() })]);
});

test.each<readonly [string, AxiosRequestConfig]>([
  ["Node's own", { transport: http }],
  ['one that has nothing to follow', { transport: { request: http.request }, maxRedirects: 0 }],
  [
    'one that watches, and follows nothing',
    { transport: { request: (...given: Parameters<typeof http.request>) => http.request(...given) }, maxRedirects: 0 },
  ],
])(
  'SEC-48 with a transport, %s, a challenge is answered, and the next request is authorized at its first send',
  async (_, config) => {
    const guarded = await server(BASIC);
    const instance = client(guarded.url, {}, config);
    for (let i = 0; i < 2; i += 1) expect((await instance.get('/')).status).toBe(200);
    expect(guarded.requests.map(({ status }) => status)).toEqual([401, 200, 200]);
  },
);

test('SEC-48 redirects that a transport reports are handled as those of axios', async () => {
  const guarded = await server({
    protect: { scheme: 'digest' },
    onAuthenticated: ({ url }, response) => {
      if (url === '/from') response.writeHead(307, { Location: '/to' }).end();
      else response.end();
    },
  });
  const instance = client(guarded.url, {}, { transport: redirecting });
  expect((await instance.get('/from')).status).toBe(200);
  expect(guarded.requests.map(({ url, status, violation }) => [url, status, violation])).toEqual([
    ['/from', 401, undefined],
    ['/from', 307, undefined],
    ['/to', 200, undefined],
  ]);
});
