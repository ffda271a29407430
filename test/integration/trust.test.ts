/** Where redirects lead: every status, method and destination; a credential goes to the origin it is for and nowhere else. */

import http from 'node:http';
import { Agent } from 'node:https';
import { type AuthOptions, explain, installAuth, staticCredential } from '../../src/index.js';
import type { ChallengeServer, ChallengeServerOptions } from '../../src/testing/challenge-server.js';
import { axiosCan } from '../support/capability.js';
import { afterwards, alice, bare, server, spy } from '../support/stage.js';
import { selfSigned } from '../support/tls.js';

const carol = { username: 'carol', password: 'other' };

/** Guarded for alice; `/from` redirects once one is in. */
function first(status: number, location: () => string, tls?: ChallengeServerOptions['tls']): Promise<ChallengeServer> {
  return server({
    ...(tls && { tls }),
    protect: { scheme: 'basic' },
    onAuthenticated: ({ url, method }, response) => {
      if (url === '/from') response.writeHead(status, { Location: location() }).end();
      else response.end(method);
    },
  });
}

/** Guarded for carol. */
function second(options: ChallengeServerOptions = {}): Promise<ChallengeServer> {
  return server({
    users: { carol: carol.password },
    protect: { scheme: 'basic' },
    onAuthenticated: ({ method }, response) => void response.end(method),
    ...options,
  });
}

function client(url: string, options: AuthOptions) {
  const agents = { httpAgent: new http.Agent(), httpsAgent: new Agent({ ca: selfSigned().cert }) };
  const instance = bare(url, { ...agents, validateStatus: null });
  afterwards(() => agents.httpsAgent.destroy());
  installAuth(instance, options);
  return instance;
}

function authorizations({ requests }: ChallengeServer) {
  return requests.map(({ user }) => user);
}

const STATUSES = [301, 302, 303, 307, 308];
const METHODS = ['get', 'post', 'put'];
const TLS = { tls: selfSigned() };

/** RFC 9110 §15.4, as follow-redirects does it. */
function methodAfter(status: number, method: string): string {
  if (status === 303 && method !== 'get') return 'GET';
  return method === 'post' && status < 303 ? 'GET' : method.toUpperCase();
}

const MATRIX = STATUSES.flatMap((status) => METHODS.map((method) => [status, method] as const));

describe.each(MATRIX)('%i after %s', (status, method) => {
  test.each([
    ['another port', {}, {}, (url: string) => url],
    ['another name of the same host', {}, {}, (url: string) => url.replace('127.0.0.1', 'localhost')],
    ['the same name with TLS', {}, TLS, (url: string) => url],
    ['another port with TLS', TLS, TLS, (url: string) => url],
    ['http from https', TLS, {}, (url: string) => url],
  ])('to %s: no header of ours arrives, and the challenge there is not answered', async (_, from, to, spelled) => {
    const other = await second(to);
    const { tls } = from as { tls?: ChallengeServerOptions['tls'] };
    const guarded = await first(status, () => `${spelled(other.url)}/to`, tls);
    const provider = spy(alice);
    const response = await client(guarded.url, { providers: [provider] }).request({ url: '/from', method, data: 'x' });
    expect(response.status).toBe(401);
    expect(authorizations(other)).toEqual([undefined]);
    expect(provider.asked).toHaveLength(1);
    expect(explain(response)).toContain('ERR_AUTH_ORIGIN');
  });

  test.each(['/to', '../to', '?to'])('to %s within the origin: the challenge is answered there', async (location) => {
    const guarded = await first(status, () => location);
    const response = await client(guarded.url, { providers: [spy(alice)] }).request({
      url: '/from',
      method,
      data: 'x',
    });
    expect([response.status, response.data]).toEqual([200, methodAfter(status, method)]);
    expect(authorizations(guarded)).toEqual([undefined, 'alice', 'alice']);
  });
});

describe('trustOrigins', () => {
  test.each(MATRIX)(
    '%i after %s: the challenge is answered with the credential for that origin',
    async (status, method) => {
      const other = await second();
      const guarded = await first(status, () => `${other.url}/to`);
      const providers = [staticCredential(carol, { origin: other.url }), staticCredential(alice)];
      const instance = client(guarded.url, { providers, trustOrigins: [other.url] });
      const config = { url: '/from', method, data: 'x', headers: { Cookie: 'a=b' } };
      const response = await instance.request(config);
      expect([response.status, response.data]).toEqual([200, methodAfter(status, method)]);
      expect(authorizations(other)).toEqual([undefined, 'carol']);
      expect(other.requests.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);
      expect(other.requests.map(({ body }) => body.toString())).toEqual(
        Array(2).fill(response.data === 'GET' && method !== 'get' ? '' : 'x'),
      );
    },
  );

  axiosCan('take sensitive headers away')('headers that axios takes away stay away from the answer', async () => {
    const other = await second();
    const guarded = await first(302, () => `${other.url}/to`);
    const providers = [staticCredential(carol, { origin: other.url }), staticCredential(alice)];
    const instance = client(guarded.url, { providers, trustOrigins: [other.url] });
    await instance.get('/from', { headers: { 'X-Api-Key': 'k' }, sensitiveHeaders: ['X-Api-Key'] });
    expect(authorizations(other)).toEqual([undefined, 'carol']);
    expect(other.requests.map(({ headers }) => headers['x-api-key'])).toEqual([undefined, undefined]);
  });

  test('a credential that names no origin stays where the caller addressed it', async () => {
    const other = await second({ users: { alice: alice.password } });
    const guarded = await first(302, () => `${other.url}/to`);
    const elsewhere = client('', { providers: [staticCredential(alice)], trustOrigins: [other.url] });
    const response = await elsewhere.get(`${guarded.url}/from`);
    expect(response.status).toBe(401);
    expect(authorizations(other)).toEqual([undefined]);
  });

  test.each([
    ['the same host with another port', (url: string) => url.replace(/:\d+$/, ':1')],
    ['a host that begins alike', (url: string) => url.replace('127.0.0.1', '127.0.0.1.evil')],
    ['another scheme', (url: string) => url.replace('http:', 'https:')],
  ])('%s is another origin', async (_, trusted) => {
    const other = await second();
    const guarded = await first(302, () => `${other.url}/to`);
    const providers = [staticCredential(carol, { origin: other.url }), staticCredential(alice)];
    const response = await client(guarded.url, { providers, trustOrigins: [trusted(other.url)] }).get('/from');
    expect(response.status).toBe(401);
    expect(authorizations(other)).toEqual([undefined]);
  });

  test('never from https to http', async () => {
    const other = await second();
    const guarded = await first(307, () => `${other.url}/to`, TLS.tls);
    const providers = [staticCredential(carol, { origin: other.url }), staticCredential(alice)];
    const response = await client(guarded.url, { providers, trustOrigins: [other.url] }).get('/from');
    expect(response.status).toBe(401);
    expect(explain(response)).toContain('a redirect led from https to http');
    expect(authorizations(other)).toEqual([undefined]);
  });

  test('a redirect through another origin to a trusted origin is not answered', async () => {
    const other = await second();
    const stranger = await server({
      protect: {},
      onAuthenticated: (_, response) => void response.writeHead(302, { Location: `${other.url}/to` }).end(),
    });
    const guarded = await first(302, () => `${stranger.url}/`);
    const providers = [staticCredential(carol, { origin: other.url }), staticCredential(alice)];
    const response = await client(guarded.url, { providers, trustOrigins: [other.url] }).get('/from');
    expect(response.status).toBe(401);
    expect(authorizations(other)).toEqual([undefined]);
  });

  test('trustOrigins that is not a list of URLs is refused', () => {
    const trustOrigins = ['*.example'];
    expect(() => client('', { trustOrigins })).toThrow(expect.objectContaining({ code: 'ERR_AUTH_OPTION' }));
  });
});
