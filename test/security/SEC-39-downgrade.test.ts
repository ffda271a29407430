/** What a server asked for before is not answered with less, by any client of this process (SEC-39; RFC 7616 §5.1). */

import http from 'node:http';
import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import { digest, explain, installAuth, type Scheme, staticCredential } from '../../src/index.js';
import { through } from '../support/proxy.js';
import { afterwards, alice, bare, client, plainServer, spy } from '../support/stage.js';

const bob = { username: 'bob', password: 'builder' };
const BASIC = 'Basic realm="r"';
const nonce = () => Math.random().toString(36);
const digestOf = (params: string, realm = 'r') => `Digest realm="${realm}", nonce="${nonce()}", ${params}`;
const sha256 = () => digestOf('qop="auth", algorithm=SHA-256');
const anywhere = { name: 'anywhere', get: () => alice };
const lenient = { validateStatus: null, maxRedirects: 100 };

type Asks = (request: http.IncomingMessage) => string | undefined;

/** What a challenge and its answer have to have in common. */
function essence(field = ''): string {
  const one = (name: string) => new RegExp(`\\b${name}="?([\\w-]+)`).exec(field)?.[1];
  return field.startsWith('Digest') ? [one('realm'), one('algorithm') ?? 'MD5', one('qop')].join() : field.slice(0, 5);
}

/** A server that asks for what it is told to ask for, and lets in what answers that. */
async function guard(first: Asks) {
  let asks = first;
  const plain = await plainServer((request, response) => {
    const wanted = asks(request);
    const [, leads, count] = /^\/(hop|to)\/(\d+)$/.exec(request.url ?? '') ?? [];
    if (wanted && essence(wanted) !== essence(request.headers.authorization)) {
      response.writeHead(401, { 'WWW-Authenticate': wanted }).end();
    } else if (leads === 'to') {
      response.writeHead(302, { Location: `/at/${count}` }).end();
    } else if (Number(count) > 0) {
      response.writeHead(302, { Location: `/hop/${Number(count) - 1}` }).end();
    } else response.end();
  });
  const change = (next: Asks) => {
    asks = next;
    plain.requests.length = 0;
  };
  const sent = (prefix: string | RegExp) =>
    plain.requests.filter(({ headers }) => new RegExp(prefix, 'i').test(headers.authorization ?? ''));
  return { ...plain, change, sent };
}

async function expectDowngrade(request: Promise<unknown>): Promise<void> {
  expect(explain(await request)).toContain('(ERR_AUTH_DOWNGRADE)');
}

type Asker = (url: string, http: AxiosInstance) => Promise<unknown>;

// Whoever asks after the stronger challenge was taken away.
const ASKERS: Readonly<Record<string, Asker>> = {
  'the same client': (url, http) => http.get(`${url}/report`),
  'another client': (url) => client(url, {}, lenient).get('/report'),
  'another client, for another account': (url) =>
    client(url, { providers: [staticCredential(bob)] }, lenient).get('/report'),
  'providers of a request': (url, http) => http.get(`${url}/report`, { challenge: { providers: [spy(alice)] } }),
  'providers of a request, with another account': (url, http) =>
    http.get(`${url}/report`, { challenge: { providers: [spy(bob)] } }),
  'an account that the URL names': (url, http) =>
    http.get(`${url.replace('//', '//bob@')}/report`, { challenge: { providers: [spy(bob)] } }),
  'a client after forget()': (url) => {
    const instance = bare(url, lenient);
    installAuth(instance, { providers: [staticCredential(alice)] }).forget();
    return instance.get('/report');
  },
};

describe('SEC-39 a challenge that offers less than before is not answered', () => {
  test.each(Object.entries(ASKERS))('SEC-39 by %s', async (_, ask) => {
    const server = await guard(sha256);
    const instance = client(server.url, {}, lenient);
    await instance.get('/report');
    for (const weaker of [BASIC, 'Basic realm="another"', digestOf('qop="auth"')]) {
      server.change(() => weaker);
      await expectDowngrade(ask(server.url, instance));
      expect(server.sent('Basic|MD5')).toEqual([]);
    }
  });

  test.each(Object.entries(ASKERS))('SEC-39 before any provider had a credential, by %s', async (_, ask) => {
    const server = await guard(sha256);
    const instance = client(server.url, { providers: [] }, lenient);
    await instance.get('/report');
    server.change(() => BASIC);
    await ask(server.url, instance).then(async (response) => {
      if ((response as { config: InternalAxiosRequestConfig }).config.challenge || _ !== 'the same client')
        expect(explain(response)).toContain('(ERR_AUTH_DOWNGRADE)');
    });
    expect(server.sent('Basic')).toEqual([]);
  });

  test('SEC-39 forget() and eject() forget the credential, but not the offered challenges', async () => {
    const server = await guard(sha256);
    const instance = bare(server.url, lenient);
    for (const end of ['forget', 'eject'] as const) {
      const handle = installAuth(instance, { providers: [staticCredential(alice)] });
      await instance.get('/report');
      handle[end]();
      if (end === 'forget') handle.eject();
    }
    installAuth(instance, { providers: [staticCredential(alice)] });
    server.change(() => BASIC);
    await expectDowngrade(instance.get('/report'));
    expect(server.sent('Basic')).toEqual([]);
  });
});

describe('SEC-39 a challenge that a credential has answered is not pushed out of the memory', () => {
  test('SEC-39 by redirects that lead to many paths and realms', async () => {
    const server = await guard(sha256);
    await client(server.url, {}, lenient).get('/report');
    const strange = client(server.url, { providers: [] }, lenient);
    server.change(({ url }) => (url?.startsWith('/to/') ? undefined : digestOf('qop="auth"', url)));
    for (let i = 0; i < 70; i += 1) await strange.get(`/to/${i}`);
    server.change(() => BASIC);
    for (const credential of [alice, bob]) {
      const providers = [staticCredential(credential)];
      await expectDowngrade(client(server.url, { providers }, lenient).get('/report'));
    }
    expect(server.sent('Basic')).toEqual([]);
  });

  test('SEC-39 by redirects to many paths and realms that the account itself answers', async () => {
    const server = await guard(sha256);
    const instance = client(server.url, { preemptive: false }, lenient);
    await instance.get('/report');
    server.change(({ url }) => (url?.startsWith('/to/') ? undefined : digestOf('qop="auth", algorithm=SHA-256', url)));
    for (let i = 0; i < 70; i += 1) expect(await instance.get(`/to/${i}`)).toMatchObject({ status: 200 });
    server.change(() => BASIC);
    for (const path of ['/report', '/fresh']) await expectDowngrade(instance.get(path));
    expect(server.sent('Basic')).toEqual([]);
  });

  test('SEC-39 by what a thousand other origins and paths offer', async () => {
    let asks = sha256();
    const seen: string[] = [];
    const adapter = async (config: InternalAxiosRequestConfig) => {
      const authorization = String(config.headers.get('Authorization') ?? '');
      seen.push(authorization);
      const isLetIn = authorization.startsWith(asks.slice(0, 5));
      const response = { statusText: '', data: '', config, request: { responseURL: config.url } };
      return { ...response, status: isLetIn ? 200 : 401, headers: isLetIn ? {} : { 'www-authenticate': asks } };
    };
    const known = client('', { providers: [anywhere] }, { ...lenient, adapter });
    const strange = client('', { providers: [] }, { ...lenient, adapter });
    await known.get('https://files.example/report');
    for (let i = 0; i < 1001; i += 1) await strange.get(`https://h${i}.example/`);
    for (let i = 0; i < 70; i += 1) {
      asks = digestOf('qop="auth"', `${i}`);
      await strange.get(`https://files.example/${i}`);
    }
    asks = BASIC;
    await expectDowngrade(known.get('https://files.example/report'));
    await expectDowngrade(
      known.get('https://files.example/report', { challenge: { providers: [{ name: 'bob', get: () => bob }] } }),
    );
    expect(seen.filter((one) => one.startsWith('Basic'))).toEqual([]);
  });
});

describe('SEC-39 an account that answered a Digest challenge is not used with less at that origin', () => {
  const asksElsewhere =
    (there: string): Asks =>
    ({ url }) =>
      url?.startsWith('/report') ? sha256() : there;

  test.each([
    ['Basic', 'Basic realm="another"'],
    ['Basic without a realm', 'Basic'],
  ])('SEC-39 in another realm, on another path: %s', async (_, there) => {
    const server = await guard(asksElsewhere(there));
    const instance = client(server.url, {}, lenient);
    await instance.get('/report');
    for (const path of ['/other', '/', '/other/deep', '/x?/report']) {
      await expectDowngrade(instance.get(path));
      await expectDowngrade(client(server.url, {}, lenient).get(path));
      await expectDowngrade(instance.get(path, { challenge: { providers: [spy(alice)] } }));
    }
    expect(server.sent('Basic')).toEqual([]);
  });

  test.each([
    ['MD5', digestOf('qop="auth"', 'another')],
    ['no qop', digestOf('algorithm=SHA-256', 'another')],
  ])('another realm may ask the account for another Digest, which shows no password: %s', async (_, there) => {
    const server = await guard(asksElsewhere(there));
    const instance = client(server.url, {}, lenient);
    await instance.get('/report');
    await instance.get('/other');
    expect(server.sent('"another"')).not.toEqual([]);
  });

  test('SEC-39 nor with a new password of that account', async () => {
    const server = await guard(asksElsewhere('Basic realm="another"'));
    const provider = spy(alice, { username: 'alice', password: 'looking-glass' });
    const instance = client(server.url, { providers: [provider] }, lenient);
    await instance.get('/report');
    await expectDowngrade(instance.get('/other'));
    expect(server.sent('Basic')).toEqual([]);
  });

  test('SEC-39 nor where a session began with Basic before', async () => {
    const server = await guard(asksElsewhere('Basic realm="another"'));
    const [instance, another] = [client(server.url, {}, lenient), client(server.url, {}, lenient)];
    await instance.get('/other');
    await another.get('/other');
    await instance.get('/report');
    server.requests.length = 0;
    await expectDowngrade(instance.get('/other'));
    await expectDowngrade(another.get('/other'));
    expect(server.sent('Basic')).toEqual([]);
  });

  test('SEC-39 nor after a redirect', async () => {
    const server = await guard(asksElsewhere('Basic realm="another"'));
    const instance = client(server.url, {}, lenient);
    await instance.get('/report');
    await expectDowngrade(instance.get('/hop/3'));
    expect(server.sent('Basic')).toEqual([]);
  });

  test('SEC-39 but with another account, in a realm and on a path of its own', async () => {
    const server = await guard(asksElsewhere('Basic realm="another"'));
    await client(server.url, {}, lenient).get('/report');
    const chained = client(server.url, { providers: [spy(alice), spy(bob)] }, lenient);
    expect(await chained.get('/other')).toMatchObject({ status: 200 });
    expect(server.sent('Basic').map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${Buffer.from('bob:builder').toString('base64')}`,
    ]);
  });

  test.each<[string, true | 'origin']>([
    ['true', true],
    ['the origin', 'origin'],
  ])('SEC-39 unless allowInsecure is %s', async (_, allowed) => {
    const server = await guard(asksElsewhere('Basic realm="another"'));
    const allowInsecure = allowed === 'origin' ? [server.url] : allowed;
    const instance = client(server.url, { allowInsecure }, lenient);
    for (const path of ['/report', '/other', '/report', '/other'])
      expect(await instance.get(path)).toMatchObject({ status: 200 });
    server.requests.length = 0;
    expect(await instance.get('/other')).toMatchObject({ status: 200 });
    expect(server.requests.map(({ headers }) => headers.authorization?.split(' ')[0])).toEqual(['Basic']);
  });

  test('SEC-39 the same holds for a proxy', async () => {
    let asks = sha256();
    const seen: Array<string | undefined> = [];
    const proxy = await plainServer(({ headers }, response) => {
      const authorization = headers['proxy-authorization'];
      seen.push(authorization);
      if (authorization?.startsWith(asks.slice(0, 5))) response.end();
      else response.writeHead(407, { 'Proxy-Authenticate': asks }).end();
    });
    const ask = () =>
      client('http://files.example', { providers: [anywhere] }, { ...lenient, proxy: through(proxy) }).get('/report');
    expect(await ask()).toMatchObject({ status: 200 });
    for (const weaker of ['Basic realm="r"', 'Basic realm="another"']) {
      asks = weaker;
      await expectDowngrade(ask());
    }
    expect(seen.filter((one) => one?.startsWith('Basic'))).toEqual([]);
  });

  test('SEC-39 a challenge of a proxy does not count for an origin at the same address (SEC-06)', async () => {
    const server = http.createServer(({ headers, url }, response) => {
      const isProxy = url?.startsWith('http:');
      if (headers[isProxy ? 'proxy-authorization' : 'authorization']) response.end();
      else if (isProxy) response.writeHead(407, { 'Proxy-Authenticate': sha256() }).end();
      else response.writeHead(401, { 'WWW-Authenticate': BASIC }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterwards(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    const options = { providers: [anywhere] };
    await client('http://files.example', options, { ...lenient, proxy: through({ url }) }).get('/');
    expect(await client(url, options, lenient).get('/')).toMatchObject({ status: 200 });
  });
});

describe('SEC-39 qop and -sess belong to the strength', () => {
  test.each([
    ['auth', 'qop="auth"', 'opaque="o"'],
    ['auth', 'qop="auth"', 'qop=""'],
    ['auth, with SHA-256', 'qop="auth", algorithm=SHA-256', 'algorithm=SHA-256'],
    ['auth-int', 'qop="auth-int"', 'qop="auth"'],
    ['auth-int', 'qop="auth-int"', 'opaque="o"'],
    ['auth, with MD5-sess', 'qop="auth", algorithm=MD5-sess', 'qop="auth", algorithm=MD5'],
    ['auth, with MD5-sess', 'qop="auth", algorithm=MD5-sess', 'algorithm=MD5'],
    ['auth, with SHA-256', 'qop="auth", algorithm=SHA-256', 'qop="auth-int", algorithm=MD5-sess'],
  ])('SEC-39 after qop=%s (%s) a challenge with %s is not answered', async (_, before, after) => {
    const server = await guard(() => digestOf(before));
    await client(server.url, {}, lenient).get('/report');
    server.change(() => digestOf(after));
    for (const path of ['/report', '/fresh']) {
      await expectDowngrade(client(server.url, {}, lenient).get(path));
    }
    expect(server.sent('Digest')).toEqual([]);
  });

  test('SEC-39 the strongest of several challenges is answered: the algorithm counts before qop', async () => {
    const accepted = (scheme: Scheme, params: string) => {
      const [name, ...pairs] = ['digest', ...params.split(' ')];
      const entries = [['realm', 'r'], ['nonce', 'n'], ...pairs.map((pair) => pair.split('='))];
      const acceptance = scheme.read({ scheme: name as string, params: Object.fromEntries(entries) });
      return (acceptance as { strength: number }).strength;
    };
    const ordered = ['MD5', 'SHA-256', 'SHA-512-256'].flatMap((name) => [
      `algorithm=${name}`,
      `algorithm=${name} qop=auth`,
      `algorithm=${name}-sess qop=auth`,
      `algorithm=${name} qop=auth-int`,
    ]);
    const strengths = ordered.map((params) => accepted(digest(), params));
    expect(strengths).toEqual([...strengths].sort((a, b) => a - b));
    expect(new Set(strengths).size).toBe(ordered.length);
    // Bearer is 20.
    expect(strengths[0]).toBeGreaterThan(20);
  });
});
