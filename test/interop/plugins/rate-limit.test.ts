/** axios-rate-limit holds back the caller's requests; the second send of one of them is not held back. */

import type { AxiosInstance } from 'axios';
import rateLimit from 'axios-rate-limit';
import { alice, server, spy, statuses } from '../../support/stage.js';
import { both, ORDERS } from './orders.js';

const limits = (client: AxiosInstance) => rateLimit(client, { maxRequests: 1, perMilliseconds: 40 });

describe.each(ORDERS)('axios-rate-limit, installed %s', (order) => {
  test('requests that come in their turns are all answered, with one lookup', async () => {
    const guarded = await server();
    const provider = spy(alice);
    const { given } = both(order, guarded.url, limits, { providers: [provider] });
    const responses = await Promise.all(['/a', '/b', '/c'].map((path) => given.get(path)));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(provider.asked).toHaveLength(1);
  });

  test('the second send does not wait for its turn', async () => {
    const guarded = await server();
    const { given } = both(order, guarded.url, (client) =>
      rateLimit(client, { maxRequests: 1, perMilliseconds: 60_000 }),
    );
    await given.get('/');
    expect(statuses(guarded)).toEqual([401, 200]);
    given.setRateLimitOptions({ maxRequests: 1, perMilliseconds: 1 });
  });
});
