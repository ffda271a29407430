/** The fetch adapter: the same rules, hop by hop. */

import { explain } from '../../src/index.js';
import { axiosCan } from '../support/capability.js';
import { alice, client, failure, server, spy, statuses } from '../support/stage.js';

const fetching = { adapter: 'fetch' };
const answering = axiosCan('tell who answered a fetch');

async function redirecting(where: 'open' | 'guarded', scheme: 'digest' | 'basic' = 'digest') {
  return server({
    protect: { scheme },
    onRequest: ({ url = '' }, response) => {
      if (where !== 'open' || !url.startsWith('/to?')) return false;
      response.writeHead(302, { Location: url.slice(4) }).end();
      return true;
    },
    onAuthenticated: ({ url }, response) => {
      if (url.startsWith('/to?')) response.writeHead(302, { Location: url.slice(4) }).end();
      else response.end('in');
    },
  });
}

answering.each(['digest', 'basic'] as const)('%s is answered, then sent at once', async (scheme) => {
  const guarded = await server({ protect: { scheme } });
  const instance = client(guarded.url, {}, fetching);
  await instance.get('/a', { params: { q: "it's", x: 'ä b' } });
  await instance.post('/b', { a: 1 });
  expect(guarded.requests.map(({ violation }) => violation)).toEqual([undefined, undefined, undefined]);
  expect(statuses(guarded)).toEqual([401, 200, 200]);
});

answering('a redirect within the origin is answered at its target', async () => {
  const guarded = await redirecting('open');
  expect((await client(guarded.url, {}, fetching).get('/to?/in?x=1')).data).toBe('in');
});

answering('every hop behind the guard has its own header', async () => {
  const guarded = await redirecting('guarded');
  const provider = spy(alice);
  await client(guarded.url, { providers: [provider] }, fetching).get('/to?/in');
  expect(statuses(guarded)).toEqual([401, 302, 200]);
  expect(provider.told).toEqual([['approve', 'alice']]);
});

test.each(['open', 'guarded'] as const)(
  'a way through another origin (%s) ends the exchange, without a verdict',
  async (where) => {
    const [guarded, other] = [await redirecting(where), await redirecting('open')];
    const provider = spy(alice);
    const instance = client(guarded.url, { providers: [provider] }, fetching);
    const error = await failure(instance.get(`/to?${other.url}/to?${guarded.url}/in`));
    expect(explain(error)).toContain('ERR_AUTH_ORIGIN');
    expect(guarded.requests.at(-1)?.authorization).toBeUndefined();
    expect(provider.told).toEqual([]);
  },
);

answering('Basic is not carried out of its directory', async () => {
  const guarded = await server({
    protect: { '/docs': { scheme: 'basic' } },
    onAuthenticated: ({ url }, response) => {
      if (url === '/docs/a') response.writeHead(302, { Location: '/open' });
      response.end();
    },
  });
  await client(guarded.url, {}, fetching).get('/docs/a');
  expect(guarded.requests.at(-1)?.authorization).toBeUndefined();
});

test('a fetch that does not report the redirect of a body has no challenge answered', async () => {
  const guarded = await redirecting('open');
  const error = await failure(client(guarded.url, {}, fetching).post('/to?/in', { a: 1 }));
  expect(explain(error)).toContain('the client does not tell who answered');
});

test('too many redirects fail with the error of fetch', async () => {
  const guarded = await server({
    protect: {},
    onAuthenticated: (_, response) => void response.writeHead(302, { Location: '/again' }).end(),
  });
  await expect(client(guarded.url, {}, fetching).get('/')).rejects.toMatchObject({ code: 'ERR_NETWORK' });
  expect(guarded.requests).toHaveLength(21);
});

answering.each([
  ['URLSearchParams', () => new URLSearchParams({ a: 'ä b' })],
  ['a typed array with an offset', () => new Uint16Array([1, 2, 3, 4]).subarray(1, 3)],
])('auth-int hashes %s that no transform has touched', async (_, body) => {
  const guarded = await server({ protect: { scheme: 'digest', qop: 'auth-int' } });
  const provider = spy(alice);
  const config = { transformRequest: [(data: unknown) => data] };
  await client(guarded.url, { providers: [provider] }, fetching).post('/', body(), config);
  expect(statuses(guarded)).toEqual([401, 200]);
  expect(provider.told).toEqual([['approve', 'alice']]);
});
