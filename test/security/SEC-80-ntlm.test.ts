/** NTLM: whom it is sent to (SEC-80), what is sent (SEC-81), for which channel (SEC-82), and how often (SEC-83). */

import { Agent } from 'node:https';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { basic, digest, explain, type Scheme, staticCredential } from '../../src/index.js';
import { ntlm } from '../../src/ntlm.js';
import type { ChallengeServer, NtlmProtection, Protection } from '../../src/testing/challenge-server.js';
import { search } from '../support/reach.js';
import { afterwards, alice, client, plainServer, server, spy, statuses } from '../support/stage.js';
import { selfSigned, withoutBinding } from '../support/tls.js';
import { serverMessage } from '../unit/schemes/ntlm/server.js';

const lenient = { validateStatus: null };
const schemesFor = (...origins: string[]): Scheme[] => [ntlm({ origins }), digest(), basic()];
const NTLM = { scheme: 'ntlm' } as const;

/** The messages of NTLM that came. */
function messages({ requests }: Pick<ChallengeServer, 'requests'>): Buffer[] {
  return requests.flatMap(({ authorization = '' }) =>
    authorization.startsWith('NTLM ') ? [Buffer.from(authorization.slice(5), 'base64')] : [],
  );
}

const numbers = (guard: Pick<ChallengeServer, 'requests'>) => messages(guard).map((message) => message.readUInt32LE(8));

describe('SEC-80 NTLM is answered where it is named twice', () => {
  test.each<[string, (url: string) => Scheme[] | undefined]>([
    ['the default schemes', () => undefined],
    ['another port', (url) => schemesFor(url.replace(/\d+$/, (port) => `${Number(port) - 1}`))],
    ['another name of the same machine', (url) => schemesFor(url.replace('127.0.0.1', 'localhost'))],
    ['the same host over TLS', (url) => schemesFor(url.replace('http:', 'https:'))],
  ])('SEC-80 not with %s: nobody is asked', async (_, schemes) => {
    const guard = await server({ protect: NTLM });
    const provider = spy(alice);
    const given = schemes(guard.url);
    const response = await client(guard.url, { ...(given && { schemes: given }), providers: [provider] }, lenient).get(
      '/',
    );
    expect([response.status, statuses(guard), provider.asked]).toEqual([401, [401], []]);
  });

  test('SEC-80 a trusted origin that a redirect leads to is answered only if it is named', async () => {
    const guard = await server({ protect: NTLM });
    const { url } = await plainServer((_, response) => void response.writeHead(302, { location: guard.url }).end());
    const provider = spy(alice);
    const options = { providers: [provider], trustOrigins: [guard.url] };
    const unnamed = await client(url, { ...options, schemes: schemesFor(url) }, lenient).get('/');
    expect([unnamed.status, numbers(guard), provider.asked]).toEqual([401, [], []]);
  });

  test('SEC-80 a list cannot be widened after it was given', async () => {
    const guard = await server({ protect: NTLM });
    const origins = ['https://intranet.example'];
    const schemes = schemesFor(...origins);
    const list = [...origins];
    const own = ntlm({ origins: list });
    list.push(guard.url);
    for (const one of [schemes, [own]]) await client(guard.url, { schemes: one }, lenient).get('/');
    expect(numbers(guard)).toEqual([]);
  });
});

describe('SEC-81 NTLMv2 with a MIC, or nothing', () => {
  test('SEC-81 the strict server, which takes nothing else, takes it', async () => {
    const guard = await server({ protect: NTLM });
    expect((await client(guard.url, { schemes: schemesFor(guard.url) }).get('/')).data).toMatchObject({
      user: 'alice',
    });
    expect(guard.requests.map(({ violation }) => violation)).toEqual([undefined, undefined, undefined]);
  });

  test('SEC-81 the first message says nothing of who and where', async () => {
    const guard = await server({ protect: NTLM });
    await client(guard.url, { schemes: schemesFor(guard.url) }).get('/');
    expect(messages(guard)[0]?.toString('hex')).toBe(
      `4e544c4d5353500001000000058288a2${'00'.repeat(16)}0a0000000000000f`,
    );
  });

  // What flags a server has, and one of these lacks: without it there would be an LM or an NTLMv1 response to crack.
  test.each<[string, Partial<NtlmProtection>, Protection[]]>([
    ['extended session security', { extendedSecurity: false }, []],
    ['target info', { targetInfo: false }, []],
    ['target info, and offers Basic beside', { targetInfo: false }, [{ scheme: 'basic' }]],
  ])('SEC-81 a server without %s gets no proof, and no password', async (_, lack, others) => {
    const guard = await server({ protect: { '/': [{ ...NTLM, ...lack }, ...others] } });
    const provider = spy(alice);
    const response = await client(guard.url, { schemes: schemesFor(guard.url), providers: [provider] }, lenient).get(
      '/',
    );
    expect([response.status, numbers(guard), provider.told]).toEqual([401, [1], []]);
    expect(guard.requests.map(({ scheme }) => scheme)).toEqual([undefined, 'ntlm']);
  });

  test.each([
    ['a response', alice],
    ['an error', { ...alice, password: 'w0nderland' }],
  ])('SEC-81 no proof can be reached from %s (SEC-27)', async (_, credential) => {
    const guard = await server({ protect: NTLM });
    const instance = client(guard.url, { schemes: schemesFor(guard.url), providers: [spy(credential)] });
    const outcome: unknown = await instance.get('/').catch((error) => error);
    const proof = guard.requests.find(({ authorization }) => authorization?.startsWith('NTLM TlRMTVNTUAAD'));
    expect(search({ held: proof }, ['TlRMTVNTUAAD']).found).not.toEqual([]);
    const { found, seen } = search({ outcome }, ['TlRMTVNTUAAD', credential.password]);
    expect([found, seen > 100]).toEqual([[], true]);
  });

  test('SEC-81 nothing of a password or a message is in what is recorded', async () => {
    const guard = await server({ protect: NTLM });
    const events: unknown[] = [];
    const options = { schemes: schemesFor(guard.url), onEvent: (event: unknown) => void events.push(event) };
    const response = await client(guard.url, options).get('/');
    const shown = JSON.stringify(events) + explain(response);
    expect(shown).not.toContain('wonderland');
    expect(shown).not.toContain('TlRMTVNTUA');
  });
});

describe('SEC-82 a proof is for one channel', () => {
  function secure(url: string, ...trusted: string[]) {
    const httpsAgent = new Agent({ ca: trusted });
    afterwards(() => httpsAgent.destroy());
    return client(url, { schemes: schemesFor(url) }, { ...lenient, httpsAgent });
  }

  test('SEC-82 over TLS it is bound to the certificate of the server', async () => {
    const guard = await server({ protect: NTLM, tls: selfSigned() });
    expect((await secure(guard.url, selfSigned().cert).get('/')).data).toMatchObject({ user: 'alice' });
  });

  test('SEC-82 whoever passes it on from one TLS connection to another gets nothing', async () => {
    const guard = await server({ protect: NTLM, tls: withoutBinding() });
    const sockets: TLSSocket[] = [];
    const relay = createServer(selfSigned(), (near) => {
      const far = connect({ port: Number(new URL(guard.url).port), host: '127.0.0.1', rejectUnauthorized: false });
      for (const socket of [near, far]) sockets.push(socket.on('error', () => {}));
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    afterwards(() => {
      for (const socket of sockets) socket.destroy();
      relay.close();
    });
    const url = `https://127.0.0.1:${(relay.address() as { port: number }).port}`;
    const response = await secure(url, selfSigned().cert).get('/');
    expect(response.status).toBe(400);
    expect(guard.requests.at(-1)?.violation).toMatch(/binding of another channel/);
  });

  test('SEC-82 where there is no binding, it is not sent over TLS', async () => {
    const guard = await server({ protect: NTLM, tls: withoutBinding() });
    const response = await secure(guard.url, withoutBinding().cert).get('/');
    expect([response.status, numbers(guard)]).toEqual([401, [1]]);
    expect(explain(response)).toMatch(/NTLM over TLS is bound to the certificate .*\(ERR_AUTH_CHALLENGE\)/);
  });

  test('SEC-82 without TLS it stays on this machine, unless allowed', async () => {
    const lookup = (_: string, __: object, found: (error: null, address: string, family: number) => void) =>
      found(null, '127.0.0.1', 4);
    const guard = await server({ protect: NTLM });
    const url = guard.url.replace('127.0.0.1', 'intranet.example');
    const provider = spy(alice);
    const options = { schemes: schemesFor(url), providers: [provider] };
    const config = { ...lenient, lookup: lookup as never };
    const refused = await client(url, options, config).get('/');
    expect([refused.status, provider.asked, numbers(guard)]).toEqual([401, [], []]);
    expect(explain(refused)).toContain('(ERR_AUTH_INSECURE)');
    const allowed = await client(url, { ...options, allowInsecure: [url] }, config).get('/');
    expect([allowed.status, numbers(guard)]).toEqual([200, [1, 3]]);
  });

  test('SEC-82 it is no proof of the server, where one is required', async () => {
    const guard = await server({ protect: NTLM });
    const response = await client(guard.url, { schemes: schemesFor(guard.url), mutual: 'require' }, lenient).get('/');
    expect(numbers(guard)).toEqual([]);
    expect(explain(response)).toContain('(ERR_AUTH_MUTUAL)');
  });

  test('SEC-82 an account that has answered a Digest here does not answer with it', async () => {
    const guard = await server({ protect: { '/strong': { scheme: 'digest', algorithm: 'MD5' }, '/weak': NTLM } });
    const instance = client(guard.url, { schemes: schemesFor(guard.url) }, lenient);
    expect((await instance.get('/strong/')).status).toBe(200);
    const response = await instance.get('/weak/');
    expect([response.status, numbers(guard)]).toEqual([401, []]);
    expect(explain(response)).toContain('NTLM is weaker than Digest MD5');
  });
});

describe('SEC-83 a handshake has an end', () => {
  test('SEC-83 a bare NTLM for ever gets two sends, and refuses nothing', async () => {
    const guard = await server({ protect: { ...NTLM, answers: 'never' } });
    const provider = spy(alice);
    await client(guard.url, { schemes: schemesFor(guard.url), providers: [provider] }, lenient).get('/');
    expect([statuses(guard), provider.told]).toEqual([[401, 401], []]);
  });

  test.each([200, 404])('SEC-83 a %i to the first message proves no password: nobody is told', async (status) => {
    const guard = await plainServer(({ headers }, response) => {
      if (headers.authorization) response.writeHead(status).end();
      else response.writeHead(401, { 'www-authenticate': 'NTLM' }).end();
    });
    const provider = spy({ ...alice, password: 'wrong' });
    const instance = client(guard.url, { schemes: schemesFor(guard.url), providers: [provider] }, lenient);
    for (let i = 0; i < 2; i += 1) expect((await instance.get('/')).status).toBe(status);
    expect((await instance.post('/', 'body')).status).toBe(401);
    expect(provider.told).toEqual([]);
  });

  test('SEC-83 messages for ever get one proof', async () => {
    const guard = await server({ protect: { ...NTLM, answers: 'always' } });
    await client(guard.url, { schemes: schemesFor(guard.url) }, lenient).get('/');
    expect(numbers(guard)).toEqual([1, 3]);
  });

  test('SEC-83 a wrong password is one proof, however many ask at once and after it', async () => {
    const guard = await server({ protect: NTLM, users: { alice: 'another' } });
    const instance = client(guard.url, { schemes: schemesFor(guard.url) }, lenient);
    const get = () => instance.get('/');
    await Promise.all([get(), get(), get(), get(), get()]);
    await get();
    expect(numbers(guard).filter((number) => number === 3)).toHaveLength(1);
  });

  test.each([
    [401, 'an origin'],
    [407, 'a proxy'],
  ])('SEC-83 another realm in each %i of %s: one proof all the same', async (status) => {
    const [own, asks] = status === 407 ? (['proxy-', 'Proxy-Authenticate'] as const) : ['', 'WWW-Authenticate'];
    const sent: Array<number | undefined> = [];
    const { url } = await plainServer(({ headers }, response) => {
      const message = String(headers[`${own}authorization`] ?? '').slice('NTLM '.length);
      const number = message === '' ? undefined : Buffer.from(message, 'base64').readUInt32LE(8);
      sent.push(number);
      const said = number === 1 ? serverMessage().toString('base64') : `realm="r${sent.length}"`;
      response.writeHead(status, { [asks]: number === undefined ? 'NTLM' : `NTLM ${said}` }).end();
    });
    const { hostname, port } = new URL(url);
    const proxy = status === 407 && { protocol: 'http', host: hostname, port: Number(port) };
    const options = { schemes: [ntlm({ origins: [url] })], providers: [staticCredential(alice, { origin: url })] };
    const instance = client(status === 407 ? 'http://files.example' : url, options, { ...lenient, proxy });
    for (let i = 0; i < 4; i += 1) expect((await instance.get('/')).status).toBe(status);
    expect(sent.filter((number) => number === 3)).toHaveLength(1);
  });

  test('SEC-83 a message with lengths and offsets of its own is read to its end, and no further', async () => {
    const whole = serverMessage();
    const guard = await plainServer(({ headers, url = '' }, response) => {
      const cut = whole.subarray(0, Number(url.slice(1))).toString('base64');
      response.writeHead(401, { 'www-authenticate': headers.authorization ? `NTLM ${cut}` : 'NTLM' }).end();
    });
    const instance = client(guard.url, { schemes: schemesFor(guard.url) }, lenient);
    for (let length = 1; length < whole.length; length += 1)
      expect((await instance.get(`/${length}`)).status).toBe(401);
    const sent = guard.requests.map(({ headers: { authorization = '' } }) =>
      Buffer.from(authorization.slice(5), 'base64').at(8),
    );
    expect(sent.filter((number) => number === 3)).toEqual([]);
    expect(sent.filter((number) => number === 1).length).toBeGreaterThan(50);
  });
});
