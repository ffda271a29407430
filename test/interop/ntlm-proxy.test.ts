/** squid as a proxy asks for NTLM, and Samba judges what it gets: for plain requests, and for the tunnels of https. */

import { execFile } from 'node:child_process';
import { Agent } from 'node:https';
import { promisify } from 'node:util';
import axios from 'axios';
import { explain, installAuth, staticCredential } from '../../src/index.js';
import { ntlm } from '../../src/ntlm.js';
import { type ChallengeServer, challengeServer } from '../../src/testing/challenge-server.js';
import { axiosCan } from '../support/capability.js';
import { needs, type RunningServer } from '../support/servers/process.js';
import { squidNtlmProxy } from '../support/servers/squid-ntlm.js';
import { afterwards } from '../support/stage.js';
import { selfSigned } from '../support/tls.js';

const account = { domain: 'LAB', username: 'bob', password: 'builder' };
const bob = { username: 'LAB\\bob', password: account.password };
const tunnelling = axiosCan('open a tunnel');

const both = (name: string, body: () => void) =>
  needs('squid', 'squid')(name, () => needs('ntlm_auth', 'winbind')('with the helper of Samba', body));

both('squid', () => {
  let proxy: RunningServer;
  let plain: ChallengeServer;
  let secure: ChallengeServer;

  beforeAll(async () => {
    proxy = await squidNtlmProxy(account);
    plain = await challengeServer({ protect: [] });
    secure = await challengeServer({
      protect: { '/own': { scheme: 'ntlm' } },
      users: { alice: 'wonderland' },
      tls: selfSigned(),
    });
  }, 30_000);

  afterEach(() => {
    for (const { requests } of [plain, secure]) requests.length = 0;
  });

  afterAll(async () => {
    for (const one of [proxy, plain, secure]) await one.close();
  });

  const url = () => secure.url.replace('127.0.0.1', 'localhost');

  function clientOf(credential = bob, own = {}) {
    const { hostname: host, port } = new URL(proxy.url);
    const httpsAgent = new Agent({ ca: selfSigned().cert });
    const client = axios.create({ proxy: { protocol: 'http', host, port: Number(port) }, httpsAgent, ...own });
    const handle = installAuth(client, {
      schemes: [ntlm({ origins: [proxy.url, url()] })],
      providers: [
        staticCredential(credential, { origin: proxy.url }),
        staticCredential({ username: 'alice', password: 'wonderland' }, { origin: url() }),
      ],
    });
    afterwards(() => {
      handle.eject();
      httpsAgent.destroy();
    });
    return client;
  }

  test('plain requests get through, and at once from then on', async () => {
    const client = clientOf();
    const sends: number[] = [];
    for (const path of ['/a', '/b', '/c']) {
      const response = await client.post(plain.url + path, 'body');
      sends.push(explain(response).match(/^ {2}\d/gm)?.length ?? 0);
    }
    expect(sends).toEqual([3, 1, 1]);
    expect(plain.requests.map(({ url, body }) => [url, body.toString()])).toEqual([
      ['/a', 'body'],
      ['/b', 'body'],
      ['/c', 'body'],
    ]);
    expect(plain.requests.filter(({ headers }) => headers['proxy-authorization'])).toEqual([]);
  });

  tunnelling('so do those of https, each through the tunnel of the one before', async () => {
    const client = clientOf();
    for (const path of ['/a', '/b', '/c']) expect((await client.post(url() + path, 'body')).status).toBe(200);
    expect(secure.requests.map(({ url, body }) => [url, body.toString()])).toEqual([
      ['/a', 'body'],
      ['/b', 'body'],
      ['/c', 'body'],
    ]);
    expect(new Set(secure.requests.map(({ remotePort }) => remotePort)).size).toBe(1);
  });

  tunnelling(
    'an origin shakes hands within the tunnel, as another account, with the binding of its certificate',
    async () => {
      const client = clientOf();
      for (let i = 0; i < 2; i += 1) expect((await client.get(`${url()}/own`)).data).toMatchObject({ user: 'alice' });
      expect(secure.requests.map(({ status }) => status)).toEqual([401, 401, 200, 200]);
    },
  );

  tunnelling.each(['http', 'https'])('the credential in config.proxy is enough, by %s', async (scheme) => {
    const { hostname: host, port } = new URL(proxy.url);
    const own = { proxy: { protocol: 'http', host, port: Number(port), auth: bob } };
    const client = clientOf({ username: 'nobody', password: 'x' }, own);
    for (let i = 0; i < 2; i += 1) expect((await client.get(scheme === 'http' ? plain.url : url())).status).toBe(200);
  });

  tunnelling.each(['http', 'https'])('a wrong password gets nobody through, by %s', async (scheme) => {
    const client = clientOf({ ...bob, password: 'Builder' });
    for (let i = 0; i < 2; i += 1) {
      const response = await client.get(scheme === 'http' ? plain.url : url(), { validateStatus: null });
      expect([response.status, String(response.data)]).toEqual([407, expect.stringContaining('squid')]);
    }
    expect([...plain.requests, ...secure.requests]).toEqual([]);
  });

  needs('curl', 'curl')('curl', () => {
    test.each(['http', 'https'])('gets through as we do, by %s', async (scheme) => {
      const to = scheme === 'http' ? plain.url : url();
      const args = ['-sk', '-o', '/dev/null', '-w', '%{http_code} %{http_connect}', '--proxy-ntlm'];
      const run = (password: string) =>
        promisify(execFile)('curl', [...args, '-U', `LAB\\bob:${password}`, '-x', proxy.url, to]).then(
          ({ stdout }) => stdout,
          ({ stdout }: { stdout: string }) => stdout,
        );
      expect(await run('builder')).toBe(scheme === 'http' ? '200 000' : '200 200');
      expect(await run('Builder')).toBe(scheme === 'http' ? '407 000' : '000 407');
    });
  });
});
