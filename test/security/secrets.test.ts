/**
 * SEC-27 No secrets in errors, responses, configs, events, traces and inspections: whatever can be reached from what a
 * caller is given is searched for the password, the token, and every header value that the server has seen.
 */

import http, { type ServerResponse } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import axios, {
  type AxiosError,
  type AxiosInstance,
  type AxiosRequestConfig,
  type CreateAxiosDefaults,
  type InternalAxiosRequestConfig,
  isAxiosError,
} from 'axios';
import {
  type AuthEvent,
  type Credential,
  explain,
  installAuth,
  type Provider,
  staticCredential,
  trace,
} from '../../src/index.js';
import type { ChallengeServer, ChallengeServerOptions, Protection } from '../../src/testing/challenge-server.js';
import { proxyServer, through } from '../support/proxy.js';
import { search } from '../support/reach.js';
import { afterwards, bare, plainServer, server } from '../support/stage.js';
import { selfSigned } from '../support/tls.js';

const alice = { username: 'alice', password: 'w0nder länd%+/' };
const mallory = { username: 'alice', password: 'not her pässword' };
const bearer = { token: 's3cret-t0ken' };
const tls = selfSigned();

/** Everything that a caller is given, or can keep. */
type Held = Readonly<Record<string, unknown>>;

/** How a secret may be written. */
function spellings(credential: Credential): string[] {
  if ('token' in credential) return [credential.token];
  const { username, password } = credential;
  const bytes = Buffer.from(password);
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  return [password, bytes.toString('latin1'), encodeURIComponent(password), encodeURI(password), basic];
}

/** A header value and what is secret in it. */
function parts(value: string): string[] {
  return [value, ...(/response="?(\w+)/.exec(value)?.slice(1) ?? [])];
}

function expectNoSecrets(held: Held, credential: Credential, values: readonly string[]): void {
  const { found, seen } = search(held, [...spellings(credential), ...values.flatMap(parts)]);
  expect(found).toEqual([]);
  expect(seen).toBeGreaterThan(50);
}

/** What people write into their logs. It shows a part of what the search sees, and takes far longer. */
function expectNoneShown(held: Held, credential: Credential, values: readonly string[]): void {
  const secrets = [...spellings(credential), ...values.flatMap(parts)];
  const shown = Object.values(held).flatMap((one) => [
    inspect(one, { depth: 10, showHidden: true }),
    String((one as Error)?.stack),
    explain(one),
    JSON.stringify(isAxiosError(one) ? one.toJSON() : (trace(one) ?? null)),
  ]);
  expect(secrets.filter((secret) => shown.some((text) => text.includes(secret)))).toEqual([]);
}

/** Two requests in a row, so that the second is authorized at once; what each gave. */
async function twice(client: AxiosInstance, url: string, config: AxiosRequestConfig = {}): Promise<Held> {
  const request = () => client.get(url, config).catch((error: unknown) => error);
  return { first: await request(), second: await request() };
}

const SCHEMES: ReadonlyArray<readonly [Protection, Credential]> = [
  [{ scheme: 'basic' }, alice],
  [{ scheme: 'digest' }, alice],
  [{ scheme: 'bearer' }, bearer],
];

/** Adapters as people write them around axios's own. */
const around = (config: InternalAxiosRequestConfig) => axios.getAdapter('http')(config);
async function telling(config: InternalAxiosRequestConfig) {
  const response = await axios.getAdapter('http')({ ...config, httpAgent: undefined });
  return {
    ...response,
    request: { responseURL: response.request.res.responseUrl, method: config.method, headers: config.headers },
  };
}

const TRANSPORTS: Readonly<Record<string, CreateAxiosDefaults & { secure?: true; follows?: false }>> = {
  'http, with redirects': {},
  'http, without redirects': { maxRedirects: 0, follows: false },
  https: { secure: true },
  'https, without redirects': { secure: true, maxRedirects: 0, follows: false },
  fetch: { adapter: 'fetch' },
  'an adapter of the caller': { adapter: around },
  'an adapter that shows the headers it was given': { adapter: telling },
};

const SHOWN = new Set(['http, with redirects', 'fetch']);

interface Story {
  readonly credential: Credential;
  /** What the client has; `undefined`: the caller gives it with each request. */
  readonly given?: Credential;
  readonly url: (url: string) => string;
  readonly config?: (leave: AbortSignal) => AxiosRequestConfig;
  readonly status: number | string;
  /** What may become of the second request instead. */
  readonly again?: number;
}

const ENDINGS: Readonly<Record<string, Omit<Story, 'credential'>>> = {
  accepted: { url: (url) => `${url}/x?q=1`, status: 200 },
  'accepted after a redirect': { url: (url) => `${url}/moved`, status: 200 },
  'accepted as a stream': { url: (url) => `${url}/x`, config: () => ({ responseType: 'stream' }), status: 200 },
  'given up': { url: (url) => `${url}/hang`, config: (signal) => ({ signal }), status: 'ERR_CANCELED' },
  'timed out': { url: (url) => `${url}/late`, config: () => ({ timeout: 250 }), status: 'TIMEOUT' },
  // The second time a provider's has been sent three times and never answered, and the 401 is the caller's (SEC-37).
  'cut off': { url: (url) => `${url}/cut`, status: 'NETWORK', again: 401 },
};

/** What the strict server does at some paths, once there is an authorization. */
function habits(leave: AbortController): NonNullable<ChallengeServerOptions['onRequest']> {
  return ({ url, headers, socket }, response) => {
    if (url === '/moved') response.writeHead(307, { location: '/x' }).end();
    if (url === '/moved') return true;
    if (!headers.authorization) return false;
    if (url === '/cut') socket.destroy();
    if (url === '/hang') setImmediate(() => leave.abort());
    return url === '/cut' || url === '/hang' || url === '/late';
  };
}

function codeOf(outcome: unknown): unknown {
  if (!isAxiosError(outcome)) return (outcome as { status?: unknown; code?: unknown }).status ?? (outcome as Error);
  const { code = '', response } = outcome;
  if (/^(ECONNRESET|ERR_NETWORK)$/.test(code)) return 'NETWORK';
  if (/^(ECONNABORTED|ETIMEDOUT)$/.test(code)) return 'TIMEOUT';
  return response?.status ?? code;
}

describe('SEC-27 no secret is left in reach', () => {
  describe.each(Object.entries(TRANSPORTS))('through %s', (name, { secure, follows, ...transport }) => {
    async function tell(
      protection: Protection,
      { credential, given, url, config, status, again }: Story,
    ): Promise<void> {
      const leave = new AbortController();
      const guarded = await server({
        users: { alice: alice.password },
        tokens: [bearer.token],
        protect: protection,
        onRequest: habits(leave),
        ...(secure && { tls }),
      });
      const events: AuthEvent[] = [];
      const httpsAgent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
      afterwards(() => httpsAgent.destroy());
      const client = bare(guarded.url, { ...transport, httpsAgent });
      const providers = given ? [staticCredential(given)] : [];
      const handle = installAuth(client, { providers, onEvent: (event) => void events.push(event) });
      const held = await twice(client, url(guarded.url), config?.(leave.signal));
      expect(codeOf(held.first)).toBe(status);
      expect([status, again]).toContain(codeOf(held.second));
      const values = authorizations(guarded);
      expect(values).not.toEqual([]);
      expectNoSecrets({ ...held, handle, events }, credential, values);
      if (SHOWN.has(name)) expectNoneShown({ ...held, handle, events }, credential, values);
    }

    describe.each(SCHEMES)('%j', (protection, credential) => {
      // Where a header is kept does not depend on what is in it.
      const few = ['accepted', 'accepted after a redirect', 'cut off'];
      const endings = Object.entries(ENDINGS)
        .filter(([ending]) => protection === SCHEMES[0]?.[0] || few.includes(ending))
        .filter(([ending]) => follows !== false || !ending.includes('redirect'));

      test.each(endings)('%s', (_, story) => tell(protection, { ...story, credential, given: credential }));

      test('refused', () => {
        const wrong = 'token' in credential ? { token: 'wr0ng-t0ken' } : mallory;
        return tell(protection, { credential: wrong, given: wrong, url: (url) => `${url}/x`, status: 401 });
      });

      if ('token' in credential) return;

      // The header is the same one.
      const quick = endings.filter(([ending]) => ending !== 'timed out');

      test.each(quick)('config.auth: %s', (_, story) => {
        const config = (signal: AbortSignal) => ({ ...story.config?.(signal), auth: { ...alice } });
        return tell(protection, { ...story, config, credential });
      });

      test.each(quick)('userinfo in the URL: %s', (_, story) => {
        const url = (base: string) => story.url(withUserinfo(base));
        return tell(protection, { ...story, url, credential });
      });
    });

    test('a server that proves nothing', async () => {
      const guarded = await server({
        users: { alice: alice.password },
        protect: { scheme: 'digest', rspauth: 'wrong' },
        ...(secure && { tls }),
      });
      const httpsAgent = new https.Agent({ rejectUnauthorized: false });
      const client = bare(guarded.url, { ...transport, httpsAgent });
      installAuth(client, { providers: [staticCredential(alice)] });
      const held = await twice(client, '/');
      expect(held.first).toMatchObject({ code: 'ERR_AUTH_MUTUAL', response: { status: 200 } });
      expectNoSecrets(held, alice, authorizations(guarded));
    });

    test.each(['http://127.0.0.1:1/', 'http://nowhere.invalid/'])('nobody at %s', async (url) => {
      const client = bare(url, transport);
      installAuth(client, { providers: [] });
      const held = await twice(client, url, { auth: { ...alice } });
      expect(held.first).toBeInstanceOf(Error);
      expectNoSecrets({ ...held, name }, alice, []);
    });
  });

  /** Also those that were not judged. */
  function authorizations({ requests }: ChallengeServer): string[] {
    return requests.flatMap(({ headers }) => headers.authorization ?? []);
  }

  function withUserinfo(url: string): string {
    return url.replace('//', `//alice:${encodeURIComponent(alice.password)}@`);
  }

  const sesame = { username: 'bob', password: 'open sésame%' };

  describe.each([
    ['a plain request', undefined],
    ['a tunnel', tls],
  ])('through a proxy: %s', (_, secure) => {
    async function tell(
      auth: AxiosRequestConfig['proxy'],
      providers: Provider[],
      credential: Credential,
      status: number,
    ) {
      const users = { bob: sesame.password };
      const guard = await proxyServer({ users, protect: { scheme: 'basic', realm: 'Proxy' } });
      const guarded = await server({
        users: { alice: alice.password },
        protect: { scheme: 'basic' },
        ...(secure && { tls: secure }),
      });
      const httpsAgent = new https.Agent({ rejectUnauthorized: false });
      const client = bare(guarded.url, { httpsAgent, proxy: { ...through(guard), ...auth } });
      installAuth(client, { providers });
      const held = await twice(client, '/');
      expect([codeOf(held.first), codeOf(held.second)]).toEqual([status, status]);
      const values = guard.requests.flatMap(({ headers }) => headers['proxy-authorization'] ?? []);
      expect(values).not.toEqual([]);
      expectNoSecrets(held, credential, [...values, ...authorizations(guarded)]);
      expectNoSecrets(held, alice, []);
    }

    const forBoth = (credential: Credential): Provider => ({
      name: 'both',
      get: ({ proxy }) => (proxy ? credential : alice),
    });

    test('answered', () => tell(undefined, [forBoth(sesame)], sesame, 200));
    test('refused', () => tell(undefined, [forBoth(mallory)], mallory, 407));
    test('config.proxy.auth', () => {
      return tell({ auth: { ...sesame } } as AxiosRequestConfig['proxy'], [staticCredential(alice)], sesame, 200);
    });
  });

  test('over HTTP/2', async () => {
    const seen: string[] = [];
    const guarded = http2.createServer((request, response) => {
      const { authorization } = request.headers;
      if (authorization) seen.push(authorization);
      if (request.url === '/cut' && authorization) return request.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      response.writeHead(authorization ? 200 : 401, { 'www-authenticate': 'Basic realm="two"' }).end();
    });
    await new Promise<void>((resolve) => guarded.listen(0, '127.0.0.1', resolve));
    afterwards(() => guarded.close());
    const url = `http://127.0.0.1:${(guarded.address() as AddressInfo).port}`;
    const client = axios.create({ baseURL: url, proxy: false, httpVersion: 2, http2Options: { sessionTimeout: 50 } });
    installAuth(client, { providers: [staticCredential(alice)] });
    const held = { ...(await twice(client, '/')), cut: await client.get('/cut').catch((error: unknown) => error) };
    expect(held).toMatchObject({ first: { status: 200 }, second: { status: 200 } });
    expect(String(held.cut)).toContain('NGHTTP2_INTERNAL_ERROR');
    expect(seen).toHaveLength(3);
    expectNoSecrets(held, alice, seen);
  });

  test('many concurrent requests, over few connections', async () => {
    const guarded = await server({ users: { alice: alice.password }, protect: { scheme: 'basic' } });
    const client = bare(guarded.url);
    installAuth(client, { providers: [staticCredential(alice)] });
    const paths = Array.from({ length: 20 }, (_, index) => (index % 4 === 0 ? '/cut' : `/${index}`));
    const held = await Promise.all(paths.map((path) => client.get(path).catch((error: unknown) => error)));
    expectNoSecrets({ ...held }, alice, authorizations(guarded));
  });

  test('a request that the plugin leaves alone keeps the credential of the caller', async () => {
    const guarded = await server({ users: { alice: alice.password }, protect: { scheme: 'basic' } });
    const client = bare(guarded.url);
    installAuth(client, { providers: [] });
    const header = `Basic ${Buffer.from(`alice:${alice.password}`).toString('base64')}`;
    const own = await client.get('/', { headers: { Authorization: header } });
    expect(own.config.headers.Authorization).toBe(header);
    expect(own.request.getHeader('authorization')).toBe(header);
    const { config, request } = await client.get('/', { auth: { ...alice }, challenge: false });
    expect(config.auth).toEqual(alice);
    expect(request.getHeader('authorization')).toBe(header);
  });

  test('the name of a header that was sent is still visible', async () => {
    const guarded = await server({ users: { alice: alice.password } });
    const client = bare(guarded.url);
    installAuth(client, { providers: [staticCredential(alice)] });
    const { request } = await client.get('/');
    expect(request.getHeader('authorization')).toBe('Digest [hidden]');
    expect(request._header).toMatch(/^GET \/ HTTP\/1.1\r\n(.*\r\n)*Authorization: Digest \[hidden\]\r\n(.*\r\n)*\r\n$/);
  });

  describe.each([
    ['config.auth', (url: string) => ({ url, auth: { ...alice } })],
    ['userinfo in the URL', (url: string) => ({ url: withUserinfo(url) })],
    ['userinfo in the baseURL', (url: string) => ({ url: '/x', baseURL: withUserinfo(url) })],
  ])('what is withheld of %s', (_, configFor) => {
    test.each(['http', 'fetch'])(
      'serves code that sends the config again, as axios-retry does (%s)',
      async (adapter) => {
        let down = true;
        const guarded = await server({
          users: { alice: alice.password },
          onAuthenticated: (_received, response) => void response.writeHead(down ? 503 : 200).end(),
        });
        const client = bare('', { adapter });
        installAuth(client, { providers: [] });
        const error = await client.request(configFor(guarded.url)).catch((reason: unknown) => reason);
        if (!isAxiosError(error)) throw error;
        down = false;
        expect(error.response?.status).toBe(503);
        expect((await client.request(error.config as object)).status).toBe(200);
        expect((await client.request({ ...error.config, url: `${guarded.url}/y` })).status).toBe(200);
        expect(error.config?.auth).toMatchObject({ username: 'alice', password: alice.password });
        expect(JSON.stringify(error.toJSON())).toContain('"auth":{"username":"alice"}');
      },
    );
  });

  test('a credential of the caller is sent with Basic by a client without the plugin, too', async () => {
    const guarded = await server({ users: { alice: alice.password }, protect: { scheme: 'basic' } });
    const client = bare('');
    installAuth(client, { providers: [] });
    const { config } = await client.get(withUserinfo(guarded.url));
    expect((await bare('').request(config)).status).toBe(200);
  });

  test('a header that the caller has set to undefined stays unset', async () => {
    const guarded = await server({ users: { alice: alice.password } });
    const client = bare(guarded.url);
    installAuth(client, { providers: [staticCredential(alice)] });
    const { config } = await client.get('/', { headers: { authorization: undefined } });
    expect(Object.entries(config.headers).filter(([name, value]) => /authorization/i.test(name) && value)).toEqual([]);
    expect((await client.request(config)).status).toBe(200);
  });

  test("the caller's own Proxy-Authorization is kept for a replay", async () => {
    const guarded = await server({ users: {} });
    const client = bare(guarded.url);
    installAuth(client, { providers: [] });
    const headers = { 'Proxy-Authorization': 'Basic b25lOnR3bw==' };
    const error = await client.get('/', { headers }).catch((reason: unknown) => reason);
    expect((error as { config: InternalAxiosRequestConfig }).config.headers['Proxy-Authorization']).toBe(
      headers['Proxy-Authorization'],
    );
  });

  test.each(['http', 'fetch'] as const)('an upload goes on after an early response (%s)', async (adapter) => {
    const chunk = Buffer.alloc(65_536, 'x');
    let received = 0;
    let whole: () => void = () => {};
    const finished = new Promise<void>((resolve) => {
      whole = resolve;
    });
    const guarded = await plainServer((request, response) => {
      if (!request.headers.authorization) response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
      else response.writeHead(200).flushHeaders();
      request.on('data', (bytes: Buffer) => {
        received += bytes.length;
      });
      request.on('end', () => {
        if (request.method === 'POST') whole();
        response.end();
      });
    });
    const client = bare(guarded.url, { adapter, responseType: 'stream' });
    installAuth(client, { providers: [staticCredential(alice)] });
    (await client.get('/')).data.resume?.();
    received = 0;
    async function* slowly() {
      for (let i = 0; i < 8; i += 1) {
        yield chunk;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const { status, request } = await client.post('/', Readable.from(slowly(), { objectMode: false }), {
      maxRedirects: 0,
    });
    await finished;
    expect([status, received]).toEqual([200, 8 * chunk.length]);
    expect(inspect(request, { depth: 5, showHidden: true })).not.toContain(spellings(alice).at(-1));
  });

  test('a request that is aborted while it waits for a connection', async () => {
    const held: ServerResponse[] = [];
    const guarded = await server({
      users: { alice: alice.password },
      protect: { scheme: 'basic' },
      onAuthenticated: ({ url }, response) => void (url === '/held' ? held.push(response) : response.end()),
    });
    const client = bare(guarded.url, { httpAgent: new http.Agent({ keepAlive: true, maxSockets: 1 }) });
    installAuth(client, { providers: [staticCredential(alice)] });
    await client.get('/');
    const first = client.get('/held');
    const leave = new AbortController();
    const second = client.get('/queued', { signal: leave.signal }).catch((error: unknown) => error);
    setImmediate(() => leave.abort());
    const outcome = await second;
    expect(outcome).toMatchObject({ code: 'ERR_CANCELED' });
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (const response of held) response.end();
    expect((await first).status).toBe(200);
    // While the first was under way, their common agent led to it.
    expectNoSecrets({ outcome }, alice, authorizations(guarded));
  });

  test('an invalid URL', async () => {
    const client = bare('');
    installAuth(client, { providers: [] });
    const outcome = await client.get(withUserinfo('http://:port/')).catch((error: unknown) => error);
    expect(outcome).toMatchObject({ code: 'ERR_INVALID_URL' });
    expect(search({ outcome }, spellings(alice)).found).toEqual([]);
  });

  test('an error inside an error refers to the config of the caller', async () => {
    const guarded = await server({ users: {} });
    const wrapping = (config: InternalAxiosRequestConfig) =>
      axios
        .getAdapter('http')(config)
        .catch((cause: AxiosError) => {
          throw Object.assign(new Error('wrapped', { cause }), { response: cause.response });
        });
    const client = bare(guarded.url, { adapter: wrapping });
    installAuth(client, { providers: [staticCredential(alice)] });
    const outcome = (await client.get('/').catch((error: unknown) => error)) as { cause: AxiosError };
    expect(guarded.requests.map(({ status }) => status)).toEqual([401, 401]);
    expect(outcome.cause.config?.headers.has('Authorization')).toBe(false);
    expectNoSecrets({ outcome }, alice, authorizations(guarded));
  });

  test('a request that is not sent yet is not changed', async () => {
    const arrived: Array<string | undefined> = [];
    const { url } = await plainServer(({ headers }, response) => {
      arrived.push(headers.authorization);
      response.writeHead(headers.authorization ? 200 : 401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
    });
    let running: http.ClientRequest | undefined;
    const impatient = async (config: InternalAxiosRequestConfig) => {
      if (!config.headers.has('Authorization')) return axios.getAdapter('http')(config);
      running = http.request(url, { headers: { Authorization: String(config.headers.get('Authorization')) } });
      throw Object.assign(new Error('it takes too long'), { request: running });
    };
    const client = bare(url, { adapter: impatient });
    installAuth(client, { providers: [staticCredential(alice)] });
    await expect(client.get('/')).rejects.toThrow('it takes too long');
    await new Promise((resolve) => running?.once('response', resolve).end());
    expect(arrived).toEqual([undefined, `Basic ${spellings(alice).at(-1)}`]);
  });

  test('a provider whose error message holds the secret is not quoted', async () => {
    const guarded = await server({ users: { alice: alice.password } });
    const careless: Provider = {
      name: 'careless',
      get: () => alice,
      approve: (_, credential) => {
        throw new Error(`cannot store ${JSON.stringify(credential)}`);
      },
    };
    const heard: AuthEvent[] = [];
    const client = bare(guarded.url);
    installAuth(client, { providers: [careless], onEvent: (event) => void heard.push(event) });
    await client.get('/');
    expect(heard).toContainEqual(expect.objectContaining({ type: 'told', failure: expect.stringContaining('secret') }));
    expect(JSON.stringify(heard)).not.toContain(alice.password);
  });
});
