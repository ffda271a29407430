/** Servers that do not say what they want, and what the caller says in their place. */

import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { type AuthOptions, basic, bearer, explain, type Provider, staticCredential, trace } from '../../src/index.js';
import { client, failure, plainServer, server, spy, until } from '../support/stage.js';

interface Api {
  /** What it says to whoever has no valid token. */
  readonly status?: number;
  readonly challenge?: string;
  readonly valid?: string;
}

/** A server that lets `t0k3n` in, and says to all others no more than a status. */
async function mute({ status = 401, challenge, valid = 'Bearer t0k3n' }: Api = {}) {
  const api = await plainServer(({ headers }, response) => {
    if (headers.authorization === valid) return response.end('"let in"');
    return response.writeHead(status, challenge === undefined ? {} : { 'WWW-Authenticate': challenge }).end();
  });
  return { ...api, sent: () => api.requests.map(({ headers }) => headers.authorization) };
}

const token = staticCredential({ token: 't0k3n' });
const wrong: Provider = { name: 'wrong', get: () => ({ token: 'wr0ng' }) };
const none: Provider = { name: 'none', get: () => undefined };

function failing(): Readable {
  const stream = new Readable({ read() {} });
  setImmediate(() => stream.destroy(Object.assign(new Error('the source is gone'), { code: 'ESOURCE' })));
  return stream;
}

/** A person, and how often they were asked. */
function person(credential: { token: string }) {
  const asked: string[] = [];
  const provider: Provider = {
    name: 'person',
    interactive: true,
    get: ({ scheme }) => {
      asked.push(scheme);
      return credential;
    },
  };
  return { asked, provider };
}

describe('by origin', () => {
  const at = (url: string, options: AuthOptions = {}, config = {}) =>
    client(url, { assume: { [url]: 'Bearer' }, providers: [token], ...options }, config);

  test('the first send is authorized, and so is every other', async () => {
    const api = await mute();
    const http = at(api.url);
    for (const path of ['/', '/deep/down', '/']) expect((await http.get(path)).data).toBe('let in');
    expect(api.sent()).toEqual(Array(3).fill('Bearer t0k3n'));
  });

  test.each<[string, AuthOptions, () => Readable, string]>([
    ['a file that is not there', {}, () => createReadStream('/nowhere/report'), 'ENOENT'],
    ['a stream that fails', { bufferBody: 0 }, failing, 'ESOURCE'],
    ['a stream that is kept and fails', {}, failing, 'ESOURCE'],
  ])('%s while a provider is asked, fails the request with its own error', async (_, options, stream, code) => {
    const api = await mute();
    const slow: Provider = { name: 'slow', get: () => setTimeout(100, { token: 't0k3n' }) };
    const http = at(api.url, { providers: [slow], ...options });
    await expect(http.put('/', stream())).rejects.toMatchObject({
      code,
      isAxiosError: true,
      config: { method: 'put' },
    });
    expect(api.requests).toEqual([]);
  });

  test('requests at once ask for one credential, which one of them tries', async () => {
    const api = await mute();
    const provider = spy({ token: 't0k3n' });
    const http = at(api.url, { providers: [provider] });
    await Promise.all(Array.from({ length: 20 }, () => http.get('/')));
    expect(provider.asked).toHaveLength(1);
    expect(provider.asked[0]).toMatchObject({ scheme: 'bearer', realm: '', challenge: { scheme: 'bearer' } });
    expect(provider.told).toEqual([['approve', 't0k3n']]);
    expect(api.sent()).toEqual(Array(20).fill('Bearer t0k3n'));
  });

  test.each([
    ['no challenge', undefined],
    ['one that cannot be read', 'realm="api'],
  ])('a 401 with %s is answered, where nothing is sent at once', async (_, challenge) => {
    const api = await mute({ ...(challenge !== undefined && { challenge }) });
    const http = at(api.url, { preemptive: false });
    expect((await http.get('/')).data).toBe('let in');
    expect(api.sent()).toEqual([undefined, 'Bearer t0k3n']);
  });

  test('a challenge of the server holds, and not the assumed one', async () => {
    const api = await server({ protect: { scheme: 'basic', realm: 'Files' } });
    const alice = { username: 'alice', password: 'wonderland' };
    const http = at(api.url, { providers: [staticCredential(alice)] });
    expect((await http.get('/')).status).toBe(200);
    expect(api.requests.map(({ scheme }) => scheme)).toEqual([undefined, 'basic']);
  });

  test('no person is asked before a 401 has come', async () => {
    const api = await mute();
    const { asked, provider } = person({ token: 't0k3n' });
    const http = at(api.url, { providers: [none, provider] });
    expect((await http.get('/')).data).toBe('let in');
    expect(asked).toEqual(['bearer']);
    expect(api.sent()).toEqual([undefined, 'Bearer t0k3n']);
    await http.get('/');
    expect(api.sent()).toHaveLength(3);
  });

  test('a page for everybody is handed over, and nobody is asked before each send', async () => {
    const api = await plainServer((_, response) => response.end('"for all"'));
    const provider = spy(undefined);
    const http = at(api.url, { providers: [provider] });
    for (let i = 0; i < 3; i += 1) expect((await http.get('/')).data).toBe('for all');
    expect(provider.asked).toHaveLength(1);
  });

  test('a refused token is refused: its provider hears it, the next one is asked, and it goes no more', async () => {
    const api = await mute();
    const first = spy({ token: 'wr0ng' });
    const http = at(api.url, { providers: [first, token] });
    const response = await http.get('/');
    expect(response.data).toBe('let in');
    expect(first.told).toEqual([['reject', 'wr0ng']]);
    await http.get('/');
    expect(api.sent()).toEqual(['Bearer wr0ng', 'Bearer t0k3n', 'Bearer t0k3n']);
    expect(explain(response)).toContain('told that the token was refused');
  });

  test('a token that is refused later is refused as well', async () => {
    let valid = 'Bearer t1';
    const api = await plainServer(({ headers }, response) => {
      response.writeHead(headers.authorization === valid ? 200 : 401).end();
    });
    const tokens = spy({ token: 't1' }, { token: 't2' });
    const http = at(api.url, { providers: [tokens] });
    await http.get('/');
    valid = 'Bearer t2';
    expect((await http.get('/')).status).toBe(200);
    expect(tokens.told).toEqual([
      ['approve', 't1'],
      ['reject', 't1'],
      ['approve', 't2'],
    ]);
  });

  test('of wrong tokens each is sent once, in all requests together', async () => {
    const api = await mute();
    const http = at(api.url, { providers: [wrong] }, { validateStatus: null });
    for (let i = 0; i < 3; i += 1) expect((await http.get('/')).status).toBe(401);
    expect(api.sent()).toEqual(['Bearer wr0ng', undefined, undefined]);
  });

  test('explain says that the server did not say it', async () => {
    const api = await mute();
    const http = at(api.url);
    const first = explain(await http.get('/'));
    expect(first).toContain('asked in advance: Bearer (assumed)');
    expect(first).toMatch(/1 {2}sent with a token \(Bearer, assumed, at once\) +200/);
    expect(explain(await http.get('/'))).toMatch(/1 {2}sent with a token \(Bearer, assumed, at once\) +200/);
    const refusing = await failure(at(api.url, { providers: [none], preemptive: false }).get('/'));
    expect(explain(refusing)).toMatch(/sent without credentials +401 {2}Bearer \(assumed\)/);
  });

  test('the record of a request that nobody had a credential for has its send', async () => {
    const api = await plainServer((_, response) => response.end());
    const response = await at(api.url, { providers: [none] }).get('/');
    const types = trace(response)?.events.map(({ type }) => type);
    expect(types).toEqual(['challenged', 'provider', 'send', 'reply', 'end']);
  });

  test('Basic with a realm covers every path, since nobody else says where it ends', async () => {
    const value = `Basic ${Buffer.from('alice:wonderland').toString('base64')}`;
    const api = await mute({ valid: value });
    const alice = spy({ username: 'alice', password: 'wonderland' });
    const http = client(api.url, { assume: { [api.url]: 'Basic realm="api"' }, providers: [alice] });
    for (const path of ['/a/b', '/c/d']) await http.get(path);
    expect(api.sent()).toEqual([value, value]);
    expect(alice.asked).toMatchObject([{ realm: 'api', scheme: 'basic', kind: 'password' }]);
  });

  test('another name for the token', async () => {
    const api = await mute({ valid: 'Token t0k3n' });
    const schemes = [bearer({ scheme: 'Token' }), basic()];
    const http = client(api.url, { assume: { [api.url]: 'Token' }, schemes, providers: [token] });
    expect((await http.get('/')).data).toBe('let in');
    expect(api.sent()).toEqual(['Token t0k3n']);
  });

  test('one request may assume by itself', async () => {
    const api = await mute();
    const http = client(api.url, { providers: [token] }, { validateStatus: null });
    const assume = { [api.url]: 'Bearer' };
    expect((await http.get('/', { challenge: { assume } })).status).toBe(200);
    expect(api.sent()).toEqual(['Bearer t0k3n']);
  });

  test("the caller's own authorization is left alone", async () => {
    const api = await mute();
    const http = at(api.url, {}, { validateStatus: null });
    const headers = { Authorization: 'Bearer own' };
    expect((await http.get('/', { headers })).status).toBe(401);
    await http.get('/', { auth: { username: 'a', password: 'b' } });
    expect(api.sent()).toEqual(['Bearer own', `Basic ${Buffer.from('a:b').toString('base64')}`]);
  });

  test('another realm of the origin that refuses it is not sent it again unasked', async () => {
    const api = await plainServer(({ url, headers }, response) => {
      if (headers.authorization === 'Bearer t0k3n' && url === '/') return response.end();
      return response.writeHead(401, url === '/' ? {} : { 'WWW-Authenticate': 'Basic realm="Admin"' }).end();
    });
    const http = at(api.url, {}, { validateStatus: null });
    await http.get('/');
    for (let i = 0; i < 2; i += 1) await http.get('/admin/x');
    expect(api.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/', 'Bearer t0k3n'],
      ['/admin/x', 'Bearer t0k3n'],
      ['/admin/x', undefined],
    ]);
  });

  test('a body is sent once, as the first send is authorized', async () => {
    const bodies: string[] = [];
    const api = await plainServer((request, response) => {
      request.on('data', (chunk) => bodies.push(String(chunk)));
      request.on('end', () => response.writeHead(request.headers.authorization ? 200 : 401).end());
    });
    const { Readable } = await import('node:stream');
    await at(api.url, { bufferBody: 0 }).post('/', Readable.from(['a stream']));
    expect(bodies).toEqual(['a stream']);
  });

  test('a caller who leaves while the first provider is asked sends nothing', async () => {
    const api = await mute();
    const leaving = new AbortController();
    const slow = spy();
    slow.get = (request) => {
      slow.asked.push(request);
      return new Promise(() => {});
    };
    const http = at(api.url, { providers: [slow] });
    const left = http.get('/', { signal: leaving.signal }).catch(({ code }) => code);
    await until(() => slow.asked.length > 0);
    leaving.abort();
    expect(await left).toBe('ERR_CANCELED');
    expect(api.sent()).toEqual([]);
  });
});

describe('by a function', () => {
  test('another status stands for a challenge, and the token that it refuses is refused', async () => {
    const api = await mute({ status: 419 });
    const first = spy({ token: 'wr0ng' });
    const heard: unknown[] = [];
    const http = client(api.url, {
      assume: (response) => {
        heard.push(response);
        return response.status === 419 ? 'Bearer' : undefined;
      },
      providers: [first, token],
    });
    const response = await http.get('/page?q=1');
    expect(response.data).toBe('let in');
    expect(api.sent()).toEqual([undefined, 'Bearer wr0ng', 'Bearer t0k3n']);
    expect(first.told).toEqual([['reject', 'wr0ng']]);
    expect(heard).toHaveLength(2);
    expect(heard[0]).toMatchObject({ origin: api.url, url: `${api.url}/page?q=1`, status: 419 });
    expect(heard[0]).toHaveProperty('headers.connection', 'keep-alive');
    expect(explain(response)).toMatch(/sent without credentials +419 {2}Bearer \(assumed\)/);
    await http.get('/');
    expect(api.sent()).toHaveLength(4);
  });

  test('what it does not answer is given back as it is, with the reason', async () => {
    const api = await mute({ status: 419 });
    const http = client(api.url, { assume: () => 'Bearer', providers: [none] }, { validateStatus: null });
    const response = await http.get('/');
    expect(response.status).toBe(419);
    expect(explain(response)).toContain("gave back the server's own 419: no provider has a credential (ERR_AUTH_NONE)");
  });

  test.each([200, 204, 304])('it is never asked about a %i', async (status) => {
    const api = await plainServer((_, response) => response.writeHead(status).end());
    const asked: number[] = [];
    const assume: AuthOptions['assume'] = ({ status: one }) => {
      asked.push(one);
      return 'Bearer';
    };
    await client(api.url, { assume, providers: [token] }, { validateStatus: null }).get('/');
    expect(asked).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ['a Digest', 'Digest realm="a", nonce="b"', 'only the server can begin a Digest'],
    ['no challenge', '=', 'it is no challenge'],
    ['no text', Promise.resolve('Bearer'), 'it is no challenge'],
  ])('%s is not gone by, and explain says why', async (_, given, reason) => {
    const api = await mute({ status: 403 });
    const provider = spy({ token: 't0k3n' });
    const assume = () => given as string;
    const response = await client(api.url, { assume, providers: [provider] }, { validateStatus: null }).get('/');
    expect(response.status).toBe(403);
    expect(provider.asked).toEqual([]);
    expect(explain(response)).toContain(reason);
  });

  test('one that throws is as one that gives nothing', async () => {
    const api = await mute();
    const assume = () => {
      throw new TypeError('s3cret');
    };
    const error = await failure(client(api.url, { assume, providers: [token] }).get('/'));
    expect(explain(error)).toContain('it failed: TypeError');
    expect(explain(error)).not.toContain('s3cret');
  });

  test('a 404 to an authorized request refuses no token, nor a 403 one that was let in', async () => {
    const api = await plainServer(({ url, headers }, response) => {
      if (headers.authorization !== 'Bearer t0k3n') return response.writeHead(404).end();
      return response.writeHead(url === '/' ? 200 : Number(url?.slice(1))).end();
    });
    const provider = spy({ token: 't0k3n' });
    const http = client(api.url, { assume: () => 'Bearer', providers: [provider] }, { validateStatus: null });
    const missing = await http.get('/404');
    expect(missing.status).toBe(404);
    expect(explain(missing)).toContain('a 404 to an authorized request refuses no credential');
    expect((await http.get('/')).status).toBe(200);
    expect((await http.get('/403')).status).toBe(403);
    expect(provider.told).toEqual([['approve', 't0k3n']]);
  });
});
