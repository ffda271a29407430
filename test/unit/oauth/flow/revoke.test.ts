/** Ends a login at an issuer (RFC 7009), which may do what it likes. */

import axios from 'axios';
import { revokeLogin } from '../../../../src/oauth/flow/revoke.js';
import { issuerFetch } from '../../../../src/oauth/protocol/http.js';
import { MetadataReader } from '../../../../src/oauth/protocol/metadata.js';
import { partyOf } from '../../../../src/oauth/protocol/party.js';
import { type FakeIssuer, fakeIssuer, json, type Page } from '../../../support/fake-issuer.js';

// As an error code could be.
const LOGIN = { access: 'the_access_token', refresh: 'the_refresh_token' };

/** With a page for its revocation endpoint. */
async function issuerWith(page: Page): Promise<FakeIssuer> {
  const id = await fakeIssuer({ '/revoke': page });
  const place = '/.well-known/oauth-authorization-server';
  id.pages.set(place, json({ issuer: id.issuer, revocation_endpoint: `${id.issuer}/revoke` }));
  return id;
}

async function partyAt({ issuer }: FakeIssuer) {
  const fetch = issuerFetch(axios.create({ proxy: false }));
  const metadata = await new MetadataReader(fetch).read(issuer);
  return partyOf({
    metadata,
    clientId: 'cli',
    clientSecret: undefined,
    scope: undefined,
    resource: undefined,
    login: {},
    fetch,
  });
}

const done: Page = (_request, response) => response.writeHead(200).end();
const refusing = (error: string) => json({ error, error_description: LOGIN.refresh }, 400);

test('the refresh token goes first, each with its kind and the client', async () => {
  const id = await issuerWith(done);
  expect(await revokeLogin(await partyAt(id), LOGIN)).toBe(true);
  const bodies = id.asked.filter(({ path }) => path === '/revoke').map(({ body }) => Object.fromEntries(body));
  expect(bodies).toEqual([
    { token: LOGIN.refresh, token_type_hint: 'refresh_token', client_id: 'cli' },
    { token: LOGIN.access, token_type_hint: 'access_token', client_id: 'cli' },
  ]);
});

test('an access token that cannot be revoked ends with its time, if the refresh token is revoked', async () => {
  const page: Page = (request, response, body) =>
    (body.get('token') === LOGIN.refresh ? done : refusing('unsupported_token_type'))(request, response, body);
  const party = await partyAt(await issuerWith(page));
  expect(await revokeLogin(party, LOGIN)).toBe(false);
  await expect(revokeLogin(party, { access: LOGIN.access })).rejects.toThrow(
    'unsupported_token_type (a token of this kind cannot be revoked there)',
  );
});

test.each<[string, Page, string]>([
  ['an error', refusing('invalid_client'), 'says invalid_client'],
  ['an error that repeats the token', refusing(LOGIN.refresh), 'says an error code that is not shown'],
  ['no endpoint', json({}, 404), 'answers 404'],
  ['trouble', json({ error: 'x' }, 503), 'answers 503'],
  ['a redirect', json({}, 302, { Location: '/elsewhere' }), 'answers with a redirect (302)'],
  ['nothing', (_, response) => response.destroy(), 'cannot be reached'],
])('%s: the reason, and no token', async (_, page, reason) => {
  const id = await issuerWith(page);
  const error = await revokeLogin(await partyAt(id), LOGIN).catch((one) => one);
  expect(error).toMatchObject({ code: 'ERR_AUTH_PROVIDER', message: expect.stringContaining(reason) });
  expect(JSON.stringify([error.message, error.cause, error.stack])).not.toMatch(/the_(access|refresh)_token/);
  expect(id.count('/revoke')).toBe(1);
});

test('an issuer without revocation_endpoint', async () => {
  const id = await fakeIssuer();
  await expect(revokeLogin(await partyAt(id), LOGIN)).rejects.toThrow('has metadata without revocation_endpoint');
});
