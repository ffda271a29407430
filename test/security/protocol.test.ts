/** What is read, written and compared (SEC-17, SEC-18, SEC-20 to SEC-23, SEC-30, SEC-33). */

import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { sameCredential } from '../../src/exchange/memory/space.js';
import { explain } from '../../src/index.js';
import { basicAuthorization, digestAuthorization, parseChallenges } from '../../src/protocol.js';
import { bearer } from '../../src/schemes/bearer.js';
import { looks } from '../support/looks.js';
import { offerOf } from '../support/offer.js';
import { alice, client, server, spy, statuses } from '../support/stage.js';

test('SEC-17 the realm of a Bearer challenge is not an address: nothing is sent there', async () => {
  const tokenServer = await server({ protect: {} });
  const guarded = await server({ protect: { raw: `Bearer realm="${tokenServer.url}/token",service="registry"` } });
  const provider = spy({ token: 't0k3n' });
  const response = await client(guarded.url, { providers: [provider] }, { validateStatus: null }).get('/');
  expect(response.status).toBe(401);
  expect(tokenServer.requests).toEqual([]);
  expect(new Set(provider.asked.map(({ origin }) => origin))).toEqual(new Set([guarded.url]));
});

test.each([',', '"', 'a=', 'a="', '\\"', 'Digest ', ' ', 'a b=c, '])(
  'SEC-18 64 KiB of %j is read in linear time',
  (unit) => {
    // Counted, not timed: twice the input, twice the looks at a character.
    const ofLength = (length: number) => looks(() => parseChallenges(`Digest x="${unit.repeat(length / unit.length)}`));
    expect(ofLength(65_536) / Math.max(1, ofLength(32_768))).toBeLessThan(2.5);
  },
);

test('SEC-18 commas and quotes inside a quoted-string divide nothing', () => {
  const value = 'Basic realm="a, Digest realm=\\"b\\", nonce=c", Digest realm="d", nonce="e"';
  expect(parseChallenges(value).map(({ scheme, params }) => [scheme, params.realm])).toEqual([
    ['basic', 'a, Digest realm="b", nonce=c'],
    ['digest', 'd'],
  ]);
});

test.each([
  ['Basic', 'Basic realm="x"', alice],
  ['Bearer', 'Bearer realm="x"', { token: 't0k3n' }],
] as const)(
  'SEC-20 %s over http, beyond this machine, asks nobody and sends nothing, unless allowed',
  async (_, challenge, held) => {
    const sent: unknown[] = [];
    const adapter = async (config: { baseURL: string; url: string; headers: { get(name: string): unknown } }) => {
      const authorization = config.headers.get('Authorization');
      if (authorization) sent.push(authorization);
      const status = authorization ? 200 : 401;
      const request = { responseURL: config.baseURL + config.url };
      const headers = { 'www-authenticate': challenge };
      return { status, statusText: '', headers, data: '', config: config as never, request };
    };
    for (const url of [
      'http://files.example',
      'http://127.0.0.1.example',
      'http://localhost.example',
      'http://notlocalhost',
    ]) {
      const provider = spy(held);
      const response = await client(url, { providers: [provider] }, { adapter: adapter as never }).get('/', {
        validateStatus: null,
      });
      expect([response.status, provider.asked, sent]).toEqual([401, [], []]);
      expect(explain(response)).toContain('ERR_AUTH_INSECURE');
    }
    const allowed = client(
      'http://files.example',
      { providers: [spy(held)], allowInsecure: ['http://files.example'] },
      { adapter: adapter as never },
    );
    expect((await allowed.get('/')).status).toBe(200);
  },
);

test.each(['a:b', 'a\nb', 'a\0b', 'a\u007fb', 'a\r\nX-Injected: 1'])(
  'SEC-21 Basic refuses the user name %j',
  (username) => {
    expect(() => basicAuthorization(username, 'x')).toThrow(expect.objectContaining({ code: 'ERR_AUTH_CREDENTIAL' }));
  },
);

test.each(['a\nb', 'a\0b', 'a\r\nX-Injected: 1'])('SEC-21 no scheme accepts the password or the token %j', (secret) => {
  expect(() => basicAuthorization('a', secret)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_CREDENTIAL' }));
  const [challenge] = parseChallenges('Bearer');
  expect(() =>
    offerOf(bearer(), challenge as never)
      .answer({ token: secret })
      .authorize({ method: 'GET', uri: '/' }),
  ).toThrow(expect.objectContaining({ code: 'ERR_AUTH_CREDENTIAL' }));
  const [digest] = parseChallenges('Digest realm="r", nonce="n"');
  const input = { challenge: digest as never, username: secret, password: 'x', method: 'GET', uri: '/' };
  expect(() => digestAuthorization(input)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_CREDENTIAL' }));
});

test.each(['a\\", evil="', '"', '\\', 'a", qop=auth-int, x="', '\\\\"'])(
  'SEC-22 %j comes back quoted in every param',
  (text) => {
    const quoted = `"${text.replace(/["\\]/g, '\\$&')}"`;
    const header = digestAuthorization({
      challenge: `Digest realm=${quoted}, nonce=${quoted}, opaque=${quoted}, qop="auth"`,
      username: text,
      password: 'x',
      method: 'GET',
      uri: `/?${encodeURIComponent(text)}`,
    });
    // Read by a reader of its own: name="quoted" or name=token, and nothing else.
    const params = [...header.slice('Digest '.length).matchAll(/([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^",\s]+))(?:, |$)/g)];
    expect(params.map(([whole]) => whole).join('')).toBe(header.slice('Digest '.length));
    const values = Object.fromEntries(
      params.map(([, name, one, other]) => [name, one?.replace(/\\(.)/g, '$1') ?? other]),
    );
    expect(values).toMatchObject({ realm: text, nonce: text, opaque: text, username: text });
    expect(values).not.toHaveProperty('evil');
  },
);

test('SEC-23 a cnonce has 128 bits of the system generator, and no cnonce comes twice', () => {
  const challenge = 'Digest realm="r", nonce="n", qop="auth"';
  const input = { challenge, username: 'a', password: 'x', method: 'GET', uri: '/' };
  const cnonces = Array.from({ length: 1000 }, () => /cnonce="([^"]*)"/.exec(digestAuthorization(input))?.[1] ?? '');
  expect(cnonces.every((cnonce) => /^[0-9a-f]{32,}$/.test(cnonce))).toBe(true);
  expect(new Set(cnonces).size).toBe(1000);
  const source = readFileSync(new URL('../../src/schemes/digest/cnonce.ts', import.meta.url), 'utf8');
  expect(source).toMatch(/randomFillSync/);
  expect(source).not.toMatch(/Math\.random/);
});

test('SEC-30 a stream that was read is not sent again, and any other body is sent again unchanged', async () => {
  const guarded = await server();
  const instance = client(guarded.url, {}, { validateStatus: null, maxRedirects: 0 });
  const response = await instance.post('/', Readable.from(['abc']), { challenge: { bufferBody: 0 } });
  expect([response.status, statuses(guarded)]).toEqual([401, [401]]);
  expect(explain(response)).toContain('ERR_AUTH_BODY');
  guarded.requests.length = 0;
  await instance.post(
    '/',
    { a: 'ä' },
    { headers: { 'X-Own': '1' }, transformRequest: [(data) => JSON.stringify(data), (text) => `${text}!`] },
  );
  const [first, second] = guarded.requests;
  expect(second?.body.toString()).toBe('{"a":"ä"}!');
  expect(second?.body.equals(first?.body ?? Buffer.of())).toBe(true);
  expect(second?.headers['content-length']).toBe(first?.headers['content-length']);
});

test('SEC-33 rspauth is compared in constant time, and a wrong one fails the request', async () => {
  const source = readFileSync(new URL('../../src/schemes/digest/authorization.ts', import.meta.url), 'utf8');
  expect(source).toMatch(/a\.length === b\.length && timingSafeEqual\(a, b\)/);
  const guarded = await server({ protect: { scheme: 'digest', rspauth: 'wrong' } });
  await expect(client(guarded.url).get('/')).rejects.toMatchObject({ code: 'ERR_AUTH_MUTUAL' });
});

test('SEC-33 a wrong rspauth fails a later request of the session as well', async () => {
  const guarded = await server({
    onAuthenticated: ({ url }, response) => {
      if (url === '/forged') response.setHeader('Authentication-Info', `rspauth="${'0'.repeat(64)}"`);
      response.end('in');
    },
  });
  const instance = client(guarded.url);
  await instance.get('/');
  await instance.get('/');
  await expect(instance.get('/forged')).rejects.toMatchObject({ code: 'ERR_AUTH_MUTUAL' });
  expect(guarded.requests).toHaveLength(4);
});

test('SEC-33 credentials are compared with their case', () => {
  expect(sameCredential(alice, { ...alice, password: 'Wonderland' })).toBe(false);
  expect(sameCredential(alice, { ...alice, username: 'Alice' })).toBe(false);
  expect(sameCredential(alice, { ...alice })).toBe(true);
});
