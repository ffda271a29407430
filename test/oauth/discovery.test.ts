/** Discovery over real sockets, on this machine. */

import { gzipSync } from 'node:zlib';
import { jest } from '@jest/globals';
import { explain, installAuth, staticCredential } from '../../src/index.js';
import { discover } from '../../src/oauth/discovery/discover.js';
import { plainServer, spy } from '../support/stage.js';
import { discoverAt, failureOf, plainClient, resolver, resourceServer } from '../support/web.js';

const STEP = 'oauth: discovery failed at resource metadata:';
const ROOT = '/.well-known/oauth-protected-resource';

test('a resource on this machine leads to an issuer on this machine', async () => {
  const { url, paths } = await resourceServer();
  expect(await discoverAt({ url: `${url}/mcp?key=s3cret` })).toMatchObject({ issuer: `${url}/t`, resource: url });
  expect(paths()).toEqual([
    `${ROOT}/mcp`,
    ROOT,
    '/.well-known/oauth-authorization-server/t',
    '/.well-known/openid-configuration/t',
  ]);
});

test('localhost is resolved as the system does', async () => {
  const { port } = await resourceServer();
  const origin = `http://localhost:${port}`;
  expect(await discoverAt({ url: origin })).toMatchObject({ issuer: `${origin}/t`, resource: origin });
});

test('a redirect is not followed', async () => {
  const target = await resourceServer();
  const { url, paths } = await resourceServer((_request, response) => {
    response.writeHead(302, { Location: `${target.url}${ROOT}` }).end();
  });
  expect(await failureOf(discoverAt({ url }))).toBe(`${STEP} ${url}${ROOT} answered 302 (set issuer, if you know it)`);
  expect(paths()).toEqual([ROOT]);
  expect(target.requests).toHaveLength(0);
});

test('of 100 MB no more is read than it takes to refuse them', async () => {
  let written = 0;
  const { url } = await resourceServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    const more = () => {
      while (written < 100e6) {
        written += 65_536;
        if (!response.write(Buffer.alloc(65_536, 0x20))) return;
      }
      response.end();
    };
    response.on('drain', more);
    more();
  });
  expect(await failureOf(discoverAt({ url }))).toContain('cannot be fetched (AxiosError, ERR_BAD_RESPONSE)');
  expect(written).toBeLessThan(50e6);
});

test('100 MB in a few bytes are not unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(100e6, 0x20));
  const { url, requests } = await resourceServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }).end(bomb);
  });
  expect(await failureOf(discoverAt({ url }))).toContain('cannot be fetched (AxiosError, ERR_BAD_RESPONSE)');
  expect(requests[0]?.headers['accept-encoding']).toBe('identity');
});

test('who gives up closes the connection', async () => {
  const controller = new AbortController();
  const closed = new Promise<void>((resolve) => {
    void resourceServer((request) => {
      request.socket.on('close', () => resolve());
      controller.abort();
    }).then(async ({ url }) => {
      expect(await failureOf(discoverAt({ url }, { signal: controller.signal }))).toBe(`${STEP} it was given up`);
      expect(await failureOf(discoverAt({ url }, { signal: controller.signal }))).toContain('it was given up');
    });
  });
  await closed;
});

test('a fetch that takes more than ten seconds is ended', async () => {
  jest.useFakeTimers();
  try {
    const signals: AbortSignal[] = [];
    const hanging = (_url: string, { signal }: { readonly signal?: AbortSignal }) => {
      signals.push(signal as AbortSignal);
      return new Promise<never>(() => {});
    };
    const question = { url: 'http://127.0.0.1/mcp', challenge: undefined, issuer: undefined };
    const failure = failureOf(discover(question, hanging));
    await jest.advanceTimersByTimeAsync(9_999);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await jest.advanceTimersByTimeAsync(1);
    expect(await failure).toBe(`${STEP} http://127.0.0.1${ROOT}/mcp took more than 10 seconds`);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  } finally {
    jest.useRealTimers();
  }
});

test('a resource whose name is never resolved is given up, too', async () => {
  jest.useFakeTimers();
  try {
    const resolve = () => new Promise<never>(() => {});
    const failure = failureOf(discoverAt({ url: 'https://api.example/mcp?s3cret' }, { resolve }));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await failure).toBe(
      'oauth: discovery failed at the resource: https://api.example/mcp took more than 10 seconds',
    );
  } finally {
    jest.useRealTimers();
  }
});

test('what the client adds by default is not sent', async () => {
  const { url, requests, paths } = await resourceServer();
  const http = plainClient({
    baseURL: `${url}/base`,
    allowAbsoluteUrls: false,
    params: { key: 's3cret' },
    auth: { username: 'alice', password: 's3cret' },
    headers: { Authorization: 'Bearer s3cret', Cookie: 'sid=s3cret', common: { authorization: 'Bearer s3cret' } },
    timeout: 1,
    maxRedirects: 5,
    responseType: 'json',
  });
  expect(await discoverAt({ url }, { http })).toMatchObject({ issuer: `${url}/t` });
  expect(paths().join()).not.toContain('s3cret');
  for (const { rawHeaders } of requests) expect(rawHeaders.join()).not.toMatch(/s3cret|authorization|cookie/i);
});

test('the 401 of a place is left alone by a plugin on the client', async () => {
  const { url, requests } = await resourceServer((_request, response) => {
    response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
  });
  const http = plainClient();
  const provider = spy({ token: 's3cret' });
  installAuth(http, { providers: [provider] });
  expect(await failureOf(discoverAt({ url }, { http }))).toContain('answered 401');
  expect(requests).toHaveLength(1);
  expect(provider.asked).toEqual([]);
});

test('where nothing listens the error says so, and holds no settings of the client', async () => {
  const http = plainClient({ headers: { 'X-Key': 's3cret' } });
  const error = await discoverAt({ url: 'http://127.0.0.1:1' }, { http }).catch((reason: Error) => reason);
  expect((error as Error).message).toBe(`${STEP} http://127.0.0.1:1${ROOT} cannot be fetched (Error, ECONNREFUSED)`);
  expect((error as Error).cause).toBeUndefined();
});

test('through a proxy the proxy is connected to, wherever it is', async () => {
  const { port } = await resourceServer();
  const origin = `http://api.localhost:${port}`;
  const seen: string[] = [];
  const proxy = await plainServer((request, response) => {
    seen.push(request.url as string);
    const { pathname } = new URL(request.url as string);
    const about = pathname === ROOT && { resource: origin, authorization_servers: [origin] };
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(about || { issuer: origin }));
  });
  const resolve = resolver({ 'api.localhost': ['203.0.113.7'], 'proxy.private': ['127.0.0.1'] });
  const http = plainClient({
    proxy: { protocol: 'http', host: 'proxy.private', port: Number(new URL(proxy.url).port) },
  });
  const found = discoverAt({ url: origin, address: '203.0.113.7' }, { http, resolve });
  expect(await found).toMatchObject({ issuer: origin });
  expect(seen).toEqual([`${origin}${ROOT}`, `${origin}/.well-known/oauth-authorization-server`]);
});

test('a request without discovery asks no place', async () => {
  const { url, paths } = await resourceServer((request, response) => {
    if (request.url !== '/mcp') return false;
    const field = `Bearer realm="http://${request.headers.host}/realm", resource_metadata="http://${request.headers.host}/meta"`;
    response.writeHead(401, { 'WWW-Authenticate': field }).end();
    return true;
  });
  const client = plainClient();
  installAuth(client, { providers: [staticCredential({ token: 's3cret' })] });
  expect(explain(await client.get(`${url}/mcp`).catch((error: unknown) => error))).toContain('401');
  expect(paths()).toEqual(['/mcp', '/mcp']);
});
