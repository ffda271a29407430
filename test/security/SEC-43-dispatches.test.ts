/** SEC-43: each dispatch of a request has an Authorization of its own, and none is left where it was put. */

import { inspect } from 'node:util';
import axios, { type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios';
import FormData from 'form-data';
import { trace } from '../../src/index.js';
import type { ChallengeServer } from '../../src/testing/challenge-server.js';
import { axiosCan } from '../support/capability.js';
import { alice, client, plainServer, server, spy, statuses, until } from '../support/stage.js';

type Dispatch = (config: InternalAxiosRequestConfig) => ReturnType<AxiosAdapter>;

/** Sends twice at once, and gives the first answer or the second. */
const WAYS: ReadonlyArray<
  readonly [string, (dispatch: Dispatch, config: InternalAxiosRequestConfig) => Promise<never>]
> = [
  ['the very config', (dispatch, config) => pair(dispatch(config), dispatch(config))],
  ['copies that share headers', (dispatch, config) => pair(dispatch({ ...config }), dispatch({ ...config }))],
  [
    'a copy in the middle',
    (dispatch, config) =>
      pair(
        dispatch(config),
        Promise.resolve().then(() => dispatch(config)),
      ),
  ],
];

async function pair(...both: ReadonlyArray<ReturnType<Dispatch>>): Promise<never> {
  const [, last] = await Promise.all(both);
  return last as never;
}

const SECRET = /Digest username|Basic [A-Za-z0-9+/]{8}/;

/** Every nc once for its nonce, and nobody refused. */
function expectOrder({ requests }: ChallengeServer): void {
  const uses = requests.filter(({ nc }) => nc !== undefined).map(({ nonce, nc }) => `${nonce} ${nc}`);
  expect(new Set(uses).size).toBe(uses.length);
  expect(requests.flatMap(({ violation }) => violation ?? [])).toEqual([]);
}

function expectNothingShown(...given: readonly unknown[]): void {
  const shown = inspect(given, { depth: 10 }).split('\n');
  const at = shown.findIndex((line) => SECRET.test(line));
  expect(at < 0 ? [] : shown.slice(Math.max(0, at - 25), at + 3)).toEqual([]);
}

describe.each(WAYS)('an interceptor that sends %s twice', (_, twice) => {
  test.each(['digest', 'basic'] as const)('SEC-43 with %s, known and unknown', async (scheme) => {
    const guarded = await server({ protect: { scheme } });
    const provider = spy(alice);
    const instance = client(guarded.url, { providers: [provider] });
    const seen: InternalAxiosRequestConfig[] = [];
    instance.interceptors.request.use((config) => {
      const inner = config.adapter as AxiosAdapter;
      config.adapter = (given) => twice(inner, given);
      seen.push(config);
      return config;
    });
    instance.interceptors.request.use((config) => config);
    // Interceptors run from the last to the first: ours is on its way already.
    const handlers = (instance.interceptors.request as unknown as { handlers: unknown[] }).handlers;
    handlers.push(handlers.shift());
    const responses = [];
    for (let i = 0; i < 3; i += 1) responses.push(await instance.get(`/${i}`));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(statuses(guarded).filter((status) => status === 200)).toHaveLength(6);
    expect(provider.told.map(([verdict]) => verdict)).not.toContain('reject');
    expectOrder(guarded);
    expectNothingShown(responses, seen);
    for (const config of seen)
      expect([config.headers.Authorization, config.beforeRedirect]).toEqual([undefined, undefined]);
  });
});

describe.each(WAYS)('an adapter function that sends %s twice', (_, twice) => {
  test('SEC-43 through the http adapter', async () => {
    const guarded = await server();
    const provider = spy(alice);
    const seen: InternalAxiosRequestConfig[] = [];
    const adapter: AxiosAdapter = (config) => {
      seen.push(config);
      return twice(axios.getAdapter('http', config) as Dispatch, config);
    };
    const instance = client(guarded.url, { providers: [provider] }, { adapter });
    const responses = [];
    for (let i = 0; i < 3; i += 1) responses.push(await instance.get(`/${i}`));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(provider.told).toEqual([['approve', 'alice']]);
    expectOrder(guarded);
    // The requests that it has thrown away are its own; ours are what it was given, and what it gave.
    expectNothingShown(seen.map(({ headers }) => headers));
    expectNothingShown(responses.map(({ config, request }) => [config.headers, request._header, request.getHeaders()]));
  });
});

test('SEC-43 the proof of either dispatch is checked against its own request', async () => {
  const guarded = await server();
  for (const index of [0, 1]) {
    const adapter: AxiosAdapter = async (config) => {
      const http = axios.getAdapter('http', config);
      return (await Promise.all([http(config), http(config)]))[index] as never;
    };
    const instance = client(guarded.url, { mutual: 'require' }, { adapter });
    for (let i = 0; i < 3; i += 1) expect((await instance.get('/')).status).toBe(200);
  }
});

test('SEC-43 a dispatch after the end has no authorization', async () => {
  const guarded = await server();
  let kept: InternalAxiosRequestConfig | undefined;
  const adapter: AxiosAdapter = (config) => {
    kept = config;
    return axios.getAdapter('http', config)(config);
  };
  await client(guarded.url, {}, { adapter }).get('/');
  await axios
    .getAdapter(
      'http',
      {},
    )(kept as InternalAxiosRequestConfig)
    .catch(() => {});
  expect(guarded.requests.map(({ authorization }) => authorization !== undefined)).toEqual([false, true, false]);
});

test('SEC-43 two dispatches that are redirected each have a header for their target', async () => {
  const guarded = await server({
    onAuthenticated: ({ url }, response) => {
      if (url === '/from') response.writeHead(302, { Location: '/to' });
      response.end('page');
    },
  });
  const adapter: AxiosAdapter = (config) => {
    const http = axios.getAdapter('http', config);
    return pair(http(config), http(config));
  };
  const response = await client(guarded.url, {}, { adapter }).get('/from');
  expect(response.status).toBe(200);
  expectOrder(guarded);
  expect(trace(response)?.events.filter(({ type }) => type === 'send').length).toBe(guarded.requests.length - 1);
});

test('SEC-43 an exchange is not disturbed by another exchange with the same config', async () => {
  const asked: Array<() => void> = [];
  const guarded = await server();
  const provider = {
    name: 'slow',
    get: () => new Promise<typeof alice>((resolve) => asked.push(() => resolve(alice))),
  };
  const instance = client(guarded.url, { providers: [provider] });
  const handlers = (instance.interceptors.request as unknown as { handlers: unknown[] }).handlers;
  const seen: InternalAxiosRequestConfig[] = [];
  instance.interceptors.request.use((config) => {
    const inner = config.adapter as AxiosAdapter;
    seen.push(config);
    config.adapter = async (given) => {
      const first = inner(given);
      await until(() => asked.length === 1);
      const second = inner(given);
      await until(() => guarded.requests.length === 2);
      asked[0]?.();
      return pair(first, second);
    };
    return config;
  });
  handlers.push(handlers.shift());
  expect((await instance.get('/')).status).toBe(200);
  expectOrder(guarded);
  expect([seen[0]?.headers.Authorization, seen[0]?.beforeRedirect]).toEqual([undefined, undefined]);
});

const answering = axiosCan('tell who answered a fetch');

describe('with the fetch adapter', () => {
  const BODIES: ReadonlyArray<readonly [string, () => unknown]> = [
    ['text', () => 'a=1'],
    ['a form', () => form()],
    ['bytes', () => Buffer.from([0, 255])],
    ['nothing', () => undefined],
  ];

  function form(): globalThis.FormData {
    const made = new globalThis.FormData();
    made.set('a', '1');
    return made;
  }

  const cases = [301, 302, 303, 307, 308].flatMap((status) =>
    (['post', 'put', 'delete'] as const).flatMap((method) =>
      BODIES.map(([what, body]) => [method, what, status, body] as const),
    ),
  );

  answering.each(cases)(
    'SEC-43 a %s of %s that a %i leads on has a header for where it leads',
    async (method, _, status, body) => {
      const guarded = await server({
        onAuthenticated: ({ url }, response) => {
          if (url === '/from') response.writeHead(status, { Location: '/to?x=1' });
          response.end('page');
        },
      });
      const instance = client(guarded.url, {}, { adapter: 'fetch' });
      await instance.get('/');
      const response = await instance.request({ method, url: '/from', data: body() });
      expect(response.data).toBe('page');
      expectOrder(guarded);
      const [first, second] = guarded.requests.slice(-2);
      const isGet = status === 303 || (method === 'post' && status < 303);
      expect([second?.url, second?.method]).toEqual(['/to?x=1', isGet ? 'GET' : method.toUpperCase()]);
      expect(second?.body).toEqual(isGet ? Buffer.alloc(0) : first?.body);
      expect(second?.headers['content-type']).toBe(isGet ? undefined : first?.headers['content-type']);
      expectNothingShown(response);
    },
  );

  answering.each(['http', 'fetch'])(
    'SEC-43 a POST that leads to another origin takes no header along (%s)',
    async (adapter) => {
      const elsewhere = await plainServer((_, response) => void response.end('page'));
      const guarded = await server({
        onAuthenticated: (_, response) => void response.writeHead(307, { Location: elsewhere.url }).end(),
      });
      const instance = client(guarded.url, {}, { adapter });
      await instance.post('/', 'secret');
      expect(elsewhere.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    },
  );

  answering('SEC-43 a stream is not sent again', async () => {
    const guarded = await server({
      onAuthenticated: (_, response) => void response.writeHead(307, { Location: '/to' }).end(),
    });
    const instance = client(guarded.url, {}, { adapter: 'fetch' });
    await instance.get('/').catch(() => {});
    const data = new Blob(['x']).stream();
    await expect(instance.post('/from', data)).rejects.toMatchObject({ message: expect.any(String) });
    expect(guarded.requests.filter(({ url, method }) => url === '/to' && method === 'POST')).toEqual([]);
  });
});

test('SEC-43 a form whose length is computed asynchronously has its own header, too', async () => {
  const guarded = await server();
  const instance = client(guarded.url);
  await instance.get('/');
  const post = () => {
    const form = new FormData();
    form.append('a', 'b');
    return instance.post('/', form);
  };
  await Promise.all([post(), post(), post()]);
  expectOrder(guarded);
});

test('SEC-43 two servers that are asked with one headers object get nothing of each other', async () => {
  const [guarded, open] = [
    await server({ protect: { scheme: 'basic' } }),
    await plainServer((_, response) => response.end('ok')),
  ];
  const instance = client(guarded.url);
  await instance.get('/known');
  const shown: unknown[] = [];
  instance.interceptors.request.use((config) => {
    const inner = config.adapter as AxiosAdapter;
    config.adapter = async (given) => {
      // The mirror is asked first, and answers while the other request is on its way.
      const mirror = inner({ ...given, baseURL: open.url });
      const other = inner({ ...given });
      shown.push((await mirror).config.headers.Authorization);
      return other;
    };
    return config;
  });
  const handlers = (instance.interceptors.request as unknown as { handlers: unknown[] }).handlers;
  handlers.push(handlers.shift());
  expect((await instance.get('/file')).status).toBe(200);
  expect(shown).toEqual([undefined]);
  expect(open.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});
