/** squid asks with 407, on plain requests and on CONNECT; curl says that it is sound. */

import { Agent } from 'node:https';
import axios, { type AxiosInstance } from 'axios';
import { explain, installAuth, type Provider, staticCredential, trace } from '../../src/index.js';
import { type ChallengeServer, challengeServer } from '../../src/testing/challenge-server.js';
import { through } from '../support/proxy.js';
import { curlStatus } from '../support/servers/curl.js';
import { alice, juergen, mistyped } from '../support/servers/passwords.js';
import { needs, type RunningServer } from '../support/servers/process.js';
import { squid } from '../support/servers/squid.js';
import { selfSigned } from '../support/tls.js';

const insider = { username: 'insider', password: 'within' };

needs('squid', 'squid')('squid', () => {
  let guards: Record<'basic' | 'digest' | 'short', RunningServer>;
  let origins: Record<'http' | 'https', ChallengeServer>;
  const httpsAgent = new Agent({ ca: selfSigned().cert });

  beforeAll(async () => {
    const [basic, digest, short] = await Promise.all([squid('basic'), squid('digest'), squid('digest', 2)]);
    guards = { basic, digest, short };
    const users = { insider: insider.password };
    const [http, https] = await Promise.all([
      challengeServer({ users, protect: { '/guarded': { scheme: 'digest' } } }),
      challengeServer({ users, protect: { '/guarded': { scheme: 'digest' } }, tls: selfSigned() }),
    ]);
    origins = { http, https };
  }, 30_000);

  afterEach(() => {
    for (const { requests } of Object.values(origins)) requests.length = 0;
  });

  afterAll(async () => {
    httpsAgent.destroy();
    await Promise.all([...Object.values(guards), ...Object.values(origins)].map((one) => one.close()));
  });

  function client(guard: RunningServer, credential = alice, forOrigin: Provider[] = []): AxiosInstance {
    const instance = axios.create({ proxy: through(guard), httpsAgent, validateStatus: null });
    const providers = [staticCredential(credential, { origin: guard.url }), ...forOrigin];
    installAuth(instance, { providers });
    return instance;
  }

  const WAYS = (['basic', 'digest'] as const).flatMap((scheme) =>
    (['http', 'https'] as const).map((protocol) => [scheme, protocol] as const),
  );

  describe.each(WAYS)('%s before %s', (scheme, protocol) => {
    test('curl gets through with the password, and not without', async () => {
      const by = ['--proxy', guards[scheme].url, `--proxy-${scheme}`, '--noproxy', '', '-k'];
      const { url } = origins[protocol];
      // One after the other: squid shares what its helper says of a name. The status of a refused CONNECT is not the response's.
      expect(await curlStatus(url, ...by, '--proxy-user', 'alice:wrong').catch(() => 407)).toBe(407);
      expect(await curlStatus(url, ...by, '--proxy-user', `${alice.username}:${alice.password}`)).toBe(200);
    });

    test('we get through, and at once from then on', async () => {
      const instance = client(guards[scheme]);
      for (const path of ['/a?x=1', '/b%20c', '/d']) {
        const response = await instance.post(origins[protocol].url + path, 'body');
        expect(response.status).toBe(200);
        expect(sendsOf(response)).toBe(path === '/a?x=1' ? 2 : 1);
      }
      expect(origins[protocol].requests.map(({ body }) => body.toString())).toEqual(['body', 'body', 'body']);
    });

    test('a name and a password beyond ASCII', async () => {
      const response = await client(guards[scheme], juergen).get(origins[protocol].url);
      expect(response.status).toBe(200);
    });

    test('with a wrong password the 407 comes back with the reason', async () => {
      const response = await client(guards[scheme], mistyped).get(origins[protocol].url);
      expect(response.status).toBe(407);
      expect(explain(response)).toMatch(/gave back the proxy's own 407: .*ERR_AUTH_REFUSED/);
      expect(origins[protocol].requests).toEqual([]);
    });

    test('the proxy and the origin are answered in one request', async () => {
      const forOrigin = [staticCredential(insider, { origin: origins[protocol].url })];
      const response = await client(guards[scheme], alice, forOrigin).put(`${origins[protocol].url}/guarded`, 'body');
      expect(response.data.user).toBe('insider');
      expect(origins[protocol].requests.map(({ headers }) => headers['proxy-authorization'])).toEqual([
        undefined,
        undefined,
      ]);
    });

    test('many at once', async () => {
      const instance = client(guards[scheme]);
      const answers = await Promise.all(Array.from({ length: 20 }, () => instance.get(origins[protocol].url)));
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    });
  });

  test.each(['http', 'https'] as const)('a nonce that runs out is renewed: %s', async (protocol) => {
    const instance = client(guards.short);
    for (let i = 0; i < 7; i += 1) expect((await instance.get(origins[protocol].url)).status).toBe(200);
  });

  function sendsOf(response: object): number | undefined {
    return trace(response)?.events.filter(({ type }) => type === 'send').length;
  }
});
