/** SEC-45 What the caller gives for one origin, in `config.auth` or in a URL, is not for another. */

import axios, {
  type AxiosInstance,
  type AxiosRequestConfig,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { explain, installAuth, staticCredential, trace } from '../../src/index.js';
import type { ChallengeServer } from '../../src/testing/challenge-server.js';
import { alice, bare, client, server, spy } from '../support/stage.js';

const users = { alice: alice.password };
const carol = { username: 'carol', password: 'other' };

const named = (url: string, userinfo = `alice:${alice.password}`) => url.replace('//', `//${userinfo}@`);
const open = () => server({ protect: {} });

function fields({ requests }: ChallengeServer): Array<string | undefined> {
  return requests.map(({ authorization }) => authorization);
}

/** The config of what came, be it a response or an error. */
async function configOf(request: Promise<AxiosResponse>): Promise<AxiosRequestConfig> {
  return request.then(
    ({ config }) => config,
    ({ config }) => config,
  );
}

const FORMS: Readonly<Record<string, (url: string) => AxiosRequestConfig>> = {
  'userinfo in the URL': (url) => ({ url: `${named(url)}/x` }),
  'userinfo in the baseURL': (url) => ({ url: '/x', baseURL: named(url) }),
  'userinfo behind white space': (url) => ({ url: ` \n${named(url)}/x` }),
  'config.auth': (url) => ({ url: `${url}/x`, auth: { ...alice } }),
};

describe.each(Object.entries(FORMS))('%s', (_, form) => {
  test.each(['http', 'fetch'])('SEC-45 does not follow a config that is sent elsewhere (%s)', async (adapter) => {
    const [guarded, other] = [await server({ users, protect: { scheme: 'basic' } }), await open()];
    const http = client('', { providers: [] }, { adapter });
    const { config } = await http.request(form(guarded.url));
    const response = await http.request({ ...config, url: `${other.url}/y` });
    await http.request({ ...config, url: '/y', baseURL: other.url });
    await http.request({ ...config, url: `${other.url}/y`, challenge: false });
    await http.get(`${other.url}/y`, config);
    await http.get(`${other.url.replace('127.0.0.1', 'localhost')}/y`, config);
    expect(fields(other)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(response.config.auth).toBeUndefined();
    // Where it is for, it serves: after Basic was right, too.
    expect((await http.request({ ...config, url: `${guarded.url}/y` })).status).toBe(200);
  });

  test('SEC-45 does not follow the config of an error, nor where a challenge awaits it', async () => {
    const [guarded, other] = [await server({ users: {} }), await server({ users })];
    const http = client('', { providers: [] }, { validateStatus: (status) => status < 300 });
    const config = await configOf(http.request(form(guarded.url)));
    const error = await http.request({ ...config, url: `${other.url}/y` }).catch((reason: unknown) => reason);
    expect(fields(other)).toEqual([undefined]);
    expect(explain(error)).toContain('no provider has a credential');
  });

  test('SEC-45 does not follow a config that was aborted before it was sent', async () => {
    const [guarded, other] = [await server({ users }), await open()];
    const http = client('', { providers: [] });
    const config = await configOf(http.request({ ...form(guarded.url), signal: AbortSignal.abort() }));
    await http.request({ ...config, signal: undefined as never, url: `${other.url}/y` });
    expect(fields(other)).toEqual([undefined]);
  });

  test('SEC-45 yields to the userinfo of the next URL', async () => {
    const [guarded, other] = [await server({ users }), await server({ users: { carol: 'other' } })];
    const http = client('', { providers: [] });
    const { config } = await http.request(form(guarded.url));
    await http.request({ ...config, url: `${named(other.url, 'carol:other')}/y` });
    expect(other.requests.at(-1)).toMatchObject({ user: 'carol', status: 200 });
  });

  test.each<['basic' | 'digest']>([['basic'], ['digest']])(
    'SEC-45 is not the answer to a trusted origin (%s), which its own credential is for',
    async (scheme) => {
      const other = await server({ users: { alice: alice.password, carol: 'other' }, protect: { scheme } });
      const guarded = await server({
        users,
        onAuthenticated: (_request, response) => void response.writeHead(307, { Location: `${other.url}/y` }).end(),
      });
      const without = client('', { providers: [], trustOrigins: [other.url] }, { validateStatus: null });
      expect((await without.request(form(guarded.url))).status).toBe(401);
      expect(other.requests.flatMap(({ user }) => user ?? [])).toEqual([]);

      other.requests.length = 0;
      const provider = spy(carol);
      const providers = [staticCredential(carol, { origin: other.url })];
      const having = client('', { providers: [...providers, provider], trustOrigins: [other.url] });
      const response = await having.request(form(guarded.url));
      expect([response.status, other.requests.flatMap(({ user }) => user ?? [])]).toEqual([200, ['carol']]);
      expect(JSON.stringify(trace(response))).not.toContain('mallory');
      // The session of the other origin was not opened for this account there.
      other.requests.length = 0;
      await having.get(other.url, { auth: { ...alice } });
      expect(other.requests.flatMap(({ user }) => user ?? [])).not.toContain('carol');
    },
  );
});

test('SEC-45 another userinfo for the same origin is used', async () => {
  const guarded = await server({ users: { alice: alice.password, carol: 'other' } });
  const http = client('', { providers: [] });
  const { config } = await http.get(`${named(guarded.url)}/x`);
  await http.request({ ...config, url: `${named(guarded.url, 'carol:other')}/y` });
  expect(guarded.requests.at(-1)).toMatchObject({ user: 'carol', status: 200 });
});

test('SEC-45 the account that a URL names is not asked for at a trusted origin', async () => {
  const other = await server({ users: { carol: 'other' } });
  const guarded = await server({
    users,
    onAuthenticated: (_request, response) => void response.writeHead(307, { Location: `${other.url}/y` }).end(),
  });
  const asked: Array<readonly [string, string | undefined]> = [];
  const provider = {
    name: 'both',
    get: ({ origin, username }: { origin: string; username?: string }) => {
      asked.push([origin, username]);
      return origin === other.url ? carol : alice;
    },
  };
  const http = client('', { providers: [provider], trustOrigins: [other.url] });
  await http.get(`${named(guarded.url, 'alice')}/x`);
  expect(asked).toEqual([
    [guarded.url, 'alice'],
    [other.url, undefined],
  ]);
});

test('SEC-45 a credential that was withheld for one proxy is not sent to another proxy', async () => {
  const guarded = await open();
  const seen: Array<string | undefined> = [];
  const proxy = async () => {
    const { plainServer } = await import('../support/stage.js');
    const { url } = await plainServer(({ headers }, response) => {
      seen.push(headers['proxy-authorization']);
      response.end();
    });
    return { protocol: 'http', host: '127.0.0.1', port: Number(new URL(url).port) };
  };
  const [one, two] = [await proxy(), await proxy()];
  const http: AxiosInstance = client('', { providers: [] });
  const { config } = await http.get(guarded.url, { proxy: { ...one, auth: { ...alice } } });
  const given = config.proxy as typeof one;
  await http.request({ ...config, proxy: { ...given, port: two.port } });
  await http.request(config);
  expect(seen.map((value) => value !== undefined)).toEqual([true, false, true]);
  expect((await bare('').get(guarded.url, { proxy: { ...two, auth: { ...alice } } })).status).toBe(200);
});

test('SEC-45 userinfo does not follow an adapter of the caller to another origin', async () => {
  const [guarded, other] = [await server({ users }), await open()];
  const adapter = async (config: InternalAxiosRequestConfig) => {
    await axios.getAdapter('http')({ ...config, url: other.url });
    return axios.getAdapter('http')(config);
  };
  const http = bare('', { adapter, validateStatus: null });
  installAuth(http, { providers: [] });
  await http.get(`${named(guarded.url)}/x`);
  expect(other.requests[0]?.authorization).toBeUndefined();
  expect(fields(other).filter((field) => field?.startsWith('Basic'))).toEqual([]);
});

test('SEC-45 an interceptor that tries a mirror sends no credential there', async () => {
  const [guarded, other] = [await server({ users: {} }), await open()];
  const http = client('', { providers: [] });
  http.interceptors.response.use(undefined, ({ config }) => http.request({ ...config, url: '/m', baseURL: other.url }));
  await http.get(`${named(guarded.url)}/x`);
  expect(fields(other)).toEqual([undefined]);
});
