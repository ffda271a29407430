/** SEC-46 A Host header of the caller's own names another server: nothing goes there at once that is for the URL's. */

import axios, { AxiosHeaders, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import { explain, installAuth, staticCredential } from '../../src/index.js';
import type { ChallengeServer, Protection } from '../../src/testing/challenge-server.js';
import { alice, bare, client, plainServer, server } from '../support/stage.js';

const OTHER = 'other.example';

/** The first send of each request to a host that is not the URL's own. */
function toOthers({ requests }: ChallengeServer): Array<string | undefined> {
  return requests.filter(({ headers }) => headers.host === OTHER).map(({ authorization }) => authorization);
}

const WAYS: Readonly<Record<string, AxiosRequestConfig>> = {
  Host: { headers: { Host: OTHER } },
  host: { headers: { host: OTHER } },
  HOST: { headers: { HOST: OTHER } },
  AxiosHeaders: { headers: new AxiosHeaders({ Host: OTHER }) as never },
  'with a body': { method: 'post', data: { a: 1 }, headers: { Host: OTHER } },
  'options of its own': { headers: { Host: OTHER }, challenge: { maxCredentials: 1 } },
};

describe.each<[string, Protection]>([
  ['Basic', { scheme: 'basic' }],
  ['Digest', { scheme: 'digest' }],
])('%s', (_, protect) => {
  test.each(Object.entries(WAYS))(
    'SEC-46 %s: a session of the URL is not used before a challenge',
    async (_name, config) => {
      const guarded = await server({ protect });
      const http = client(guarded.url);
      for (let i = 0; i < 2; i += 1) await http.get('/');
      await http.request({ url: '/', ...config, validateStatus: null });
      expect(guarded.requests.slice(0, 3).map(({ status }) => status)).toEqual([401, 200, 200]);
      expect(toOthers(guarded)[0]).toBeUndefined();
      expect(toOthers(guarded).length).toBeGreaterThan(0);
    },
  );

  test('SEC-46 a Host of the client, of its method, or of an interceptor counts as well', async () => {
    const guarded = await server({ protect });
    const http = client(guarded.url, {}, { validateStatus: null });
    await http.get('/');
    http.defaults.headers.common.Host = 'common.example';
    await http.get('/common');
    delete http.defaults.headers.common.Host;
    http.defaults.headers.get.host = 'method.example';
    await http.get('/method');
    delete http.defaults.headers.get.host;
    const id = http.interceptors.request.use((config) => {
      config.headers.set('Host', 'interceptor.example');
      return config;
    });
    await http.get('/interceptor');
    http.interceptors.request.eject(id);
    for (const name of ['common', 'method', 'interceptor']) {
      const first = guarded.requests.find(({ url }) => url === `/${name}`);
      expect([first?.headers.host, first?.authorization]).toEqual([`${name}.example`, undefined]);
    }
  });

  test('SEC-46 a credential that a named host has accepted is preemptive for that host only', async () => {
    const guarded = await server({ protect });
    const http = client(guarded.url);
    const to = (host?: string) => http.get('/', host === undefined ? {} : { headers: { Host: host } });
    for (const host of ['one.example', 'one.example', 'two.example', undefined, 'ONE.example']) await to(host);
    expect(guarded.requests.map(({ headers, status }) => [headers.host, status])).toEqual([
      ['one.example', 401],
      ['one.example', 200],
      ['one.example', 200],
      ['two.example', 401],
      ['two.example', 200],
      [new URL(guarded.url).host, 401],
      [new URL(guarded.url).host, 200],
      ['ONE.example', 200],
    ]);
  });

  test("SEC-46 a Host header with the URL's own host, or without a value, names no other server", async () => {
    const guarded = await server({ protect });
    const http = client(guarded.url);
    await http.get('/');
    for (const Host of [new URL(guarded.url).host, undefined, null, false]) {
      await http.get('/', { headers: { Host } as never });
    }
    expect(guarded.requests.map(({ status }) => status)).toEqual([401, 200, 200, 200, 200, 200]);
  });
});

test('SEC-46 a redirect that leaves the named host is not answered for that host', async () => {
  const guarded = await plainServer(({ headers, url }, response) => {
    if (headers.host === OTHER) response.writeHead(302, { Location: `${guarded.url}/in${url}` }).end();
    else if (!headers.authorization) response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
    else response.end('in');
  });
  const http = client(guarded.url, {}, { validateStatus: null });
  const response = await http.get('/', { headers: { Host: OTHER } });
  expect(guarded.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  expect(explain(response)).toContain('ERR_AUTH_ORIGIN');
});

test('SEC-46 a Host is found whatever the adapter', async () => {
  const guarded = await server({ protect: { scheme: 'basic' } });
  const adapter = (config: InternalAxiosRequestConfig) => axios.getAdapter('http')(config);
  const http = bare(guarded.url, { adapter });
  installAuth(http, { providers: [staticCredential(alice)] });
  await http.get('/');
  await http.get('/', { headers: { hOsT: OTHER } });
  expect(toOthers(guarded)[0]).toBeUndefined();
});
