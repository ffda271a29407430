/** axios-mock-adapter plays a server that challenges, or lets a request through to a real one. */

import { createRequire } from 'node:module';
import type { AxiosInstance } from 'axios';
import type MockAdapterOf from 'axios-mock-adapter';
import { explain } from '../../../src/index.js';
import { alice, failure, server, spy, statuses } from '../../support/stage.js';
import { both, ORDERS } from './orders.js';

// Its types are those of the CommonJS axios.
const MockAdapter = createRequire(import.meta.url)('axios-mock-adapter') as new (
  client: AxiosInstance,
  options?: { onNoMatch: 'passthrough' },
) => MockAdapterOf;

const mocks = (client: AxiosInstance) => new MockAdapter(client);
const CHALLENGE = { 'WWW-Authenticate': 'Digest realm="mocked", nonce="n", qop="auth", algorithm=SHA-256' };

describe.each(ORDERS)('axios-mock-adapter, installed %s', (order) => {
  test('a mocked 401 is answered through the mock', async () => {
    const provider = spy(alice);
    const { client, given: mock } = both(order, 'http://127.0.0.1:1', mocks, { providers: [provider] });
    mock.onPost('/a', { b: 1 }).replyOnce(401, 'no', CHALLENGE).onPost('/a', { b: 1 }).reply(200, 'in');
    expect((await client.post('/a', { b: 1 }, { params: { c: 2 } })).data).toBe('in');
    const sent = mock.history.post?.map(({ headers }) => String(headers?.Authorization));
    expect(sent).toEqual(['undefined', expect.stringMatching(/^Digest .*realm="mocked".*uri="\/a\?c=2"/)]);
    expect(provider.told).toEqual([['approve', 'alice']]);
  });

  test('a mocked 401 that stays is given back', async () => {
    const { client, given: mock } = both(order, 'http://127.0.0.1:1', mocks);
    mock.onAny().reply(401, 'no', CHALLENGE);
    const error = await failure(client.get('/'));
    expect(error.response?.data).toBe('no');
    expect(explain(error)).toContain('ERR_AUTH_REFUSED');
    expect(mock.history.get).toHaveLength(2);
  });

  test.each(['passThrough', 'onNoMatch'])('what it lets through (%s) is answered', async (way) => {
    const guarded = await server();
    const installs = (client: AxiosInstance) => {
      if (way === 'onNoMatch') return new MockAdapter(client, { onNoMatch: 'passthrough' });
      const mock = new MockAdapter(client);
      mock.onAny('/real').passThrough();
      return mock;
    };
    const { client } = both(order, guarded.url, installs);
    expect((await client.post('/real', { a: 1 })).data).toMatchObject({ user: 'alice', bytes: 7 });
    await client.post('/real', { a: 1 });
    expect(statuses(guarded)).toEqual([401, 200, 200]);
  });

  test('restore() gives the adapter back, and the plugin stays', async () => {
    const guarded = await server();
    const { client, given: mock } = both(order, guarded.url, mocks);
    mock.onAny().reply(204);
    expect((await client.get('/')).status).toBe(204);
    mock.restore();
    expect((await client.get('/')).status).toBe(200);
    expect(statuses(guarded)).toEqual([401, 200]);
  });
});
