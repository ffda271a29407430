/** A proxy of the environment that has asked once is used while axios would take it, and no longer (SEC-49). */

import { Agent } from 'node:http';
import { installAuth, staticCredential } from '../../src/index.js';
import { withoutProxyVariables } from '../support/environment.js';
import { bob, proxyServer } from '../support/proxy.js';
import { afterwards, bare, server } from '../support/stage.js';

withoutProxyVariables();

async function asked() {
  const [open, guard] = [await server({ protect: {} }), await proxyServer({ protect: { scheme: 'digest' } })];
  process.env.http_proxy = guard.url;
  const client = bare(open.url, { proxy: undefined as never });
  installAuth(client, { providers: [staticCredential(bob, { origin: guard.url })] });
  for (const path of ['/a', '/b']) expect((await client.get(path)).status).toBe(200);
  expect(guard.requests.map(({ status }) => status)).toEqual([407, 200, 200]);
  return { open, guard, client, host: new URL(open.url).host };
}

test.each<readonly [string, (host: string) => Record<string, string | undefined>]>([
  ['its variable is removed', () => ({ http_proxy: undefined })],
  ['its variable is emptied', () => ({ http_proxy: '' })],
  ['NO_PROXY=*', () => ({ NO_PROXY: '*' })],
  ['no_proxy names the host', () => ({ no_proxy: 'other.example 127.0.0.1' })],
  ['NO_PROXY names host and port', (host) => ({ NO_PROXY: `other.example, ${host}` })],
  ['NO_PROXY names the end of the host', () => ({ NO_PROXY: '.0.0.1' })],
  ['NO_PROXY has a star and the end of the host', () => ({ NO_PROXY: '*.0.1' })],
  ['NO_PROXY names this machine otherwise', () => ({ NO_PROXY: 'localhost' })],
  ['NO_PROXY names its network', () => ({ NO_PROXY: '127.0.0.0/8' })],
])('SEC-49 a proxy that once asked is not used any more when %s', async (_, change) => {
  const { open, guard, client, host } = await asked();
  for (const [name, value] of Object.entries(change(host))) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  expect((await client.get('/c')).status).toBe(200);
  expect(guard.requests).toHaveLength(3);
  expect(open.requests.at(-1)?.url).toBe('/c');
  expect(open.requests.map(({ headers }) => headers['proxy-authorization'])).not.toContainEqual(expect.anything());
});

test('SEC-49 another proxy that the variable names later is used, and gets no credential of the first', async () => {
  const { guard, client } = await asked();
  const second = await proxyServer({ protect: {} });
  process.env.http_proxy = second.url;
  expect((await client.get('/c')).status).toBe(200);
  expect([guard.requests.length, second.requests.length]).toEqual([3, 1]);
  expect(second.requests[0]?.headers['proxy-authorization']).toBeUndefined();
  process.env.http_proxy = guard.url;
  expect((await client.get('/d')).status).toBe(200);
  expect(guard.requests.map(({ status }) => status)).toEqual([407, 200, 200, 200]);
});

test('SEC-49 entries of NO_PROXY for other hosts leave the proxy in use', async () => {
  const { guard, client } = await asked();
  process.env.NO_PROXY = 'other.example, .internal, 10.0.0.1:80, 127.0.0.1:1';
  expect((await client.get('/c')).status).toBe(200);
  expect(guard.requests.map(({ status }) => status)).toEqual([407, 200, 200, 200]);
});

test('SEC-49 an agent by which Node uses the proxy of the environment gets no authorization for it', async () => {
  const { guard, client } = await asked();
  const httpAgent = new Agent();
  afterwards(() => httpAgent.destroy());
  // What Node 24 keeps of `new Agent({ proxyEnv })`; this Node may know nothing of it, and goes straight on.
  Object.assign((httpAgent as unknown as { options: object }).options, { proxyEnv: {} });
  expect((await client.get('/c', { httpAgent })).status).toBe(200);
  expect(guard.requests[3]?.headers['proxy-authorization']).toBeUndefined();
});
