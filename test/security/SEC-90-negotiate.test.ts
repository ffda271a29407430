/** Negotiate: whom a token is sent to (SEC-90), of what (SEC-91), whose proof counts (SEC-92), how often (SEC-93), and on which connection (SEC-94). */

import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axios from 'axios';
import { basic, digest, explain, type Scheme, trace } from '../../src/index.js';
import { type NegotiateOptions, negotiateWith } from '../../src/schemes/negotiate/negotiate.js';
import { type FakeKerberos, fakeKerberos } from '../support/fake-kerberos.js';
import { temporaryFolder } from '../support/files.js';
import { type NegotiatePlay, negotiateJudge } from '../support/negotiate-judge.js';
import { offerOf } from '../support/offer.js';
import { afterwards, alice, bare, client, plainServer, spy } from '../support/stage.js';

const lenient = { validateStatus: null };
const BASIC = `Basic ${Buffer.from('alice:wonderland').toString('base64')}`;
const besides = { beside: ['Basic realm="lab"'], basic: BASIC };

const schemesFor = (fake: FakeKerberos, origins: string[], options: Partial<NegotiateOptions> = {}): Scheme[] => [
  negotiateWith({ origins, ...options }, fake.load),
  digest(),
  basic(),
];

async function stage(play: NegotiatePlay = {}) {
  const judge = await negotiateJudge(play);
  const fake = fakeKerberos();
  const provider = spy(alice);
  const http = client(judge.url, { schemes: schemesFor(fake, [judge.url]), providers: [provider] }, lenient);
  return { judge, fake, provider, http };
}

describe('SEC-90 Negotiate is answered where it is named twice', () => {
  test.each<[string, (url: string) => string[] | undefined]>([
    ['the default schemes', () => undefined],
    ['another port', (url) => [url.replace(/\d+$/, (port) => `${Number(port) - 1}`)]],
    ['another name of the same machine', (url) => [url.replace('127.0.0.1', 'localhost')]],
    ['the same host over TLS', (url) => [url.replace('http:', 'https:')]],
  ])('SEC-90 not with %s: no ticket is touched', async (_, named) => {
    const judge = await negotiateJudge();
    const fake = fakeKerberos();
    const origins = named(judge.url);
    const options = origins ? { schemes: schemesFor(fake, origins) } : {};
    expect((await client(judge.url, options, lenient).get('/')).status).toBe(401);
    expect([judge.messages(), fake.loads]).toEqual([[0], 0]);
  });

  test('SEC-90 a trusted origin that a redirect leads to is answered only if it is named', async () => {
    const judge = await negotiateJudge();
    const { url } = await plainServer((_, response) => void response.writeHead(302, { location: judge.url }).end());
    const fake = fakeKerberos();
    const options = { schemes: schemesFor(fake, [url]), trustOrigins: [judge.url] };
    expect((await client(url, options, lenient).get('/')).status).toBe(401);
    expect([judge.messages(), fake.loads]).toEqual([[0], 0]);
  });

  test('SEC-90 a redirect from a known place takes no token along', async () => {
    const judge = await negotiateJudge();
    const fake = fakeKerberos();
    let seen: string | undefined;
    const { url } = await plainServer((request, response) => {
      if (request.url === '/away') return void response.writeHead(302, { location: `${judge.url}/x` }).end();
      seen = request.headers.authorization;
      const field = seen ? {} : { 'www-authenticate': 'Negotiate' };
      response.writeHead(seen ? 200 : 401, field).end();
    });
    const http = client(url, { schemes: schemesFor(fake, [url]) }, lenient);
    expect((await http.get('/')).status).toBe(200);
    await http.get('/away');
    expect(seen).toMatch(/^Negotiate /);
    expect(judge.messages()).toEqual([0]);
  });

  test('SEC-90 a list cannot be widened after it was given', async () => {
    const judge = await negotiateJudge();
    const fake = fakeKerberos();
    const origins = ['https://intranet.example'];
    const schemes = schemesFor(fake, origins);
    origins.push(judge.url);
    await client(judge.url, { schemes }, lenient).get('/');
    expect(judge.messages()).toEqual([0]);
  });
});

describe('SEC-91 A ticket, and nothing else', () => {
  test('SEC-91 no provider is asked, told or given anything, and the package gets no password', async () => {
    const { fake, provider, http } = await stage();
    await http.get('/');
    expect([provider.asked, provider.told]).toEqual([[], []]);
    expect(fake.asked.map(({ options }) => Object.keys(options).sort())).toEqual(
      Array(fake.asked.length).fill(['flags', 'mechOID']),
    );
  });

  test('SEC-91 mutual authentication is asked for, and delegation is not', async () => {
    const { fake, http } = await stage();
    await http.get('/');
    for (const { options } of fake.asked) expect(Number(options.flags) & 3).toBe(2);
  });

  test.each(['http://localhost', 'http://intranet.example'])('SEC-91 delegation to %s is an error', (origin) => {
    expect(() => negotiateWith({ origins: ['https://intranet.example', origin], delegate: true })).toThrow(
      expect.objectContaining({ code: 'ERR_AUTH_OPTION' }),
    );
  });

  test('SEC-91 the service is the host of the URL', async () => {
    const { fake, http } = await stage();
    await http.get('/', { headers: { host: 'bank.example' } });
    expect(new Set(fake.asked.map(({ service }) => service))).toEqual(new Set(['HTTP@127.0.0.1']));
  });

  test('SEC-91 no token is in a record, an error or an event', async () => {
    const { http } = await stage({ final: 'wrong' });
    const error = await http.get('/').catch((one: unknown) => one);
    const said = JSON.stringify([trace(error as object)?.events, String(error)]) + explain(error as object);
    expect(said).toContain('ERR_AUTH_MUTUAL');
    expect(said).not.toContain(Buffer.from('token 1').toString('base64').slice(0, 8));
  });

  test('SEC-91 a proxy gets no ticket, though it is named', async () => {
    const { url, requests } = await plainServer((_, response) => {
      response.writeHead(407, { 'Proxy-Authenticate': 'Negotiate' }).end();
    });
    const fake = fakeKerberos();
    const proxy = { host: '127.0.0.1', port: Number(new URL(url).port), protocol: 'http' };
    const http = client('http://files.example', { schemes: schemesFor(fake, [url]) }, { ...lenient, proxy });
    const response = await http.get('/');
    expect([response.status, requests.length, fake.loads]).toEqual([407, 1, 0]);
    expect(explain(response)).toContain('is answered for origins, and not for a proxy');
  });

  test('SEC-91 NTLM inside is not sent over http, beyond this machine', async () => {
    const fake = fakeKerberos();
    fake.ntlm = true;
    const scheme = negotiateWith({ origins: ['http://files.example'] }, fake.load);
    const asked = { origin: 'http://files.example', realm: '', scheme: 'negotiate', proxy: false, url: '', refused: 0 };
    await expect(scheme.provider?.get(asked)).rejects.toMatchObject({ code: 'ERR_AUTH_PROVIDER' });
  });
});

describe('SEC-92 The final token is checked', () => {
  test.each([200, 204, 403])('SEC-92 a wrong one, with a %i', async (status) => {
    const { http } = await stage({ final: 'wrong', status });
    await expect(http.get('/')).rejects.toMatchObject({ code: 'ERR_AUTH_MUTUAL' });
  });

  test('SEC-92 mutual: require, and there is none', async () => {
    const { judge, fake } = await stage({ final: 'none' });
    const http = client(judge.url, { schemes: schemesFor(fake, [judge.url]), mutual: 'require' }, lenient);
    await expect(http.get('/')).rejects.toMatchObject({ code: 'ERR_AUTH_MUTUAL' });
  });

  test('SEC-92 NTLM inside proves nothing', async () => {
    const { judge, fake } = await stage({ legs: 2 });
    fake.ntlm = true;
    const http = client(judge.url, { schemes: schemesFor(fake, [judge.url]), mutual: 'require' }, lenient);
    await expect(http.get('/')).rejects.toMatchObject({ code: 'ERR_AUTH_MUTUAL' });
  });
});

describe('SEC-93 A handshake of Negotiate has an end', () => {
  test.each<[string, NegotiatePlay, ReadonlyArray<number | string>]>([
    ['tokens without end', { legs: 'endless' }, [0, 1, 2, 3, 4]],
    ['bare for ever', { bare: true }, [0, 1]],
    ['nonsense', { says: 'AAAA' }, [0, 1]],
    ['no', { says: 'oQcwBaADCgEC' }, [0, 1]],
    ['closes between the messages', { legs: 2, closes: true }, [0, 1]],
  ])('SEC-93 %s', async (_, play, messages) => {
    const { judge, http } = await stage(play);
    expect((await http.get('/')).status).toBe(401);
    expect(judge.messages()).toEqual(messages);
  });

  test('SEC-93 a refused ticket is not sent again by the next request', async () => {
    const { judge, http } = await stage({ bare: true });
    for (let i = 0; i < 3; i += 1) await http.get('/');
    expect(judge.messages()).toEqual([0, 1, 0, 0]);
  });

  test('SEC-93 no ticket is no downgrade: the next challenge of the same response', async () => {
    const { judge, fake, http } = await stage(besides);
    fake.trouble = 'No Kerberos credentials available';
    expect((await http.get('/')).status).toBe(200);
    expect(judge.messages()).toEqual([0, 'Basic']);
  });

  test('SEC-93 a ticket that has run out after a success is no downgrade either', async () => {
    const { judge, fake, http } = await stage(besides);
    expect((await http.get('/')).status).toBe(200);
    fake.trouble = 'Ticket expired';
    expect((await http.get('/')).status).toBe(200);
    expect(judge.messages()).toEqual([0, 1, 0, 'Basic']);
  });

  test.each([
    ['for each request', {}],
    ['by connection', { bound: true, persistent: 'true' as const }],
  ])('SEC-93 where Negotiate let a request in %s, a password alone is a downgrade', async (_, more) => {
    const play: NegotiatePlay = { ...besides, ...more };
    const { judge, fake, provider, http } = await stage(play);
    for (let i = 0; i < 2; i += 1) expect((await http.get('/')).status).toBe(200);
    play.isOffered = false;
    const other = client(judge.url, { schemes: schemesFor(fake, [judge.url]), providers: [provider] }, lenient);
    const response = await other.get('/');
    expect(response.status).toBe(401);
    expect(explain(response)).toContain('(ERR_AUTH_DOWNGRADE)');
    expect(provider.asked).toEqual([]);
  });
});

describe('SEC-94 What Negotiate has authenticated is for nobody else', () => {
  test('SEC-94 a stranger on the default agent is not let in', async () => {
    const { judge, http } = await stage({ bound: true, persistent: 'true' });
    for (let i = 0; i < 3; i += 1) expect((await http.get('/')).status).toBe(200);
    const strangers = [bare(judge.url, lenient), axios.create({ baseURL: judge.url, proxy: false, ...lenient })];
    for (const one of strangers) expect((await one.get('/')).status).toBe(401);
    const { status } = await http.get('/', { challenge: false });
    expect(status).toBe(401);
  });

  test('SEC-94 two principals of two clients have no connection in common', async () => {
    const { judge, fake } = await stage({ bound: true, persistent: 'true' });
    const clients = ['alice@LAB', 'bob@LAB'].map((principal) =>
      client(judge.url, { schemes: schemesFor(fake, [judge.url], { principal }) }, lenient),
    );
    await Promise.all(Array.from({ length: 20 }, (_, number) => clients[number % 2]?.get(`/${number % 2}`)));
    const pairs = judge.judged.filter(({ status }) => status === 200).map(({ socket, path }) => `${socket} ${path}`);
    const sockets = new Set(pairs.map((pair) => pair.split(' ')[0]));
    expect(new Set(pairs).size).toBe(sockets.size);
  });

  test.each<[string, (cache: string) => unknown]>([
    ['that is changed', (cache) => writeFile(cache, 'of bob')],
    ['that is replaced', (cache) => rename(`${cache}.bob`, cache)],
    ['that is deleted', (cache) => rm(cache)],
    ['of another name', (cache) => Object.assign(process.env, { KRB5CCNAME: `FILE:${cache}.bob` })],
    ['that is no file', () => Object.assign(process.env, { KRB5CCNAME: 'KEYRING:session:bob' })],
  ])('SEC-94 a connection that a ticket let in is not used with a ticket cache %s', async (_, change) => {
    const cache = join(await temporaryFolder(), 'krb5cc');
    for (const name of [`${cache}.bob`, cache]) await writeFile(name, 'of alice');
    process.env.KRB5CCNAME = `FILE:${cache}`;
    afterwards(() => void delete process.env.KRB5CCNAME);
    const { judge, http } = await stage({ bound: true, persistent: 'true' });
    for (let i = 0; i < 2; i += 1) await http.get('/');
    await change(cache);
    for (let i = 0; i < 2; i += 1) await http.get('/');
    expect(judge.messages()).toEqual([0, 1, 0, 1, 0]);
    expect(judge.sockets().slice(-2)).not.toContain(judge.sockets()[1]);
  });

  test('SEC-94 no token is sent twice', async () => {
    const { judge, http } = await stage();
    await Promise.all(Array.from({ length: 30 }, () => http.get('/')));
    // The judge refuses a token that it has seen.
    expect(judge.judged.filter(({ message, status }) => message !== 0 && status !== 200)).toEqual([]);
  });

  test('SEC-94 what goes once more, after a connection that was closed, has another token', async () => {
    const [scheme] = schemesFor(fakeKerberos(), ['http://localhost']);
    const answer = offerOf(scheme as Scheme, { scheme: 'negotiate', params: {} }).answer(alice);
    const request = { method: 'GET', uri: '/', origin: 'http://localhost' };
    await answer.prepare?.(request);
    const tokens = [await answer.authorize(request), await answer.authorize(request)].map(({ value }) => value);
    expect(new Set(tokens).size).toBe(2);
  });
});
