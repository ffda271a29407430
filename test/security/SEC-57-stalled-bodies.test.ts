/** SEC-57 A caller's time that runs out over the body of a 401 is the end: nothing more is sent. */

import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { explain } from '../../src/index.js';
import { alice, bare, client, plainServer, spy } from '../support/stage.js';

const DIGEST = 'Digest realm="r", nonce="n", qop="auth"';

/** Begins a 401, and never ends it; what is authorized gets its page. */
async function stalling(status = 401, first = 'x') {
  const server = await plainServer(({ headers }, response) => {
    if (headers.authorization) return void response.end('page');
    response.writeHead(status, { 'WWW-Authenticate': DIGEST, 'Content-Length': 100 });
    response.write(first);
  });
  const authorized = () => server.requests.filter(({ headers }) => headers.authorization).length;
  return { url: server.url, authorized };
}

/** What a caller can tell an error by. */
type Failure = { name?: string; code?: string; message?: string; response?: { status?: number } };

function told(error: Failure) {
  return [error.name, error.code, error.message, error.response?.status];
}

function never(): never {
  throw new Error('it should have failed');
}

const WAYS: Readonly<Record<string, AxiosRequestConfig>> = {
  http: {},
  'without redirects': { maxRedirects: 0 },
  'another error': { transitional: { clarifyTimeoutError: true } },
  'another message': { timeoutErrorMessage: 'too slow' },
  bytes: { responseType: 'arraybuffer' },
  'with progress': { onDownloadProgress: () => {} },
  'not unpacked': { decompress: false },
  fetch: { adapter: 'fetch' },
  'a listener': { challenge: { onEvent: () => {} } },
  'a POST': { method: 'post', data: 'x' },
  'every status is fine': { validateStatus: null },
};

test.each(Object.entries(WAYS))(
  'SEC-57 ends as it does without this package, and asks nobody: %s',
  async (_, config) => {
    const { url, authorized } = await stalling();
    const provider = spy(alice);
    const fails = (reason: Failure): Failure => reason;
    const outcome = (instance: AxiosInstance) => instance.request({ url: '/', ...config }).then(never, fails);
    const [expected, error] = await Promise.all([
      outcome(bare(url, { timeout: 500 })),
      outcome(client(url, { providers: [provider] }, { timeout: 500 })),
    ]);
    expect(told(error)).toEqual(told(expected));
    expect([authorized(), provider.asked.length]).toEqual([0, 0]);
    expect(explain(error)).toContain('in time');
  },
);

test.each(['http', 'fetch'] as const)(
  'SEC-57 a stream that stalls is given up while there is time, and the request sent again: %s',
  async (adapter) => {
    const { url, authorized } = await stalling();
    const began = performance.now();
    const response = await client(url, {}, { timeout: 900, adapter }).get('/', { responseType: 'stream' });
    expect([response.status, authorized()]).toEqual([200, 1]);
    expect(performance.now() - began).toBeLessThan(900);
  },
);

test('SEC-57 a body that ends in time is answered as usual', async () => {
  const server = await plainServer(({ headers }, response) => {
    if (headers.authorization) return void response.end('page');
    response.writeHead(401, { 'WWW-Authenticate': DIGEST, 'Content-Length': 2 }).write('x');
    setImmediate(() => response.end('y'));
  });
  expect((await client(server.url, {}, { timeout: 5000 }).get('/')).data).toBe('page');
});
