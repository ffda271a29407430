/** A proxy that asks for NTLM, against the strict server: plain requests, tunnels, and an origin's own NTLM. */

import { Agent } from 'node:https';
import axios from 'axios';
import { installAuth, staticCredential } from '../../../src/index.js';
import { ntlm } from '../../../src/ntlm.js';
import { axiosCan } from '../../support/capability.js';
import { bob, proxyServer, through } from '../../support/proxy.js';
import { afterwards, alice, server } from '../../support/stage.js';
import { selfSigned } from '../../support/tls.js';

const NTLM = { scheme: 'ntlm' } as const;
const tunnelling = axiosCan('open a tunnel');

async function clientThroughProxy(origin: string) {
  const proxy = await proxyServer({ protect: NTLM });
  const httpsAgent = new Agent({ ca: selfSigned().cert });
  const client = axios.create({ baseURL: origin, proxy: through(proxy), httpsAgent });
  const handle = installAuth(client, {
    schemes: [ntlm({ origins: [proxy.url, origin] })],
    providers: [staticCredential(bob, { origin: proxy.url }), staticCredential(alice, { origin })],
  });
  afterwards(() => {
    handle.eject();
    httpsAgent.destroy();
  });
  return { client, seen: () => proxy.requests.map(({ method, status }) => `${method} ${status}`) };
}

test('a plain request takes three sends, and each after it one', async () => {
  const origin = await server({ protect: [] });
  const { client, seen } = await clientThroughProxy(origin.url);
  for (let i = 0; i < 3; i += 1) expect((await client.get('/report')).status).toBe(200);
  expect(seen()).toEqual(['GET 407', 'GET 407', 'GET 200', 'GET 200', 'GET 200']);
});

tunnelling('a tunnel takes three CONNECTs, and the NTLM of its origin has a tunnel of its own', async () => {
  const origin = await server({ protect: NTLM, tls: selfSigned() });
  const { client, seen } = await clientThroughProxy(origin.url);
  for (let i = 0; i < 3; i += 1) expect((await client.get('/report')).data).toMatchObject({ user: 'alice' });
  const opened = ['CONNECT 407', 'CONNECT 200'];
  expect(seen()).toEqual(['CONNECT 407', ...opened, ...opened]);
  expect(origin.requests.map(({ status }) => status)).toEqual([401, 401, 200, 200, 200]);
});
