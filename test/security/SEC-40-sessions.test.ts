/** A session answers what the request itself would answer, and the strongest of a path (SEC-40). */

import { basic, digest, explain, type Scheme, trace } from '../../src/index.js';
import { alice, client, plainServer, server, spy, statuses } from '../support/stage.js';

const lenient = { validateStatus: null };
const only = (...algorithms: Array<'MD5' | 'SHA-256' | 'SHA-512-256'>) => ({ schemes: [digest({ algorithms })] });
const algorithmOf = (authorization: string | undefined) =>
  authorization && (/algorithm=([\w-]+)/.exec(authorization)?.[1] ?? 'MD5');

/** Digest with each of the algorithms; all sends are answered by the strict server, which judges them. */
function offering(...algorithms: Array<'MD5' | 'SHA-256' | 'SHA-512-256' | 'MD5-sess'>) {
  return algorithms.map((algorithm) => ({ scheme: 'digest', algorithm }) as const);
}

const recorded = (response: object) =>
  trace(response as never)?.events.flatMap((event) => (event.type === 'send' && event.scheme ? [event.scheme] : []));

describe('SEC-40 the schemes of a request', () => {
  test.each([
    ['SHA-256', only('SHA-256')],
    ['SHA-512-256', only('SHA-512-256')],
    ['SHA-256', only('SHA-256', 'MD5')],
  ])('SEC-40 %s is not answered with MD5 by the session of another request', async (algorithm, own) => {
    const guarded = await server({ protect: offering('MD5', 'SHA-256', 'SHA-512-256') });
    const provider = spy(alice);
    const instance = client(guarded.url, { ...only('MD5'), providers: [provider] }, lenient);
    await instance.get('/');
    await instance.get('/');
    guarded.requests.length = 0;
    const response = await instance.get('/', { challenge: own });
    expect(response.status).toBe(200);
    const sent = guarded.requests.flatMap(({ headers }) => algorithmOf(headers.authorization) ?? []);
    expect(sent).toEqual([algorithm]);
    expect(recorded(response)).toEqual([`Digest ${algorithm}`]);
    expect(explain(response)).toContain(`chose Digest ${algorithm}`);
    expect(provider.asked).toHaveLength(1);
    expect(provider.told).toEqual([['approve', 'alice']]);
  });

  test('SEC-40 concurrent requests with own schemes: each is sent with a scheme that it accepts', async () => {
    const guarded = await server({ protect: offering('MD5', 'SHA-256', 'SHA-512-256') });
    const instance = client(guarded.url, { providers: [spy(alice)] }, lenient);
    const wanted = ['MD5', 'SHA-256', 'SHA-512-256'] as const;
    const get = (i: number) => instance.get(`/${wanted[i % 3]}/${i}`, { challenge: only(wanted[i % 3] ?? 'MD5') });
    const responses = await Promise.all(Array.from({ length: 30 }, (_, i) => get(i)));
    for (const { url, headers } of guarded.requests) {
      const algorithm = algorithmOf(headers.authorization);
      if (algorithm) expect(url.split('/')[1]).toBe(algorithm);
    }
    // Whoever wants the strongest is let in; the others too, or they are told of the downgrade.
    for (const [i, response] of responses.entries()) {
      if (response.status === 200) continue;
      expect(wanted[i % 3]).not.toBe('SHA-512-256');
      expect(explain(response)).toContain('ERR_AUTH_DOWNGRADE');
    }
  });

  test('SEC-40 a stale nonce of one algorithm is not renewed with another', async () => {
    const strong = { scheme: 'digest', algorithm: 'SHA-256', nonceUses: 1 } as const;
    const guarded = await server({ protect: [{ scheme: 'digest', algorithm: 'MD5', nonceUses: 1 }, strong] });
    const instance = client(guarded.url, only('MD5'), lenient);
    for (let i = 0; i < 3; i += 1) expect((await instance.get('/')).status).toBe(200);
    guarded.requests.length = 0;
    const response = await instance.get('/', { challenge: only('SHA-256') });
    expect(response.status).toBe(200);
    expect(guarded.requests.flatMap(({ headers }) => algorithmOf(headers.authorization) ?? [])).toEqual(['SHA-256']);
    expect(recorded(response)).toEqual(['Digest SHA-256']);
  });

  test('SEC-40 a stale nonce is not renewed with an algorithm that the server has offered since', async () => {
    let offer = (_stale: boolean) => ['Digest realm="r", nonce="1", qop="auth"'];
    const plain = await plainServer(({ headers }, response) => {
      const isRight = headers.authorization?.includes(offer(true).length > 1 ? 'algorithm=SHA-256' : 'nonce="1"');
      if (isRight) return response.end();
      return response.writeHead(401, { 'WWW-Authenticate': offer(headers.authorization !== undefined) }).end();
    });
    const instance = client(plain.url, {}, lenient);
    await instance.get('/');
    offer = (stale) => [
      `Digest realm="r", nonce="2", qop="auth", stale=${stale}`,
      'Digest realm="r", nonce="3", qop="auth", algorithm=SHA-256',
    ];
    plain.requests.length = 0;
    const response = await instance.get('/');
    expect(response.status).toBe(200);
    const sent = plain.requests.map(({ headers }) => `Digest ${algorithmOf(headers.authorization)}`);
    expect(sent).toEqual(['Digest MD5', 'Digest SHA-256']);
    expect(recorded(response)).toEqual(sent);
  });

  test('SEC-40 the record names the scheme that was sent, when the server changes the algorithm', async () => {
    let asks = 'algorithm=MD5';
    let count = 0;
    const plain = await plainServer(({ headers }, response) => {
      if (headers.authorization?.includes(asks)) return response.end();
      const challenge = `Digest realm="r", nonce="n${count++}", qop="auth", ${asks}`;
      return response.writeHead(401, { 'WWW-Authenticate': challenge }).end();
    });
    const provider = spy(alice);
    const instance = client(plain.url, { providers: [provider] }, lenient);
    await instance.get('/');
    for (const next of ['algorithm=MD5-sess', 'algorithm=SHA-256', 'algorithm=SHA-512-256']) {
      asks = next;
      plain.requests.length = 0;
      const response = await instance.get('/');
      expect(response.status).toBe(200);
      const sent = plain.requests.flatMap(({ headers }) => algorithmOf(headers.authorization) ?? []);
      expect(recorded(response)).toEqual(sent.map((name) => `Digest ${name}`));
      expect(sent.at(-1)).toBe(next.slice('algorithm='.length));
    }
    expect(provider.asked).toHaveLength(1);
    expect(provider.told).toEqual([['approve', 'alice']]);
  });
});

/** A server that asks with Basic in one realm, and later with Digest in another. */
async function upgraded(realms: readonly [string, string], path = '/docs/report') {
  let isStrong = false;
  const plain = await plainServer(({ headers }, response) => {
    const isRight = headers.authorization?.startsWith(isStrong ? 'Digest' : 'Basic');
    if (isRight) return response.end();
    const strong = `Digest realm="${realms[1]}", nonce="n", qop="auth", algorithm=SHA-256`;
    return response.writeHead(401, { 'WWW-Authenticate': isStrong ? strong : `Basic realm="${realms[0]}"` }).end();
  });
  const upgrade = () => {
    isStrong = true;
    plain.requests.length = 0;
  };
  const schemes = () => plain.requests.map(({ headers }) => headers.authorization?.split(' ')[0]);
  return { ...plain, upgrade, schemes, path };
}

describe('SEC-40 a session that is overtaken', () => {
  const realms: ReadonlyArray<readonly [string, string]> = [
    ['r', 'r'],
    ['old', 'new'],
  ];
  const options = [{}, { allowInsecure: true }];
  const cases = realms.flatMap((pair) => options.map((option) => [pair, option] as const));

  test.each(cases)(
    'SEC-40 Basic is not begun with where Digest was asked for later: realms %j, %j',
    async (pair, option) => {
      const asking = await upgraded(pair);
      const instance = client(asking.url, option, lenient);
      await instance.get(asking.path);
      await instance.get(asking.path);
      asking.upgrade();
      expect((await instance.get(asking.path)).status).toBe(200);
      asking.requests.length = 0;
      for (const path of [asking.path, '/docs/another', asking.path, '/docs/deep/page'])
        expect((await instance.get(path)).status).toBe(200);
      expect(asking.schemes()).toEqual(['Digest', 'Digest', 'Digest', 'Digest']);
    },
  );

  test('SEC-40 the deeper directory that Basic covered is left, too', async () => {
    const asking = await upgraded(['old', 'new']);
    const instance = client(asking.url, {}, lenient);
    for (const path of ['/a/', '/b/c/', '/']) await instance.get(path);
    asking.upgrade();
    await instance.get('/a/');
    asking.requests.length = 0;
    for (const path of ['/a/', '/b/c/x', '/']) expect((await instance.get(path)).status).toBe(200);
    expect(asking.schemes()).toEqual(['Digest', 'Digest', 'Digest']);
  });

  test('SEC-40 the space that challenged a directory last is used there', async () => {
    const users: Record<string, string> = { old: 'alice', new: 'bob' };
    const asking = await upgraded(['old', 'new']);
    const byRealm = {
      name: 'by realm',
      get: ({ realm }: { readonly realm: string }) => ({ username: users[realm] ?? '', password: 'p' }),
    };
    const instance = client(asking.url, { providers: [byRealm] }, lenient);
    await instance.get(asking.path);
    asking.upgrade();
    await instance.get(asking.path);
    asking.requests.length = 0;
    expect((await instance.get(asking.path)).status).toBe(200);
    expect(asking.schemes()).toEqual(['Digest']);
  });

  test('SEC-40 if no directory distinguishes two spaces, the space that challenged last is used', async () => {
    const digestIn = (realm: string) => ({ scheme: 'digest', realm, algorithm: 'SHA-256' }) as const;
    const guarded = await server({ protect: { '/a': digestIn('a'), '/b': digestIn('b'), '/c': digestIn('b') } });
    const instance = client(guarded.url, {}, lenient);
    for (const path of ['/a/', '/b/']) await instance.get(path);
    guarded.requests.length = 0;
    expect((await instance.get('/c/')).status).toBe(200);
    expect(statuses(guarded)).toEqual([200]);
  });

  test('SEC-40 the schemes of one request are not narrowed by those of another', async () => {
    const guarded = await server({ protect: [{ scheme: 'basic' }] });
    const schemes: Scheme[] = [basic()];
    const instance = client(guarded.url, {}, lenient);
    expect((await instance.get('/', { challenge: { schemes } })).status).toBe(200);
    expect((await instance.get('/')).status).toBe(200);
  });
});
