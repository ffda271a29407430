/** SEC-41: under `mutual: 'require'` nothing below 400 is believed without proof where proof is due. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { AxiosAdapter, AxiosInstance, AxiosRequestConfig, AxiosResponse } from 'axios';
import axios from 'axios';
import {
  type AuthError,
  type AuthHandle,
  type AuthOptions,
  explain,
  installAuth,
  staticCredential,
} from '../../src/index.js';
import type { ChallengeServer, ChallengeServerOptions } from '../../src/testing/challenge-server.js';
import { alice, bare, plainServer, refused, server, spy } from '../support/stage.js';

const UNPROVEN = 'ERR_AUTH_MUTUAL';

/** The code of the error that a request ends with, or its page. */
function told(request: Promise<{ readonly data?: unknown }>): Promise<unknown> {
  return request.then(
    ({ data }) => `the page ${data}`,
    (error: { readonly code?: string }) => error.code,
  );
}

type Forgery = (request: IncomingMessage, response: ServerResponse) => void;

interface Scene {
  readonly guarded: ChallengeServer;
  readonly instance: AxiosInstance;
  readonly handle: AuthHandle;
  /** Somebody on the way answers from now on, or no longer. */
  forge(forgery: Forgery | undefined): void;
}

/** A client that asks for proofs, and somebody on the way to the server who can answer in its place. */
async function scene(
  more: ChallengeServerOptions = {},
  options: AuthOptions = {},
  config: AxiosRequestConfig = {},
): Promise<Scene> {
  let forgery: Forgery | undefined;
  const guarded = await server({
    ...more,
    onRequest: (request, response) => {
      forgery?.(request, response);
      return forgery !== undefined;
    },
  });
  const instance = bare(guarded.url, config as object);
  const handle = installAuth(instance, { providers: [staticCredential(alice)], mutual: 'require', ...options });
  const forge = (next: Forgery | undefined) => {
    forgery = next;
  };
  return { guarded, instance, handle, forge };
}

const page: Forgery = (_, response) => void response.end('forged');
const status =
  (code: number, headers = {}): Forgery =>
  (_, response) =>
    void response.writeHead(code, headers).end('forged');

describe.each(['http', 'fetch'] as const)('with the %s adapter', (adapter) => {
  test.each([301, 302, 303, 307, 308])('SEC-41 a %i that leads to another origin hands over no page', async (code) => {
    const elsewhere = await plainServer(page);
    const { instance, forge } = await scene({}, {}, { adapter });
    await instance.get('/report');
    forge(status(code, { Location: `${elsewhere.url}/report` }));
    expect(await told(instance.get('/report'))).toBe(UNPROVEN);
    // The session is left alone: a redirect says nothing of it. And it leads nowhere without one either.
    expect(await told(instance.get('/report', { challenge: { preemptive: false } }))).toBe(UNPROVEN);
    expect(elsewhere.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
    forge(undefined);
    expect((await instance.get('/report')).status).toBe(200);
  });

  test('SEC-41 a redirect through another origin and back is not proven', async () => {
    const { guarded, instance, forge } = await scene({}, {}, { adapter });
    const elsewhere = await plainServer(status(302, { Location: `${guarded.url}/back` }));
    await instance.get('/report');
    forge((request, response) => {
      if (request.url === '/back') page(request, response);
      else status(302, { Location: elsewhere.url })(request, response);
    });
    expect(await told(instance.get('/report'))).toBe(UNPROVEN);
  });

  test('SEC-41 a redirect within the origin, out of the space, is not proven', async () => {
    const { instance, forge } = await scene({ protect: { scheme: 'digest', domain: '/private' } }, {}, { adapter });
    await instance.get('/private/report');
    forge((request, response) => {
      if (request.url === '/public') page(request, response);
      else status(302, { Location: '/public' })(request, response);
    });
    expect(await told(instance.get('/private/report'))).toBe(UNPROVEN);
  });

  test('SEC-41 a redirect within the space is believed with a proof at its end, and not without a proof', async () => {
    let isForged = false;
    const { instance } = await scene(
      {
        onAuthenticated: ({ url }, response) => {
          if (url === '/report') response.writeHead(302, { Location: '/moved' });
          else if (isForged) response.removeHeader('Authentication-Info');
          response.end('page');
        },
      },
      {},
      { adapter },
    );
    expect((await instance.get('/report')).data).toBe('page');
    isForged = true;
    expect(await told(instance.get('/report'))).toBe(UNPROVEN);
  });
});

test('SEC-41 an answer to the challenge itself that is redirected elsewhere is not believed', async () => {
  const elsewhere = await plainServer(page);
  const { instance } = await scene({
    onAuthenticated: (_, response) => void response.writeHead(302, { Location: elsewhere.url }).end(),
  });
  expect(await told(instance.get('/report'))).toBe(UNPROVEN);
  expect(await told(instance.post('/report', 'body'))).toBe(UNPROVEN);
});

test('SEC-41 a forged page is not believed however often it comes, and the real server is believed again', async () => {
  const { guarded, instance, forge } = await scene();
  await instance.get('/report');
  forge(page);
  for (let i = 0; i < 3; i += 1) {
    const error: AuthError = await instance.get('/report').catch((reason) => reason);
    const { name, code, response } = error;
    expect([name, code, (response as AxiosResponse | undefined)?.data]).toEqual(['AuthError', UNPROVEN, 'forged']);
    expect(explain(error)).toContain('failed the request');
  }
  forge(undefined);
  expect((await instance.get('/report')).data.user).toBe('alice');
  expect(guarded.requests.filter(({ violation }) => violation)).toEqual([]);
});

test.each<[string, AxiosRequestConfig]>([
  ['preemptive: false', { challenge: { preemptive: false } }],
  ['providers of its own', { challenge: { providers: [spy(alice)] } }],
  ['no provider at all', { challenge: { providers: [] } }],
  ['another account', { auth: { username: 'bob', password: 'builder' } }],
  ['a listener', { challenge: { onEvent: () => {} } }],
  ['a stream as its body', { method: 'put', data: Readable.from(['x']) }],
  ['HEAD', { method: 'head' }],
  ['POST', { method: 'post', data: 'x' }],
  ['another path of the space', { url: '/other?x=1' }],
  ['maxRedirects: 0', { maxRedirects: 0 }],
  ['the fetch adapter', { adapter: 'fetch' }],
])('SEC-41 proof stays due for a request with %s', async (_, config) => {
  const { instance, forge } = await scene();
  await instance.get('/report');
  forge(page);
  expect(await told(instance.request({ url: '/report', ...config }))).toBe(UNPROVEN);
});

test('SEC-41 proof is due from the first answer, though no proof ever came', async () => {
  const { instance, forge } = await scene({ protect: { scheme: 'digest', rspauth: false } });
  for (let i = 0; i < 2; i += 1) expect(await told(instance.get('/report'))).toBe(UNPROVEN);
  forge(page);
  expect(await told(instance.get('/report'))).toBe(UNPROVEN);
});

test('SEC-41 proof is due where a challenge was answered before a request asked for proof', async () => {
  const { instance, forge } = await scene({}, { mutual: 'verify' });
  await instance.get('/report');
  forge(page);
  const challenge = { mutual: 'require', preemptive: false } as const;
  expect(await told(instance.get('/report', { challenge }))).toBe(UNPROVEN);
  expect((await instance.get('/report')).data).toBe('forged');
});

const NEW_REALM = 'Digest realm="another", nonce="n", qop="auth", algorithm=SHA-256, domain="/far"';
const MANY = Array.from({ length: 80 }, (_, i) => `/d${i}`).join(' ');

test.each<[string, Forgery]>([
  ['401 without a challenge', status(401)],
  [
    '401 with the same challenge again',
    status(401, { 'WWW-Authenticate': 'Digest realm="test", nonce="n", qop="auth"' }),
  ],
  ['401 of another realm', status(401, { 'WWW-Authenticate': NEW_REALM })],
  ['401 with Basic', status(401, { 'WWW-Authenticate': 'Basic realm="test"' })],
  [
    '401 with many domains',
    status(401, {
      'WWW-Authenticate': `Digest realm="test", nonce="n", qop="auth", algorithm=SHA-256, domain="${MANY}", stale=true`,
    }),
  ],
  ['403', status(403)],
  ['404', status(404)],
  ['407', status(407, { 'Proxy-Authenticate': 'Basic realm="test"' })],
  ['500', status(500)],
  ['503', status(503)],
  ['500 with a wrong rspauth', status(500, { 'Authentication-Info': 'rspauth="00"' })],
  ['broken connection', (request) => void request.socket.destroy()],
])('SEC-41 a forged %s makes no page believed after it', async (_, forgery) => {
  const { instance, forge } = await scene();
  await instance.get('/report');
  for (let i = 0; i < 3; i += 1) {
    forge(forgery);
    await instance.get('/report').catch(() => {});
    await instance.get('/report', { validateStatus: null }).catch(() => {});
    forge(page);
    expect(await told(instance.get('/report'))).toBe(UNPROVEN);
  }
});

test.each([401, 403, 404, 500])('SEC-41 a %i is given to the caller as it is, even without a proof', async (code) => {
  const { instance, forge } = await scene();
  await instance.get('/report');
  forge(status(code));
  expect((await instance.get('/report', { validateStatus: null })).status).toBe(code);
});

test('SEC-41 with more domains than are kept, proof is due in all of the origin', async () => {
  const { instance, forge } = await scene({ protect: { scheme: 'digest', domain: '/report' } });
  await instance.get('/report');
  const long = (i: number) => `Digest realm="${i}", nonce="n", qop="auth", domain="${`/${i}`.repeat(2000)}"`;
  for (let i = 0; i < 3; i += 1) {
    forge(status(401, { 'WWW-Authenticate': long(i) }));
    await refused(instance.get('/elsewhere'));
  }
  forge(page);
  const challenge = { preemptive: false };
  expect(await told(instance.get('/report', { challenge }))).toBe(UNPROVEN);
});

test('SEC-41 at a first contact, and outside of the answered space, no proof is due', async () => {
  const { instance, handle, forge } = await scene({ protect: { scheme: 'digest', domain: '/private' } });
  forge(page);
  expect((await instance.get('/private')).data).toBe('forged');
  forge(undefined);
  await instance.get('/private');
  forge(page);
  expect((await instance.get('/public')).data).toBe('forged');
  expect(await told(instance.get('/private'))).toBe(UNPROVEN);
  handle.forget();
  expect((await instance.get('/private')).data).toBe('forged');
});

test('SEC-41 a page without a due proof is not believed after a redirect from another origin', async () => {
  const { guarded, instance, forge } = await scene();
  const elsewhere = await plainServer(status(302, { Location: `${guarded.url}/report` }));
  await instance.get('/report');
  forge(page);
  expect(await told(instance.get(elsewhere.url))).toBe(UNPROVEN);
});

test('SEC-41 a page that was not believed is not believed when a cache gives it again', async () => {
  const kept = new Map<string, Awaited<ReturnType<AxiosAdapter>>>();
  const adapter: AxiosAdapter = async (config) => {
    const known = kept.get(String(config.url)) ?? (await axios.getAdapter('http', config)(config));
    if (known.status === 200) kept.set(String(config.url), known);
    return known;
  };
  const { instance, forge } = await scene({}, {}, { adapter });
  await instance.get('/report');
  forge(page);
  for (let i = 0; i < 3; i += 1) expect(await told(instance.get('/forged'))).toBe(UNPROVEN);
  expect((await instance.get('/report')).data.user).toBe('alice');
});

describe('a challenge without qop', () => {
  const protect = { scheme: 'digest', qop: null, algorithm: undefined } as const;

  test('SEC-41 is not answered, and explain tells why', async () => {
    const { guarded, instance } = await scene({ protect });
    const response = await refused(instance.get('/report'));
    expect(explain(response)).toContain('ERR_AUTH_MUTUAL');
    expect(explain(response)).toMatch(/Digest MD5 without qop .* proof/);
    expect(guarded.requests).toHaveLength(1);
  });

  test('SEC-41 is answered for requests that ask for no proof, and its session serves only those', async () => {
    const { guarded, instance } = await scene({ protect }, { mutual: 'verify' });
    await instance.get('/report');
    await refused(instance.get('/report', { challenge: { mutual: 'require' } }));
    expect(guarded.requests.map(({ authorization }) => authorization !== undefined)).toEqual([false, true, false]);
  });

  test('SEC-41 does not replace a better challenge: a recorded proof is not believed', async () => {
    const recorded = { info: '', authorization: '' };
    const { instance, forge } = await scene(
      {
        protect,
        onAuthenticated: ({ headers }, response) => {
          recorded.info = String(response.getHeader('Authentication-Info'));
          recorded.authorization = String(headers.authorization);
          response.end('page');
        },
      },
      { mutual: 'verify' },
    );
    await instance.get('/report');
    const nonce = /nonce="([^"]*)"/.exec(recorded.authorization)?.[1];
    forge(({ headers }, response) => {
      const { authorization } = headers;
      if (authorization) response.setHeader('Authentication-Info', recorded.info);
      else response.writeHead(401, { 'WWW-Authenticate': `Digest realm="test", nonce="${nonce}", qop="auth"` });
      response.end('forged');
    });
    expect(await told(instance.get('/report', { challenge: { mutual: 'require' } }))).toBe(UNPROVEN);
  });
});
