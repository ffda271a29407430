/** axios-retry repeats what failed after the login, and leaves a 401 to us. */

import type { ServerResponse } from 'node:http';
import type { AxiosInstance } from 'axios';
import axiosRetry, { type IAxiosRetryConfig } from 'axios-retry';
import { explain } from '../../../src/index.js';
import { alice, failure, server, spy, statuses } from '../../support/stage.js';
import { both, ORDERS } from './orders.js';

/** Fails the first two times that `/` is asked for by who is let in. */
function faltering(fail: (response: ServerResponse) => void) {
  let count = 0;
  return server({
    onAuthenticated: ({ url, body }, response) => {
      if (url === '/') count += 1;
      if (url === '/' && count <= 2) fail(response);
      else response.end(body);
    },
  });
}

const retries =
  (config: IAxiosRetryConfig = {}) =>
  (client: AxiosInstance) =>
    axiosRetry(client, config);

describe.each(ORDERS)('axios-retry, installed %s', (order) => {
  test.each([
    ['503s', (response: ServerResponse) => void response.writeHead(503).end()],
    ['connections that break', (response: ServerResponse) => void response.destroy()],
  ])('%s after a login are tried again, already authorized', async (_, fail) => {
    const guarded = await faltering(fail);
    const provider = spy(alice);
    const { client } = both(order, guarded.url, retries(), { providers: [provider] });
    await client.get('/login');
    expect((await client.get('/')).status).toBe(200);
    expect(guarded.requests.map(({ url, nc }) => [url, nc])).toEqual([
      ['/login', undefined],
      ['/login', 1],
      ['/', 2],
      ['/', 3],
      ['/', 4],
    ]);
    expect(provider.asked).toHaveLength(1);
  });

  test('503s in the middle of the first login ask nobody again', async () => {
    const guarded = await faltering((response) => void response.writeHead(503).end());
    const provider = spy(alice);
    const { client } = both(order, guarded.url, retries(), { providers: [provider] });
    expect((await client.get('/')).status).toBe(200);
    // A 503 may come from a machine in front of the one that knows the password: it proves nothing.
    expect(statuses(guarded)).toEqual([401, 503, 401, 503, 401, 200]);
    expect(provider.asked).toHaveLength(1);
    expect(provider.told).toEqual([['approve', 'alice']]);
  });

  test('a body is the same on every send', async () => {
    const guarded = await faltering((response) => void response.writeHead(503).end());
    const { client } = both(order, guarded.url, retries({ retryCondition: () => true }));
    expect((await client.post('/', { a: 'ä' })).data).toEqual({ a: 'ä' });
    expect(guarded.requests.map(({ body }) => body.toString())).toEqual(Array(6).fill('{"a":"ä"}'));
  });

  test('a 401 that we give back is final', async () => {
    const guarded = await server();
    const providers = [spy({ username: 'alice', password: 'wrong' })];
    const { client } = both(order, guarded.url, retries(), { providers });
    expect(explain(await failure(client.get('/')))).toContain('ERR_AUTH_REFUSED');
    expect(statuses(guarded)).toEqual([401, 401]);
  });

  test('who repeats 401s too does not repeat a wrong password', async () => {
    const guarded = await server();
    const providers = [spy({ username: 'alice', password: 'wrong' })];
    const { client } = both(order, guarded.url, retries({ retryCondition: () => true, retries: 3 }), { providers });
    await failure(client.get('/'));
    expect(statuses(guarded)).toEqual([401, 401, 401, 401, 401]);
    expect(guarded.requests.filter(({ authorization }) => authorization)).toHaveLength(1);
  });
});
