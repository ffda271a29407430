/** Discovery and the tokens together: who is asked for what, and who is never sent anything. */

import { PassThrough } from 'node:stream';
import type { CredentialRequest } from '../../src/model.js';
import { Issuers } from '../../src/oauth/issuer-for.js';
import { type OAuthOptions, oauth } from '../../src/oauth/oauth.js';
import { oauthSettings } from '../../src/oauth/options.js';
import { ask } from '../support/credential-request.js';
import { fakeIssuer, json as jsonPage, tokens } from '../support/fake-issuer.js';
import { tokenStore } from '../support/oauth-stage.js';
import { plainServer } from '../support/stage.js';
import { failureOf, json, plainClient } from '../support/web.js';

const REFUSED = { scheme: 'bearer', params: { error: 'invalid_token' } };

const request = (url: string, more: Partial<CredentialRequest> = {}) =>
  ask({ scheme: 'bearer', kind: 'token', origin: new URL(url).origin, url, ...more });

/** A resource that names an issuer, which can be changed. */
async function resource(issuer: string) {
  const state = { issuer };
  const { url, requests } = await plainServer((asked, response) =>
    json(response, { resource: `http://${asked.headers.host}`, authorization_servers: [state.issuer] }),
  );
  return { url, requests, state };
}

/** An issuer with the device flow, which gives the tokens `<name>-1`, `<name>-2` and their refresh tokens. */
async function issuer(name: string) {
  let given = 0;
  return fakeIssuer({
    '/device': jsonPage({
      ...{ device_code: 'dc', user_code: 'UC', verification_uri: 'https://id.example/d' },
      ...{ expires_in: 60, interval: 1 },
    }),
    '/token': (...exchange) => {
      given += 1;
      tokens(`${name}-${given}`, { refresh_token: `refresh-of-${name}-${given}` })(...exchange);
    },
  });
}

test('without `discover` a resource is asked nothing, whatever its challenge says', async () => {
  const [id, other] = [await fakeIssuer(), await resource('http://127.0.0.1:9')];
  const challenge = { scheme: 'bearer', params: { resource_metadata: `${other.url}/meta` } };
  const issuers = new Issuers(oauthSettings({ issuer: id.issuer, clientId: 'cli' }), plainClient());
  const source = await issuers.for(request(`${other.url}/mcp`, { challenge }));
  expect(source).toMatchObject({ issuer: id.issuer, resource: undefined, scope: undefined });
  expect([other.requests, id.asked]).toEqual([[], []]);
  expect((await source.metadata()).issuer).toBe(id.issuer);
});

test('fifty requests for one resource discover once', async () => {
  const id = await fakeIssuer();
  const api = await resource(id.issuer);
  const issuers = new Issuers(oauthSettings({ discover: true, clientId: 'cli' }), plainClient());
  const sources = await Promise.all(Array.from({ length: 50 }, () => issuers.for(request(`${api.url}/mcp`))));
  expect(new Set(sources.map(({ issuer }) => issuer))).toEqual(new Set([id.issuer]));
  await issuers.for(request(`${api.url}/mcp`));
  expect([api.requests.length, id.asked.length]).toEqual([1, 1]);
});

test('a client that is a document is refused where the issuer reads none', async () => {
  const id = await fakeIssuer({ '/token': tokens('t') });
  const api = await resource(id.issuer);
  const provider = oauth({
    discover: true,
    clientId: 'https://app.example/client.json',
    origin: api.url,
    store: false,
  });
  expect(await failureOf(Promise.resolve(provider.get(request(api.url))))).toContain(
    'the issuer reads no client metadata document',
  );
  expect(id.count('/token')).toBe(0);
});

test('another issuer is told, and gets nothing of what the first has given', async () => {
  const [first, second] = [await issuer('first'), await issuer('second')];
  const api = await resource(first.issuer);
  const store = tokenStore();
  let shown = '';
  const output = new PassThrough().on('data', (chunk) => {
    shown += chunk;
  });
  const own: OAuthOptions = { discover: true, clientId: 'cli', origin: api.url, store, prompt: true, output };
  const [silent, person] = oauth({ ...own, flow: 'device' }).providers ?? [];
  const given = await person?.get(request(api.url));
  expect(given).toMatchObject({ token: 'first-1' });
  expect(shown).not.toContain('no longer');

  api.state.issuer = second.issuer;
  person?.reject?.(request(api.url), given as never);
  const asked = request(api.url, { refusal: REFUSED });
  expect(await silent?.get(asked)).toBeUndefined();
  expect(silent?.absence?.(asked)).toContain(`at ${second.issuer}, which the server names in place of ${first.issuer}`);
  expect(await person?.get(request(api.url, { refusal: REFUSED }))).toMatchObject({ token: 'second-1' });
  expect(shown).toContain(`asks for a token of ${second.issuer}, and no longer of ${first.issuer}`);
  expect(JSON.stringify(second.asked.map(({ body }) => [...body]))).not.toContain('first');
  // The login at the first is kept: the resource may go back.
  expect([...store.values.values()].join()).toContain('refresh-of-first-1');
});
