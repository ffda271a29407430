/** Digest against the RFC vectors and answers made by hand. */

import type { ChallengeServerOptions, DigestProtection, Protection } from '../../../src/testing/challenge-server.js';
import { answer, digest, type Hand, hash, latin1, param, prove } from './by-hand.js';
import { send, sendBy, server, start, startDigest, statuses } from './stage.js';

describe('the RFC vectors', () => {
  // The printed nonces are not ours: `stale` says that the response is right for that nonce (RFC 7616 §3.3).
  test.each<[string, string, DigestProtection['algorithm'], string | null, string | undefined, string]>([
    [
      'RFC 7616 §3.9.1 SHA-256',
      'Circle of Life',
      'SHA-256',
      'auth, auth-int',
      'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
      'username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
    ],
    [
      'RFC 7616 §3.9.1 MD5',
      'Circle of Life',
      'MD5',
      'auth, auth-int',
      'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
      'username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="8ca523f5e9506fed4657c9700eebdbec", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
    ],
    [
      'RFC 7616 §3.9.2 userhash, erratum 4897',
      'Secret, or not?',
      'SHA-512-256',
      'auth',
      'HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS',
      'username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b", realm="api@example.org", uri="/doe.json", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", nc=00000001, cnonce="NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", qop=auth, response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", userhash=true',
    ],
    [
      'RFC 7616 §3.9.2 username*, erratum 4897',
      'Secret, or not?',
      'SHA-512-256',
      'auth',
      'HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS',
      'username*=UTF-8\'\'J%C3%A4s%C3%B8n%20Doe, realm="api@example.org", uri="/doe.json", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", nc=00000001, cnonce="NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", qop=auth, response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS"',
    ],
    [
      'RFC 2617 §3.5',
      'Circle Of Life',
      undefined,
      'auth,auth-int',
      '5ccc069c403ebaf9f0171e9517f40e41',
      'username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    ],
    [
      'RFC 2069 §2.4, erratum 749',
      'CircleOfLife',
      undefined,
      null,
      '5ccc069c403ebaf9f0171e9517f40e41',
      'username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", response="1949323746fe6a43ef61f9606e7febea", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    ],
  ])('%s: the printed response is right, and with another password it is not', async (...row) => {
    const [, password, algorithm, qop, opaque, field] = row;
    const users: Record<string, string> = { Mufasa: password, 'Jäsøn Doe': password };
    const realm = param(field, 'realm') ?? '';
    const protect: Protection = { scheme: 'digest', algorithm, qop, realm, userhash: true, ...(opaque && { opaque }) };
    await start({ users, protect });
    const question = { target: param(field, 'uri') ?? '', headers: { authorization: `Digest ${field}` } };
    expect(param((await send(question)).challenges[0], 'stale')).toBe('true');
    for (const name of Object.keys(users)) users[name] = `${password}!`;
    expect(param((await send(question)).challenges[0], 'stale')).toBeUndefined();
    expect(server.requests.map(({ status, stale }) => [status, stale])).toEqual([
      [401, true],
      [401, undefined],
    ]);
  });

  test.each([
    ['RFC 7617 §2', 'Aladdin', 'open sesame', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['RFC 7617 §2.1', 'test', '123£', 'dGVzdDoxMjPCow=='],
  ])('%s', async (_name, user, password, base64) => {
    await start({ users: { [user]: password }, protect: { scheme: 'basic' } });
    const reply = await send({ headers: { authorization: `Basic ${base64}` } });
    expect(JSON.parse(reply.text)).toMatchObject({ authenticated: true, user, scheme: 'basic' });
    expect((await send({ headers: { authorization: 'Basic QWxhZGRpbjo=' } })).status).toBe(401);
  });
});

describe('digest', () => {
  const algorithms = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess'] as const;
  const grid = algorithms.flatMap((algorithm) => ['auth', 'auth-int'].map((qop) => [algorithm, qop] as const));

  test.each(grid)('%s with %s: accepts the answer, and proves itself', async (algorithm, qop) => {
    const challenge = await startDigest({ algorithm, qop });
    const hand = { method: 'POST', body: 'Grüße' };
    const reply = await sendBy(challenge, hand, hand);
    expect(reply.status).toBe(200);
    const info = reply.headers['authentication-info'] as string;
    const rspauth = prove(challenge, { method: '', body: reply.text });
    expect(info).toBe(`qop=${qop}, rspauth="${rspauth}", cnonce="c", nc=00000001`);
  });

  test.each(grid)('%s with %s: refuses a wrong password, or another body under auth-int', async (algorithm, qop) => {
    const challenge = await startDigest({ algorithm, qop });
    const wrong = await sendBy(challenge, { password: 'x' });
    expect([wrong.status, param(wrong.challenges[0], 'stale')]).toEqual([401, undefined]);
    expect(param(wrong.challenges[0], 'nonce')).not.toBe(param(challenge, 'nonce'));
    const hand = { method: 'POST', body: 'a' };
    expect((await sendBy(challenge, hand, { method: 'POST', body: 'b' })).status).toBe(qop === 'auth' ? 200 : 401);
  });

  test('as in RFC 2069 accepts an answer, any number of times', async () => {
    const challenge = await startDigest({ qop: null });
    const reply = await sendBy(challenge);
    expect(reply.headers['authentication-info']).toBe(`rspauth="${prove(challenge, { method: '' })}"`);
    expect((await sendBy(challenge)).status).toBe(200);
  });

  test('hashes realms, names and passwords as UTF-8 bytes, quotes and backslashes undone', async () => {
    const [username, password] = ['a"\\b', 'Ünïcödé €'];
    const challenge = await startDigest({ realm: 'Z"ü\\r€' }, { users: { [username]: password } });
    expect((await sendBy(challenge, { username, password })).status).toBe(200);
    expect(server.requests[1]).toMatchObject({ user: username });
  });

  test('takes a name as raw UTF-8 where the challenge is of RFC 2617', async () => {
    const users = { Jä: 'wonderland' };
    const byHand = { username: 'Jä' };
    const raw = (challenge: string | undefined) =>
      digest({ ...answer(challenge, byHand), username: `"${latin1('Jä')}"` });
    const old = await startDigest({ algorithm: 'MD5' }, { users });
    expect((await send({ headers: { authorization: raw(old) } })).status).toBe(200);
    const named = await startDigest({ algorithm: 'MD5', charset: true }, { users });
    expect((await send({ headers: { authorization: raw(named) } })).status).toBe(400);
  });

  test('assigns an answer to the challenge with the same qop, if two challenges differ only in qop', async () => {
    await start({
      protect: [
        { scheme: 'digest', qop: null },
        { scheme: 'digest', qop: 'auth' },
      ],
    });
    const [without, withAuth] = (await send()).challenges;
    expect((await sendBy(withAuth)).status).toBe(200);
    expect((await sendBy(without)).status).toBe(200);
  });

  test('recognizes a hashed user name, and reports the user', async () => {
    const challenge = await startDigest({ userhash: true });
    const username = `"${hash('SHA-256', 'alice:test')}"`;
    const authorization = digest({ ...answer(challenge), username, userhash: 'true' });
    expect((await send({ headers: { authorization } })).status).toBe(200);
    expect(server.requests[1]?.user).toBe('alice');
  });

  test('does not accept the hash as a name, nor the name as a hash', async () => {
    const challenge = await startDigest({ userhash: true });
    const username = `"${hash('SHA-256', 'alice:test')}"`;
    const unhashed = digest({ ...answer(challenge), username });
    expect((await send({ headers: { authorization: unhashed } })).status).toBe(401);
    const plain = digest({ ...answer(challenge), userhash: 'true' });
    expect((await send({ headers: { authorization: plain } })).status).toBe(401);
  });

  test('notes nonce, nc and scheme', async () => {
    const challenge = await startDigest();
    await sendBy(challenge, { nc: '000000ff' });
    expect(server.requests[1]).toMatchObject({ scheme: 'digest', nonce: param(challenge, 'nonce'), nc: 255 });
  });
});

describe('Authentication-Info', () => {
  const infoOf = async (challenge: string | undefined, hand?: Hand) =>
    (await sendBy(challenge, hand)).headers['authentication-info'] as string | undefined;

  test('brings a nextnonce every n uses, and the old nonce stays valid', async () => {
    const challenge = await startDigest({ nextnonce: 2, rspauth: false });
    expect(await infoOf(challenge, { nc: '00000001' })).toBeUndefined();
    const info = await infoOf(challenge, { nc: '00000002' });
    expect(info).toMatch(/^nextnonce="[\w-]+"$/);
    expect((await sendBy(challenge, { nonce: param(info, 'nextnonce') ?? '' })).status).toBe(200);
    expect((await sendBy(challenge, { nc: '00000003' })).status).toBe(200);
  });

  test('brings a nextnonce with each response', async () => {
    const challenge = await startDigest({ nextnonce: 'always' });
    const first = param(await infoOf(challenge), 'nextnonce') ?? '';
    const second = param(await infoOf(challenge, { nonce: first }), 'nextnonce');
    expect(new Set([param(challenge, 'nonce'), first, second]).size).toBe(3);
  });

  test('proves nothing when told to be wrong', async () => {
    const challenge = await startDigest({ rspauth: 'wrong' });
    const rspauth = param(await infoOf(challenge), 'rspauth');
    expect(rspauth).toMatch(/^[0-9a-f]{64}$/);
    expect(rspauth).not.toBe(prove(challenge, { method: '' }));
  });

  test.each<[string, NonNullable<ChallengeServerOptions['onAuthenticated']>]>([
    ['one piece', (_received, response) => void response.end('abc')],
    [
      'pieces',
      (_received, response) => {
        response.flushHeaders();
        response.write('a', () => {
          response.write(Buffer.from('b'));
          response.end('c');
        });
      },
    ],
    [
      'hex',
      (_received, response) => {
        response.write('6162', 'hex');
        response.end('63', 'hex');
      },
    ],
    ['writeHead', (_received, response) => void response.writeHead(200, { 'x-a': 'b' }).end('abc', () => undefined)],
  ])('covers a body sent in %s under auth-int', async (_name, onAuthenticated) => {
    const challenge = await startDigest({ qop: 'auth-int' }, { onAuthenticated });
    const reply = await sendBy(challenge);
    expect(reply.text).toBe('abc');
    expect(reply.headers['x-a']).toBe(_name === 'writeHead' ? 'b' : undefined);
    expect(param(reply.headers['authentication-info'] as string, 'rspauth')).toBe(
      prove(challenge, { method: '', body: 'abc' }),
    );
  });

  test('covers an empty body in the answer to HEAD', async () => {
    const challenge = await startDigest({ qop: 'auth-int' });
    const reply = await sendBy(challenge, { method: 'HEAD' }, { method: 'HEAD' });
    expect(param(reply.headers['authentication-info'] as string, 'rspauth')).toBe(prove(challenge, { method: '' }));
  });
});

describe('the session key of -sess', () => {
  const sess = { algorithm: 'SHA-256-sess', nextnonce: 'always' } as const;

  test('is that of the first request, across nextnonce', async () => {
    const challenge = await startDigest(sess);
    const session = [param(challenge, 'nonce') ?? '', 'one'] as const;
    const first = await sendBy(challenge, { cnonce: 'one' });
    const nonce = param(first.headers['authentication-info'] as string, 'nextnonce') ?? '';
    expect((await sendBy(challenge, { cnonce: 'two', nc: '00000002', session })).status).toBe(200);
    expect((await sendBy(challenge, { cnonce: 'two', nonce, session })).status).toBe(200);
    expect((await sendBy(challenge, { cnonce: 'two', nonce, nc: '00000002' })).status).toBe(401);
    expect(statuses()).toEqual([401, 200, 200, 200, 401]);
  });

  test('can be that of each request', async () => {
    const challenge = await startDigest({ ...sess, sessKey: 'each' });
    const session = [param(challenge, 'nonce') ?? '', 'one'] as const;
    expect((await sendBy(challenge, { cnonce: 'one' })).status).toBe(200);
    expect((await sendBy(challenge, { cnonce: 'two', nc: '00000002' })).status).toBe(200);
    expect((await sendBy(challenge, { cnonce: 'two', nc: '00000003', session })).status).toBe(401);
  });
});
