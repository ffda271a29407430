/** axios-cache-interceptor keeps what came after the login, and never waits for itself. */

import axios, { type AxiosAdapter, type AxiosInstance, type AxiosResponse } from 'axios';
import { type AxiosCacheInstance, type CacheOptions, setupCache } from 'axios-cache-interceptor';
import { explain } from '../../../src/index.js';
import { alice, client, failure, server, spy, statuses } from '../../support/stage.js';
import { both, ORDERS } from './orders.js';

const caches =
  (options: CacheOptions = {}) =>
  (client: AxiosInstance): AxiosCacheInstance =>
    setupCache(client, options);

describe.each(ORDERS)('axios-cache-interceptor, installed %s', (order) => {
  test('the answer is kept, not the 401', async () => {
    const guarded = await server();
    const { given } = both(order, guarded.url, caches());
    const [first, second] = [await given.get('/'), await given.get('/')];
    expect([first.cached, second.cached]).toEqual([false, true]);
    expect(second.data).toEqual(first.data);
    expect(statuses(guarded)).toEqual([401, 200]);
  });

  test('callers at once share one login and one answer', async () => {
    const guarded = await server();
    const provider = spy(alice);
    const { given } = both(order, guarded.url, caches(), { providers: [provider] });
    const responses = await Promise.all(Array.from({ length: 20 }, () => given.get('/')));
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(statuses(guarded)).toEqual([401, 200]);
    expect(provider.asked).toHaveLength(1);
  });

  test('a 401 that we give back reaches each of them with its reason, and is not kept', async () => {
    const guarded = await server();
    let known: typeof alice | undefined;
    const { given } = both(order, guarded.url, caches(), { providers: [{ name: 'late', get: () => known }] });
    const errors = await Promise.all([failure(given.get('/')), failure(given.get('/'))]);
    for (const error of errors) expect(explain(error)).toContain('ERR_AUTH_NONE');
    known = alice;
    expect((await given.get('/')).status).toBe(200);
  });

  test('what is stale is revalidated without another login', async () => {
    const guarded = await server({
      onAuthenticated: ({ headers }, response) => {
        response.setHeader('ETag', '"one"').setHeader('Cache-Control', 'max-age=0, must-revalidate');
        if (headers['if-none-match'] === '"one"') response.writeHead(304).end();
        else response.end('"kept"');
      },
    });
    const { given } = both(order, guarded.url, caches({ interpretHeader: true, etag: true }));
    await given.get('/');
    expect((await given.get('/')).data).toBe('kept');
    expect(statuses(guarded)).toEqual([401, 200, 304]);
  });

  test("mutual: 'require' does not ask a cache for a proof", async () => {
    const guarded = await server();
    const provider = spy(alice);
    const { given } = both(order, guarded.url, caches(), { providers: [provider], mutual: 'require' });
    for (let i = 0; i < 3; i += 1) expect((await given.get('/')).status).toBe(200);
    expect(statuses(guarded)).toEqual([401, 200]);
    expect(provider.told).toEqual([['approve', 'alice']]);
  });
});

test('an adapter that keeps its responses', async () => {
  const guarded = await server();
  const kept = new Map<string | undefined, AxiosResponse>();
  const adapter: AxiosAdapter = async (config) => {
    const response = kept.get(config.url) ?? (await axios.getAdapter('http', config)(config));
    kept.set(config.url, response);
    return response;
  };
  const instance = client(guarded.url, {}, { adapter });
  for (let i = 0; i < 3; i += 1) expect((await instance.get('/')).status).toBe(200);
  expect(statuses(guarded)).toEqual([401, 200]);
});
