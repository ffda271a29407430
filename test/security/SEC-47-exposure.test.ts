/** What leaves this machine is exposed, whatever the origin is called, and at once as well as after a challenge (SEC-47). */

import http from 'node:http';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { AxiosRequestConfig, InternalAxiosRequestConfig } from 'axios';
import { explain } from '../../src/index.js';
import type { ChallengeServer } from '../../src/testing/challenge-server.js';
import { unsetProxyVariables, withoutProxyVariables } from '../support/environment.js';
import { proxyServer } from '../support/proxy.js';
import { afterwards, alice, client, plainServer, server, spy } from '../support/stage.js';
import { selfSigned } from '../support/tls.js';

withoutProxyVariables();

const BASIC = { protect: { scheme: 'basic' } } as const;

/** A name of this machine that is not called so: it stands for a machine elsewhere. */
const NAME = 'proxy.example';
const lookup: AxiosRequestConfig['lookup'] = (_host, _options, found) => found(null, '127.0.0.1', 4);

function portOf({ url }: { readonly url: string }): number {
  return Number(new URL(url).port);
}

/** Whether any request of a server had an Authorization. */
function hasSeen({ requests }: Pick<ChallengeServer, 'requests'>): boolean {
  return requests.some(({ headers }) => headers.authorization !== undefined);
}

/** An agent whose connections say that they end on another machine. */
function elsewhere(): http.Agent {
  class ProxyAgent extends http.Agent {}
  const agent = new ProxyAgent();
  const createConnection = (options: { port: number }) =>
    Object.defineProperty(connect(options.port, '127.0.0.1'), 'remoteAddress', { value: '192.0.2.7' });
  afterwards(() => agent.destroy());
  return Object.assign(agent, { createConnection });
}

type Way = (proxy: ChallengeServer) => AxiosRequestConfig;

const WAYS: ReadonlyArray<readonly [string, Way]> = [
  ['config.proxy', (proxy) => ({ proxy: { host: NAME, port: portOf(proxy) }, lookup })],
  [
    'http_proxy',
    (proxy) => {
      process.env.http_proxy = `http://${NAME}:${portOf(proxy)}`;
      return { lookup };
    },
  ],
  [
    'ALL_PROXY, and a NO_PROXY that does not name the host',
    (proxy) => {
      process.env.ALL_PROXY = `http://${NAME}:${portOf(proxy)}`;
      process.env.NO_PROXY = 'other.example, 127.0.0.1:1';
      return { lookup };
    },
  ],
  ['an agent', () => ({ httpAgent: elsewhere() })],
];

describe.each(WAYS)('Basic for this machine, through %s on another', (_, way) => {
  test.each(['127.0.0.1', 'localhost'])(
    'SEC-47 no authorization for %s is sent, neither before nor after a challenge',
    async (host) => {
      const [guarded, proxy] = [await server(BASIC), await proxyServer({ protect: {} })];
      const provider = spy(alice);
      const url = guarded.url.replace('127.0.0.1', host);
      const instance = client(url, { providers: [provider] }, { proxy: undefined as never });
      const cold = await instance.get('/', { ...way(proxy), validateStatus: null });
      expect([cold.status, provider.asked.length, hasSeen(guarded)]).toEqual([401, 0, false]);
      expect(explain(cold)).toMatch(/in the clear to another machine than http:.*ERR_AUTH_INSECURE/);
      unsetProxyVariables();
      expect((await instance.get('/')).status).toBe(200);
      const before = guarded.requests.length;
      const warm = await instance.get('/', { ...way(proxy), validateStatus: null });
      expect([warm.status, hasSeen({ requests: guarded.requests.slice(before) })]).toEqual([401, false]);
      const allowed = { challenge: { allowInsecure: [url] } };
      expect((await instance.get('/', { ...way(proxy), ...allowed })).status).toBe(200);
    },
  );
});

test('SEC-47 a request through a proxy on this machine does not leave this machine', async () => {
  const [guarded, proxy] = [await server(BASIC), await proxyServer({ protect: {} })];
  const instance = client(guarded.url, {}, { proxy: { host: '127.0.0.1', port: portOf(proxy) } });
  for (let i = 0; i < 2; i += 1) expect((await instance.get('/')).status).toBe(200);
  expect(guarded.requests.map(({ status }) => status)).toEqual([401, 200, 200]);
});

test('SEC-47 the address of localhost decides, not its name', async () => {
  const guarded = await server(BASIC);
  const provider = spy(alice);
  const instance = client(guarded.url.replace('127.0.0.1', 'localhost'), { providers: [provider] });
  const response = await instance.get('/', { httpAgent: elsewhere(), validateStatus: null });
  expect([response.status, provider.asked]).toEqual([401, []]);
});

const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

(outside === undefined ? test.skip : test)(
  'SEC-47 a name of the caller makes another machine of localhost',
  async () => {
    const requests: http.IncomingMessage[] = [];
    const far = http.createServer((request, response) => {
      requests.push(request);
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="r"', Connection: 'close' }).end();
    });
    await new Promise<void>((resolve) => far.listen(0, outside, resolve));
    afterwards(() => far.close());
    const { port } = far.address() as { port: number };
    const provider = spy(alice);
    const instance = client(`http://app.localhost:${port}`, { providers: [provider] });
    const there: AxiosRequestConfig['lookup'] = (_host, _options, found) => found(null, outside as string, 4);
    const response = await instance.get('/', { lookup: there, validateStatus: null });
    expect([response.status, provider.asked, hasSeen({ requests } as never)]).toEqual([401, [], false]);
  },
);

/** As axios before 1.16 goes through a proxy: all of an https request, in clear text. */
async function withoutTunnel(config: InternalAxiosRequestConfig) {
  const port =
    (config.proxy as { port: number } | undefined)?.port ?? Number(new URL(`${process.env.https_proxy}`).port);
  const path = `${config.baseURL}${config.url}`;
  const headers = config.headers.toJSON() as http.OutgoingHttpHeaders;
  const request = http.get({ host: '127.0.0.1', port, path, headers, agent: false });
  const [response] = await new Promise<http.IncomingMessage[]>((resolve) =>
    request.once('response', (one) => resolve([one])),
  );
  response?.resume();
  return {
    status: response?.statusCode ?? 0,
    statusText: '',
    headers: response?.headers as never,
    data: '',
    config,
    request,
  };
}

test.each<readonly [string, (port: number) => AxiosRequestConfig]>([
  ['config.proxy', (port) => ({ proxy: { host: '127.0.0.1', port } })],
  [
    'https_proxy',
    (port) => {
      process.env.https_proxy = `http://127.0.0.1:${port}`;
      return {};
    },
  ],
])('SEC-47 a known https credential is not sent to the proxy of %s, if axios opens no tunnel', async (_, way) => {
  const tls = selfSigned();
  const guarded = await server({ ...BASIC, tls });
  const proxy = await plainServer((_request, response) =>
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="r"' }).end(),
  );
  const httpsAgent = new Agent({ ca: tls.cert });
  afterwards(() => httpsAgent.destroy());
  const instance = client(guarded.url, {}, { httpsAgent, proxy: undefined as never });
  for (let i = 0; i < 2; i += 1) expect((await instance.get('/')).status).toBe(200);
  const config = { ...way(portOf(proxy)), adapter: withoutTunnel as never, validateStatus: null };
  const response = await instance.get('/', config);
  expect(response.status).toBe(401);
  expect(explain(response)).toMatch(/in the clear to a proxy for https:.*ERR_AUTH_INSECURE/);
  expect(proxy.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  unsetProxyVariables();
  expect((await instance.get('/')).status).toBe(200);
  expect(guarded.requests.map(({ status }) => status)).toEqual([401, 200, 200, 200]);
});
