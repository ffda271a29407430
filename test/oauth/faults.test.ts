/** An issuer that fails, in each of the ways: the reason is told, nothing is lost, nothing hangs. */

import { Writable } from 'node:stream';
import { AuthError } from '../../src/errors.js';
import { type OAuthOptions, oauth } from '../../src/oauth/oauth.js';
import { ask } from '../support/credential-request.js';
import { type FakeIssuer, fakeIssuer, json, type Page, tokens } from '../support/fake-issuer.js';
import { tokenStore } from '../support/oauth-stage.js';

const request = () => ask({ scheme: 'bearer' });
const SECRET = 'the-secret-of-the-job';

async function reason(work: unknown): Promise<string> {
  const error: unknown = await Promise.resolve(work).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(AuthError);
  expect((error as AuthError).code).toBe('ERR_AUTH_PROVIDER');
  expect(JSON.stringify([(error as AuthError).cause, (error as AuthError).message])).not.toContain(SECRET);
  return (error as AuthError).message;
}

function job(id: Pick<FakeIssuer, 'issuer'>, options: Partial<OAuthOptions> = {}) {
  return oauth({ issuer: id.issuer, clientId: 'job', clientSecret: SECRET, ...options });
}

const DEVICE = {
  '/device': json({
    ...{ device_code: 'dc', user_code: 'UC', verification_uri: 'https://id.example/d' },
    ...{ expires_in: 60, interval: 1 },
  }),
};

const flood: Page = (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024)));
  };
  response.on('drain', more);
  more();
};

const FAULTS: Readonly<Record<string, readonly [page: Page, says: string]>> = {
  'a 500': [json({ error: 'server_error' }, 500), 'answers 500'],
  'a page of HTML': [
    (_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>'),
    'else than JSON',
  ],
  'half of a token': [
    (_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"acc'),
    'else than JSON',
  ],
  'no token': [json({ token_type: 'Bearer' }), 'else than a token response'],
  'a list': [json([]), 'else than a token response'],
  'a token of another type': [json({ access_token: 't', token_type: 'mac' }), 'another type than Bearer'],
  'a DPoP token': [json({ access_token: 't', token_type: 'DPoP' }), 'another type than Bearer'],
  'a redirect': [(_, response) => response.writeHead(307, { Location: '/other' }).end(), 'redirect (307)'],
  'a 100 MB response': [flood, 'more than 64 KiB'],
  'a closed connection': [(_, response) => response.destroy(), 'cannot be reached'],
  'a refusal without an error code': [json({ message: SECRET }, 400), 'answers 400'],
  'an error code that is a sentence': [
    json({ error: `Your secret ${SECRET} is bad` }, 400),
    'an error code that is not shown',
  ],
  'an error code that repeats the secret': [json({ error: SECRET }, 401), 'an error code that is not shown'],
};

test.each(Object.entries(FAULTS))('%s is told, and the next request is served', async (_, [page, says]) => {
  const id = await fakeIssuer({ '/token': page });
  const provider = job(id);
  expect(await reason(provider.get(request()))).toContain(says);
  expect(id.count('/other')).toBe(0);
  id.pages.set('/token', tokens('good'));
  expect(await provider.get(request())).toMatchObject({ token: 'good' });
});

/** A person has logged in, and the token is about to run out. */
async function loggedIn() {
  const token = tokens('first', { refresh_token: 'r1', expires_in: 30 });
  const id = await fakeIssuer({ ...DEVICE, '/token': token });
  const store = tokenStore();
  const options: OAuthOptions = { issuer: id.issuer, clientId: 'cli', store, prompt: true, flow: 'device' };
  const [silent, person] = oauth({ ...options, environment: { CI: '1' }, output: quiet() }).providers ?? [];
  await person?.get(request());
  return { id, store, silent };
}

test.each(Object.entries(FAULTS))('%s at a renewal deletes nothing', async (_, [page]) => {
  const { id, store, silent } = await loggedIn();
  const kept = [...store.values];
  expect(kept).toHaveLength(1);

  id.pages.set('/token', page);
  await reason(silent?.get(request()));
  expect([...store.values]).toEqual(kept);
  id.pages.set('/token', tokens('second', { refresh_token: 'r2' }));
  expect(await silent?.get(request())).toMatchObject({ token: 'second' });
  expect(id.asked.at(-1)?.body.get('refresh_token')).toBe('r1');
});

test('invalid_grant at a renewal ends the login, and only that', async () => {
  const { id, store, silent } = await loggedIn();
  id.pages.set('/token', json({ error: 'invalid_grant', error_description: 'r1 was used' }, 400));
  const asked = request();
  expect(await silent?.get(asked)).toBeUndefined();
  expect(silent?.absence?.(asked)).toBe('the login has ended (invalid_grant)');
  expect(store.values.size).toBe(0);
});

test('an issuer that is down is told', async () => {
  expect(await reason(job({ issuer: 'http://127.0.0.1:9' }).get(request()))).toMatch(
    /cannot be reached \(.*ECONNREFUSED\)/,
  );
});

const METADATA: Readonly<Record<string, readonly [page: Page, says: string]>> = {
  'a 404': [json({}, 404), 'has no metadata (RFC 8414): its 2 addresses answer 404, 404'],
  'a page of HTML': [(_, response) => response.end('<p>'), 'answer no JSON, 404'],
  'another issuer': [
    json({ issuer: 'https://id.example', token_endpoint: 'https://id.example/t' }),
    'metadata of another issuer',
  ],
};

test.each(Object.entries(METADATA))('%s in place of the metadata is told, and not kept', async (_, [page, says]) => {
  const place = '/.well-known/oauth-authorization-server';
  const id = await fakeIssuer({ [place]: page, '/token': tokens('good') });
  const provider = job(id);
  expect(await reason(provider.get(request()))).toContain(says);
  id.pages.set(place, json({ issuer: id.issuer, token_endpoint: `${id.issuer}/token` }));
  expect(await provider.get(request())).toMatchObject({ token: 'good' });
  await provider.get(request());
  expect(id.count(place)).toBe(2);
});

test('metadata without a token endpoint is told', async () => {
  const id = await fakeIssuer({}, { token_endpoint: undefined });
  expect(await reason(job(id).get(request()))).toContain('has metadata without token_endpoint');
});

test('a secret goes where the issuer takes it, and nowhere if it takes none', async () => {
  const post = await fakeIssuer(
    { '/token': tokens('t') },
    { token_endpoint_auth_methods_supported: ['client_secret_post'] },
  );
  await job(post).get(request());
  expect(post.asked.at(-1)?.body.get('client_secret')).toBe(SECRET);
  expect(post.asked.at(-1)?.headers.authorization).toBeUndefined();
  const basic = await fakeIssuer({ '/token': tokens('t') });
  await job(basic).get(request());
  expect(basic.asked.at(-1)?.headers.authorization).toBe(
    `Basic ${btoa(`job:${encodeURIComponent(SECRET).replaceAll('-', '%2D')}`)}`,
  );
  const other = await fakeIssuer({}, { token_endpoint_auth_methods_supported: ['private_key_jwt'] });
  expect(await reason(job(other).get(request()))).toContain('takes a client secret neither');
  expect(other.count('/token')).toBe(0);
});

test('a secret that is not there, or cannot be had, is told', async () => {
  const id = await fakeIssuer({ '/token': tokens('t') });
  expect(await reason(job(id, { clientSecret: () => undefined }).get(request()))).toContain(
    'there is no client secret',
  );
  const broken = () => Promise.reject(new TypeError(SECRET));
  expect(await reason(job(id, { clientSecret: broken }).get(request()))).toContain('clientSecret() failed (TypeError)');
  expect(id.asked).toEqual([]);
});

test('nobody is asked to log in again because the issuer is cut off', async () => {
  const id = await fakeIssuer({ ...DEVICE, '/token': tokens('first', { refresh_token: 'r1', expires_in: 30 }) });
  const shown: string[] = [];
  const output = new Writable({ write: (chunk, _encoding, done) => done(void shown.push(String(chunk)) as undefined) });
  const [silent, person] =
    oauth({ issuer: id.issuer, clientId: 'cli', store: tokenStore(), prompt: true, flow: 'device', output })
      .providers ?? [];
  await person?.get(request());
  shown.length = 0;
  id.pages.set('/token', (_, response) => response.destroy());
  await reason(silent?.get(request()));
  const asked = request();
  expect(await person?.get(asked)).toBeUndefined();
  expect(person?.absence?.(asked)).toBe('nobody is asked while the issuer cannot be reached');
  expect(shown).toEqual([]);
});

test('one who leaves does not end the wait of the others', async () => {
  const id = await fakeIssuer({ '/token': tokens('t') });
  const provider = job(id);
  const leaving = new AbortController();
  const [first, second] = [provider.get(ask({ scheme: 'bearer', signal: leaving.signal })), provider.get(request())];
  leaving.abort();
  await expect(first).rejects.toThrow();
  expect(await second).toMatchObject({ token: 't' });
  expect(id.count('/token')).toBe(1);
});

test('a renewal goes on when nobody waits for it any more: its refresh token is kept', async () => {
  let answer = () => {};
  const id = await fakeIssuer({
    ...DEVICE,
    '/token': tokens('first', { refresh_token: 'r1', expires_in: 30 }),
  });
  const store = tokenStore();
  const [silent, person] =
    oauth({ issuer: id.issuer, clientId: 'cli', store, prompt: true, flow: 'device', output: quiet() }).providers ?? [];
  await person?.get(request());
  const came = new Promise<void>((resolve) => {
    id.pages.set('/token', (...sent) => {
      resolve();
      answer = () => tokens('second', { refresh_token: 'r2' })(...sent);
    });
  });
  const leaving = new AbortController();
  const given = silent?.get(ask({ scheme: 'bearer', signal: leaving.signal }));
  await came;
  leaving.abort();
  await expect(given).rejects.toThrow();
  const next = silent?.get(request());
  answer();
  expect(await next).toMatchObject({ token: 'second' });
  expect(id.asked.filter(({ body }) => body.get('grant_type') === 'refresh_token')).toHaveLength(1);
});

test('a new token that is refused as well is not got again and again', async () => {
  let count = 0;
  const next = () => {
    count += 1;
    return `t${count}`;
  };
  const id = await fakeIssuer({ '/token': (...sent) => tokens(next())(...sent) });
  const provider = job(id);
  const [silent] = provider.providers ?? [];
  for (const token of ['t1', 't2']) {
    const given = await silent?.get(request());
    expect(given).toMatchObject({ token });
    await silent?.reject?.(request(), { token });
  }
  const asked = request();
  expect(await silent?.get(asked)).toBeUndefined();
  expect(silent?.absence?.(asked)).toBe('the server refuses the new tokens of this issuer as well');
  expect(count).toBe(2);
});

function quiet() {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
