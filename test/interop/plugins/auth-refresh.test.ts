/** axios-auth-refresh refreshes a token when we had no answer, and hears nothing of the 401s that we answered. */

import { createRequire } from 'node:module';
import type { AxiosInstance } from 'axios';
import { server, spy, statuses } from '../../support/stage.js';
import { both, ORDERS } from './orders.js';

// Its ES module is one that Node cannot load by its name.
const { createAuthRefresh } = createRequire(import.meta.url)('axios-auth-refresh') as {
  createAuthRefresh(client: AxiosInstance, refresh: (error: { config: object }) => Promise<unknown>): number;
};

describe.each(ORDERS)('axios-auth-refresh, installed %s', (order) => {
  test('a 401 that is answered refreshes nothing', async () => {
    const guarded = await server();
    const refresh = async () => fail('refreshed');
    const { client } = both(order, guarded.url, (instance) => createAuthRefresh(instance, refresh));
    await Promise.all([client.get('/a'), client.get('/b')]);
    expect(statuses(guarded).filter((status) => status === 200)).toHaveLength(2);
  });

  test('a token of ours that ran out is refreshed once, and the next lookup gets the new one', async () => {
    const tokens = ['first'];
    const guarded = await server({ tokens, protect: { scheme: 'bearer' } });
    let token = 'first';
    let refreshes = 0;
    const provider = { name: 'session', get: () => ({ token }) };
    const refresh = async () => {
      refreshes += 1;
      token = 'second';
    };
    const { client } = both(order, guarded.url, (instance) => createAuthRefresh(instance, refresh), {
      providers: [provider],
    });
    await client.get('/');
    tokens[0] = 'second';
    expect((await client.get('/')).status).toBe(200);
    expect(refreshes).toBe(1);
    // The refused token, then the refreshed call with its own challenge.
    expect(statuses(guarded)).toEqual([401, 200, 401, 401, 200]);
  });

  test('a token that the caller writes into the header is not ours to answer for', async () => {
    const guarded = await server({ tokens: ['new'], protect: { scheme: 'bearer' } });
    const provider = spy({ token: 'ours' });
    const refresh = async ({ config }: { config: object }) => {
      (config as { headers: Record<string, string> }).headers.Authorization = 'Bearer new';
    };
    const { client } = both(order, guarded.url, (instance) => createAuthRefresh(instance, refresh), {
      providers: [provider],
    });
    await client.get('/', { headers: { Authorization: 'Bearer old' } });
    expect(guarded.requests.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer new']);
    expect(provider.asked).toEqual([]);
  });
});

function fail(message: string): never {
  throw new Error(message);
}
