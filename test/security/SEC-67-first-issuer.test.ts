/** SEC-67 Metadata is whose it says: a server that names another issuer later gets nothing that is for the first. */

import { oauth } from '../../src/oauth/oauth.js';
import { ask } from '../support/credential-request.js';
import { fakeIssuer, tokens } from '../support/fake-issuer.js';
import { plainServer } from '../support/stage.js';
import { failureOf, json } from '../support/web.js';

const SECRET = 's3cret-of-the-client';

async function stage() {
  const [first, second] = [await fakeIssuer({ '/token': tokens('1') }), await fakeIssuer({ '/token': tokens('2') })];
  const named = { issuer: first.issuer };
  const { url } = await plainServer(({ headers }, response) =>
    json(response, { resource: `http://${headers.host}`, authorization_servers: [named.issuer] }),
  );
  return { first, second, named, url };
}

test('SEC-67 a client secret goes to the issuer that was found first, and to no other', async () => {
  const { first, second, named, url } = await stage();
  const provider = oauth({ discover: true, clientId: 'job', clientSecret: SECRET, origin: url });
  const request = ask({ scheme: 'bearer', origin: url, url });
  expect(await provider.get(request)).toMatchObject({ token: '1' });
  named.issuer = second.issuer;
  const refusal = { scheme: 'bearer', params: { error: 'invalid_token' } };
  const message = await failureOf(Promise.resolve(provider.get({ ...request, refusal })));
  expect(message).toContain(`the resource names ${second.issuer}, and clientSecret is for ${first.issuer}`);
  expect(message).not.toContain(SECRET);
  // Another path of the server is no way around.
  const elsewhere = { ...request, url: `${url}/other` };
  expect(await failureOf(Promise.resolve(provider.get(elsewhere)))).toContain('clientSecret is for');
  expect(second.count('/token')).toBe(0);
});

test('SEC-67 a token of the first issuer is not given out as one of the second', async () => {
  const { second, named, url } = await stage();
  const settings = { discover: true, clientId: 'job', clientSecret: SECRET, origin: url } as const;
  const request = ask({ scheme: 'bearer', origin: url, url });
  expect(await oauth(settings).get(request)).toMatchObject({ token: '1' });
  named.issuer = second.issuer;
  expect(await oauth(settings).get(request)).toMatchObject({ token: '2' });
});
