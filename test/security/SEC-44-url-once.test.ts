/** SEC-44 A request is read once: what its caller changes while it is under way changes nothing. */

import axios, { type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import { installAuth, type Provider } from '../../src/index.js';
import type { ChallengeServer } from '../../src/testing/challenge-server.js';
import { alice, bare, client, plainServer, server } from '../support/stage.js';

/** Does something while the provider is asked. */
function meddling(meddle: () => void): Provider {
  return {
    name: 'meddling',
    get: () => {
      meddle();
      return alice;
    },
  };
}

/** Another server, which is to see nothing. */
async function stranger() {
  const fields: Array<string | undefined> = [];
  const { url } = await plainServer(({ headers }, response) => {
    fields.push(headers.authorization);
    response.end();
  });
  return { url, fields };
}

function uris({ requests }: ChallengeServer): string[] {
  return requests.map(({ url }) => url);
}

/** Ways to name a place with something other than text, and to make it name another. */
const NAMES: Readonly<Record<string, (url: string) => { given: object; lead(to: string): void }>> = {
  'a URL object': (url) => {
    const given = new URL(url);
    return {
      given,
      lead: (to) => {
        given.host = new URL(to).host;
      },
    };
  },
  'an object with toString': (url) => {
    let text = url;
    return {
      given: { toString: () => text },
      lead: (to) => {
        text = to;
      },
    };
  },
  'a String object': (url) => {
    let text = url;
    const given = Object.assign(new String(url), { toString: () => text });
    return {
      given,
      lead: (to) => {
        text = to;
      },
    };
  },
};

const ADAPTERS = { http: 'http', fetch: 'fetch', own: (config: InternalAxiosRequestConfig) => dispatched(config) };
const dispatched = (config: InternalAxiosRequestConfig) => axios.getAdapter('http')(config);

describe.each(Object.entries(ADAPTERS))('adapter %s', (_, adapter) => {
  test.each(Object.entries(NAMES))(
    'SEC-44 %s that is changed meanwhile leads to no other place',
    async (_name, make) => {
      const [guarded, other] = [await server({ protect: { scheme: 'basic' } }), await stranger()];
      const { given, lead } = make(`${guarded.url}/x`);
      const http = client('', { providers: [meddling(() => lead(`${other.url}/x`))] }, { adapter });
      const response = await http.get(given as never);
      expect(other.fields).toEqual([]);
      expect(guarded.requests.map(({ url, user }) => [url, user])).toEqual([
        ['/x', undefined],
        ['/x', 'alice'],
      ]);
      expect(typeof response.config.url).toBe('string');
    },
  );

  test.each(Object.entries(NAMES))(
    'SEC-44 %s as baseURL, changed meanwhile, leads nowhere else',
    async (_name, make) => {
      const [guarded, other] = [await server(), await stranger()];
      const { given, lead } = make(guarded.url);
      const http = client(given as never, { providers: [meddling(() => lead(other.url))] }, { adapter });
      await http.get('/x');
      expect([other.fields, uris(guarded)]).toEqual([[], ['/x', '/x']]);
    },
  );

  test('SEC-44 params that are changed meanwhile change neither the request nor the answer', async () => {
    const guarded = await server();
    const params = new URLSearchParams({ a: '1' });
    const http = client(guarded.url, { providers: [meddling(() => params.set('a', '2'))] }, { adapter });
    expect((await http.get('/x', { params })).status).toBe(200);
    expect(uris(guarded)).toEqual(['/x?a=1', '/x?a=1']);
  });

  test('SEC-44 a serializer that gives a different text each time is called once', async () => {
    const guarded = await server();
    let time = 0;
    const serialize = () => {
      time += 1;
      return `time=${time}`;
    };
    const http = client(
      guarded.url,
      { onEvent: () => {} },
      { adapter, params: { a: 1 }, paramsSerializer: { serialize } },
    );
    for (let i = 0; i < 2; i += 1) expect((await http.get('/x')).status).toBe(200);
    expect(new Set(uris(guarded)).size).toBe(2);
  });

  test('SEC-44 a URL that is changed during the first send does not lead the answer to another place', async () => {
    const other = await stranger();
    const { given, lead } = (NAMES['a URL object'] as (typeof NAMES)[string])('http://127.0.0.1/');
    const guarded = await server({
      onRequest: () => {
        lead(other.url);
        return false;
      },
    });
    lead(guarded.url);
    await client('', {}, { adapter }).get(given as never);
    expect([other.fields, guarded.requests.at(-1)?.user]).toEqual([[], 'alice']);
  });

  test.each<[string, (config: InternalAxiosRequestConfig, to: string) => void]>([
    ['url', (config, to) => Object.assign(config, { url: `${to}/x` })],
    ['baseURL', (config, to) => Object.assign(config, { baseURL: to })],
    ['method', (config) => Object.assign(config, { method: 'delete' })],
    [
      'headers',
      (config, to) => Object.assign(config, { headers: axios.AxiosHeaders.from({ Host: new URL(to).host }) }),
    ],
    ['a header', (config, to) => config.headers.set('Host', new URL(to).host)],
    ['socketPath', (config) => Object.assign(config, { socketPath: '/nowhere' })],
    ['auth', (config) => Object.assign(config, { auth: { username: 'mallory', password: 'x' } })],
  ])('SEC-44 the %s of a config that an interceptor has kept is unchanged', async (_name, change) => {
    const [guarded, other] = [await server(), await stranger()];
    let kept: InternalAxiosRequestConfig | undefined;
    const http = bare(guarded.url, { adapter });
    http.interceptors.request.use((config) => {
      kept = config;
      return config;
    });
    // What an adapter is given is kept the easiest by a transform.
    const transformRequest: AxiosRequestConfig['transformRequest'] = [
      function keep(this: InternalAxiosRequestConfig, data: unknown) {
        kept = this;
        return data;
      } as never,
    ];
    installAuth(http, { providers: [meddling(() => change(kept as never, other.url))] });
    await http.get('/x', { transformRequest });
    const seen = guarded.requests.map(({ method, url, headers, user }) => [method, url, headers.host, user]);
    const host = new URL(guarded.url).host;
    expect(seen).toEqual([
      ['GET', '/x', host, undefined],
      ['GET', '/x', host, 'alice'],
    ]);
    expect(other.fields).toEqual([]);
  });
});

test('SEC-44 a URL object is read once by prime() and by forget()', async () => {
  const guarded = await server();
  const http = bare('');
  const url = new URL(guarded.url);
  const handle = installAuth(http, { providers: [meddling(() => url.searchParams.set('a', 'b'))] });
  expect(await handle.prime(url as never)).toBe(true);
  handle.forget(url as never);
  guarded.requests.length = 0;
  await http.get(guarded.url);
  expect(guarded.requests.map(({ status }) => status)).toEqual([401, 200]);
});
