/** axios-cookiejar-support with tough-cookie: a jar sees every send, the 401's cookies with the rest. */

import type { ServerResponse } from 'node:http';
import type { AxiosInstance } from 'axios';
import { wrapper } from 'axios-cookiejar-support';
import { CookieJar } from 'tough-cookie';
import { server, statuses } from '../../support/stage.js';
import { both, ORDERS } from './orders.js';

/** The jar's agents stand in the place of those of the stage. */
const AGENTLESS = { httpAgent: undefined } as object;

const sets = (response: ServerResponse, ...cookies: string[]) => void response.setHeader('Set-Cookie', cookies);

describe.each(ORDERS)('axios-cookiejar-support, installed %s', (order) => {
  const withJar = (url: string) => {
    const jar = new CookieJar();
    const wraps = (client: AxiosInstance) => {
      Object.assign(client.defaults, { jar });
      return wrapper(client);
    };
    return { jar, client: both(order, url, wraps, {}, AGENTLESS).given };
  };

  test('cookies that the 401 sets reach the second send, and those of that send the next request', async () => {
    const guarded = await server({
      onRequest: ({ headers }, response) => {
        if (!headers.authorization) sets(response, 'visit=1; Path=/', 'gone=1; Path=/');
      },
      onAuthenticated: (_, response) => {
        sets(response, 'visit=2; Path=/', 'gone=; Path=/; Max-Age=0');
        response.end();
      },
    });
    const { jar, client } = withJar(guarded.url);
    await client.get('/');
    await client.get('/');
    expect(statuses(guarded)).toEqual([401, 200, 200]);
    expect(guarded.requests.map(({ headers }) => headers.cookie)).toEqual([undefined, 'visit=1; gone=1', 'visit=2']);
    expect(await jar.getCookieString(guarded.url)).toBe('visit=2');
  });

  test("the caller's own cookie is sent once each time, beside those of the jar", async () => {
    const guarded = await server({
      onRequest: (_, response) => sets(response, 'jar=1'),
    });
    const { client } = withJar(guarded.url);
    await client.get('/', { headers: { Cookie: 'own=1' } });
    const [first, second] = guarded.requests.map(({ headers }) => headers.cookie?.split('; ').sort());
    expect(first).toEqual(['own=1']);
    expect(second).toEqual(['jar=1', 'own=1']);
  });

  test('a session cookie may make the login the last one', async () => {
    const guarded = await server({
      onRequest: ({ headers }, response) => {
        const isKnown = headers.cookie?.includes('session=') === true;
        if (isKnown) response.end('by cookie');
        return isKnown;
      },
      onAuthenticated: (_, response) => {
        sets(response, 'session=abc');
        response.end('by password');
      },
    });
    const { client } = withJar(guarded.url);
    expect((await client.get('/')).data).toBe('by password');
    expect((await client.get('/')).data).toBe('by cookie');
  });
});
