/** axios-logger logs one request and one response for each call, headers and all, without a secret. */

import { createRequire } from 'node:module';
import type { AxiosInstance } from 'axios';
import { failure, server } from '../../support/stage.js';
import { both, ORDERS } from './orders.js';

const { requestLogger, responseLogger, errorLogger } = createRequire(import.meta.url)(
  'axios-logger',
) as typeof import('axios-logger');

function logs(lines: string[]) {
  const config = { headers: true, logger: (line: string) => void lines.push(line) };
  return ({ interceptors }: AxiosInstance) => {
    interceptors.request.use((request) => requestLogger(request, config));
    interceptors.response.use(
      (response) => responseLogger(response, config),
      (error) => errorLogger(error, config),
    );
  };
}

describe.each(ORDERS)('axios-logger, installed %s', (order) => {
  test.each(['digest', 'basic'] as const)('%s: two lines for a request, and no Authorization', async (scheme) => {
    const guarded = await server({ protect: { scheme } });
    const lines: string[] = [];
    const { client } = both(order, guarded.url, logs(lines));
    await client.get('/a');
    await client.get('/b');
    expect(guarded.requests.at(-1)?.authorization).toBeDefined();
    expect(lines).toHaveLength(4);
    expect(lines.join('\n')).not.toMatch(/authorization"|username=|YWxpY2U6d29uZGVybGFuZA|wonderland/i);
  });

  test('a 401 that we give back is logged once', async () => {
    const guarded = await server();
    const lines: string[] = [];
    const { client } = both(order, guarded.url, logs(lines), { providers: [] });
    await failure(client.get('/'));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('401');
  });
});
