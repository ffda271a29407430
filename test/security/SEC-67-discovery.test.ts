/** SEC-67 Metadata is whose it says: of this resource, of this issuer, small, plain, and asked for without a credential. */

import { once } from 'node:events';
import { jest } from '@jest/globals';
import { installAuth, staticCredential } from '../../src/index.js';
import { discover, type FetchJson } from '../../src/oauth/discovery/discover.js';
import { plainServer } from '../support/stage.js';
import { discoverAt, failureOf, json, plainClient, resourceServer } from '../support/web.js';

const ROOT = '/.well-known/oauth-protected-resource';

/** A resource at `/mcp` with this description, and an issuer with this metadata, in one server. */
async function stage(
  about: (origin: string) => object,
  metadata: (origin: string) => object = (issuer) => ({ issuer }),
) {
  const { url, requests } = await plainServer((request, response) => {
    const origin = `http://${request.headers.host}`;
    const isResource = request.url?.startsWith(ROOT);
    json(response, isResource ? { authorization_servers: [origin], ...about(origin) } : metadata(origin));
  });
  return { url: `${url}/mcp`, paths: () => requests.map((request) => request.url) };
}

test.each([
  ['another origin', () => 'http://127.0.0.1:1/mcp'],
  ['another path', (origin: string) => `${origin}/other`],
  ['a path that begins alike', (origin: string) => `${origin}/m`],
  ['a path below', (origin: string) => `${origin}/mcp/tools`],
  ['a user', (origin: string) => `${origin.replace('//', '//alice@')}/mcp`],
  ['a fragment', (origin: string) => `${origin}/mcp#x`],
  ['nothing', () => undefined],
])('SEC-67 metadata of a resource with %s is not believed', async (_, resource) => {
  const { url, paths } = await stage((origin) => ({ resource: resource(origin) }));
  expect(await failureOf(discoverAt({ url }))).toContain('failed at resource metadata: it is that of another resource');
  expect(paths()).toEqual([`${ROOT}/mcp`]);
});

test.each([
  ['another', () => 'https://id.example'],
  ['one with a slash more', (origin: string) => `${origin}/`],
  ['one in capitals', (origin: string) => origin.toUpperCase()],
  ['no', () => undefined],
])('SEC-67 metadata of %s issuer is not believed', async (_, issuer) => {
  const { url } = await stage(
    (resource) => ({ resource }),
    (origin) => ({ issuer: issuer(origin) }),
  );
  expect(await failureOf(discoverAt({ url }))).toContain('failed at issuer metadata: it is that of another issuer');
});

test('SEC-67 an issuer that the caller has set is not replaced by another one', async () => {
  const { url, paths } = await stage((resource) => ({ resource }));
  const discovery = discoverAt({ url, issuer: 'https://id.example' });
  expect(await failureOf(discovery)).toContain(
    'failed at choice of issuer: the resource does not name "https://id.example"',
  );
  expect(paths()).toHaveLength(1);
});

test.each([301, 302, 303, 307, 308])('SEC-67 a redirect with %d is not followed', async (status) => {
  const target = await resourceServer();
  const { url } = await plainServer((_request, response) => {
    response.writeHead(status, { Location: `${target.url}${ROOT}` }).end();
  });
  expect(await failureOf(discoverAt({ url }))).toContain(`answered ${status}`);
  expect(target.requests).toHaveLength(0);
});

test('SEC-67 no more than 64 KiB are read, and nothing of them is said', async () => {
  let written = 0;
  const { url } = await plainServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    const more = () => {
      while (written < 100e6) {
        written += 60_000;
        if (!response.write('s3cret'.repeat(10_000))) return;
      }
      response.end();
    };
    response.on('drain', more);
    more();
  });
  const message = await failureOf(discoverAt({ url }));
  expect(message).toContain('failed at resource metadata');
  expect(message).not.toContain('s3cret');
  expect(written).toBeLessThan(50e6);
});

test.each([
  ['text/html', '{}', 'is not JSON'],
  ['application/json', '{"s3cret"', 'is not a JSON object'],
  ['application/json', `{"resource":"${'s3cret'.repeat(3)}"}`, 'is that of another resource'],
])('SEC-67 of a body of %s that is %s nothing is said', async (type, body, reason) => {
  const { url } = await plainServer((_request, response) => response.setHeader('Content-Type', type).end(body));
  const message = await failureOf(discoverAt({ url }));
  expect(message).toContain(reason);
  expect(message).not.toContain('s3cret');
});

test('SEC-67 who is given up hears no more of it', async () => {
  const controller = new AbortController();
  const closings: Array<Promise<unknown>> = [];
  const { url } = await plainServer(({ socket }) => {
    closings.push(once(socket, 'close'));
    controller.abort();
  });
  expect(await failureOf(discoverAt({ url }, { signal: controller.signal }))).toContain('it was given up');
  expect(closings).toHaveLength(1);
  await closings[0];
});

test('SEC-67 a fetch has ten seconds, and hears when they are over', async () => {
  jest.useFakeTimers();
  try {
    const signals: Array<AbortSignal | undefined> = [];
    const hanging: FetchJson = (_url, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    };
    const question = { url: 'http://127.0.0.1/mcp', challenge: undefined, issuer: undefined };
    const failure = failureOf(discover(question, hanging));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await failure).toContain('took more than 10 seconds');
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  } finally {
    jest.useRealTimers();
  }
});

test('SEC-67 no credential of the client goes with a discovery, and no query of the resource', async () => {
  const { url, requests } = await resourceServer();
  const http = plainClient({
    params: { key: 's3cret' },
    auth: { username: 'alice', password: 's3cret' },
    headers: { Authorization: 'Bearer s3cret', Cookie: 's3cret' },
  });
  await discoverAt({ url: `${url}/?key=s3cret` }, { http });
  const sent = requests.map((request) => [request.url, ...request.rawHeaders].join('\n')).join('\n');
  expect(sent).not.toMatch(/s3cret|^(authorization|cookie)$/im);
  expect(requests).toHaveLength(3);
});

test('SEC-67 there are at most six fetches', async () => {
  const { url, requests } = await plainServer((_request, response) => response.writeHead(404).end());
  const challenge = { scheme: 'bearer', params: { resource_metadata: `${url}/meta` } };
  await failureOf(discoverAt({ url: `${url}/mcp`, challenge, issuer: `${url}/t` }));
  expect(requests).toHaveLength(6);
});

test('SEC-67 a request whose caller asked for no discovery makes none', async () => {
  const { url, requests } = await plainServer((request, response) => {
    const field = `Bearer resource_metadata="http://${request.headers.host}/meta"`;
    response.writeHead(401, { 'WWW-Authenticate': field }).end();
  });
  const client = plainClient();
  installAuth(client, { providers: [staticCredential({ token: 's3cret' })] });
  await client.get(`${url}/mcp`).catch(() => {});
  expect(requests.map((request) => request.url)).toEqual(['/mcp', '/mcp']);
});

test('SEC-17 a realm that is an address is not where metadata is looked for', async () => {
  const { url, paths } = await resourceServer();
  const elsewhere = await resourceServer();
  const challenge = { scheme: 'bearer', params: { realm: `${elsewhere.url}${ROOT}` } };
  expect(await discoverAt({ url, challenge })).toMatchObject({ issuer: `${url}/t` });
  expect(paths()[0]).toBe(ROOT);
  expect(elsewhere.requests).toHaveLength(0);
});
