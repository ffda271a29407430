/** SEC-28: what sits on Object.prototype is no token, no address to come back to, and no network. */

import { discover } from '../../src/oauth/discovery/discover.js';
import { type OAuthOptions, oauth } from '../../src/oauth/oauth.js';
import { formatStored } from '../../src/oauth/tokens/stored-token.js';
import { ask } from '../support/credential-request.js';
import { fakeIssuer, tokens } from '../support/fake-issuer.js';
import { FakeTerminal } from '../support/fake-terminal.js';
import { tokenStore } from '../support/oauth-stage.js';

/** Runs `work` while Object.prototype has more properties. */
async function polluted<T>(properties: Readonly<Record<string, unknown>>, work: () => Promise<T>): Promise<T> {
  for (const [name, value] of Object.entries(properties))
    Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
  try {
    return await work();
  } finally {
    for (const name of Object.keys(properties)) Reflect.deleteProperty(Object.prototype, name);
  }
}

async function stage(options: Partial<OAuthOptions>) {
  const id = await fakeIssuer({ '/token': tokens('t') }, { authorization_response_iss_parameter_supported: undefined });
  const { input, output, environment } = new FakeTerminal();
  const settings = { issuer: id.issuer, clientId: 'cli', input, output, environment, ...options };
  return { id, parts: oauth(settings).providers ?? [] };
}

const request = ask({ scheme: 'bearer' });

test('SEC-28 a kept token without a refresh token has none', async () => {
  const store = tokenStore();
  const text = formatStored({ access: 'old', expires: 1 });
  const { id, parts } = await stage({ store: { ...store, get: async () => text } });
  expect(await polluted({ refresh: 'evil' }, async () => parts[0]?.get(request))).toBeUndefined();
  expect(id.count('/token')).toBe(0);
});

test('SEC-28 a token response without a refresh token has none, and none is stored', async () => {
  const store = tokenStore();
  const seen: string[] = [];
  const open = async (address: string) => {
    const asked = new URL(address).searchParams;
    seen.push(String(asked.get('redirect_uri')));
    await fetch(
      `${asked.get('redirect_uri')}?${new URLSearchParams({ code: 'c', state: String(asked.get('state')) })}`,
    );
  };
  const { parts } = await stage({ store, open });
  const evil = { refresh_token: 'evil', refresh: 'evil', scope: 'evil', path: '/guessed' };
  expect(await polluted(evil, async () => parts[1]?.get(request))).toMatchObject({ token: 't' });
  expect([...store.values.values()].join()).toContain('"access":"t"');
  expect([...store.values.values()].join()).not.toContain('evil');
  expect(seen.join()).not.toContain('guessed');
});

test('SEC-28 a resource is no nearer, and knows no issuer', async () => {
  const documents: Readonly<Record<string, object>> = {
    'https://files.example/.well-known/oauth-protected-resource': {
      resource: 'https://files.example',
      authorization_servers: ['https://10.0.0.1', 'https://id.example'],
    },
    'https://10.0.0.1/.well-known/oauth-authorization-server': { issuer: 'https://10.0.0.1' },
  };
  const fetchJson = async (url: string) => {
    const body = new TextEncoder().encode(JSON.stringify(documents[url]));
    return { status: 200, contentType: 'application/json', body };
  };
  const question = { url: 'https://files.example/', challenge: undefined, issuer: undefined };
  const resolve = async () => [{ address: '203.0.113.1', family: 4 }];
  const evil = { address: '10.0.0.2', known: ['https://10.0.0.1'] };
  const found = polluted(evil, () => discover(question, fetchJson, undefined, resolve));
  await expect(found).rejects.toThrow(/names several/);
});
