/** What is written in a Digest `Authorization`, judged by hand. */

import fc from 'fast-check';
import type { Challenge } from '../../../../src/model.js';
import { digestAuthorization } from '../../../../src/schemes/digest/compute.js';
import { parseChallenges } from '../../../../src/syntax/challenge.js';
import { digestByHand, H, readAuthorization, utf8 } from '../../../vectors/by-hand.js';
import { rfc } from '../../../vectors/rfc-examples.js';

const refused = (code: string) => expect.objectContaining({ name: 'AuthError', code });

const NAMES = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess'];
const base = { realm: 'files@h.example', nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093' };
const of = (params: Record<string, string>): Challenge => ({ scheme: 'digest', params: { ...base, ...params } });
const alice = { username: 'alice', password: 'wonderland', method: 'GET', uri: '/docs/?a=b,c' };
const cnonce = '0a4f113b';

/** The params of the field value. */
const send = (challenge: Challenge, more: Partial<Parameters<typeof digestAuthorization>[0]> = {}) =>
  readAuthorization(digestAuthorization({ challenge, ...alice, cnonce, ...more }));

test.each(rfc.digest)('$source', ({ challenge, expect: { params }, cnonce: sent, ...input }) => {
  const value = digestAuthorization({ challenge, ...input, cnonce: sent });
  expect(readAuthorization(value).params).toEqual(params);
});

test('the judge agrees with the RFCs', () => {
  const [example] = rfc.digest;
  const { realm, nonce, qop, nc, response } = example!.expect.params as Record<string, string>;
  const { username, password, method, uri } = example!;
  const hand = { algorithm: 'SHA-256', username, password, method, uri, cnonce: example!.cnonce! };
  expect(digestByHand({ ...hand, realm: realm!, nonce: nonce!, qop, nc: nc! })).toBe(response);
});

const BODIES: ReadonlyArray<
  readonly [what: string, body: string | Uint8Array | undefined, bytes: string | Uint8Array]
> = [
  ['no body', undefined, ''],
  ['a text body', 'grüße', utf8('grüße')],
  ['a body of bytes', Uint8Array.of(0, 255, 128, 10), Uint8Array.of(0, 255, 128, 10)],
];

describe.each(NAMES)('%s', (algorithm) => {
  const hand = { ...alice, ...base, algorithm, cnonce };

  test('qop=auth', () => {
    const { params } = send(of({ algorithm, qop: 'auth' }), { nc: 26, body: 'not hashed' });
    expect(params).toEqual({
      username: 'alice',
      ...base,
      uri: alice.uri,
      algorithm,
      qop: 'auth',
      nc: '0000001a',
      cnonce,
      response: digestByHand({ ...hand, qop: 'auth', nc: '0000001a' }),
    });
  });

  test.each(BODIES)('qop=auth-int with %s', (_, body, bytes) => {
    const { params } = send(of({ algorithm, qop: 'auth-int' }), { method: 'POST', body });
    expect(params.qop).toBe('auth-int');
    expect(params.response).toBe(digestByHand({ ...hand, method: 'POST', qop: 'auth-int', body: bytes }));
  });

  test.each(['auth-int,auth', 'auth, auth-int', 'auth-int auth', 'AUTH-INT,AUTH'])(
    'auth before auth-int: %s',
    (qop) => {
      expect(send(of({ algorithm, qop })).params).toMatchObject({
        qop: 'auth',
        response: digestByHand({ ...hand, qop: 'auth' }),
      });
    },
  );

  if (algorithm.endsWith('-sess')) return;

  test.each([[{}], [{ qop: '' }]])('no qop, as RFC 2069: %j', (params) => {
    const written = send(of({ algorithm, ...params }), { nc: 5 });
    const response = digestByHand(hand);
    expect(written.params).toEqual({ username: 'alice', ...base, uri: alice.uri, algorithm, response });
  });
});

test('without algorithm it is MD5, and no algorithm is echoed', () => {
  const { params } = send(of({ qop: 'auth' }));
  expect(params).not.toHaveProperty('algorithm');
  expect(params.response).toBe(digestByHand({ ...alice, ...base, algorithm: 'MD5', cnonce, qop: 'auth' }));
});

test('algorithm is echoed as the server spelled it', () => {
  const { params } = send(of({ algorithm: 'sha-256-SESS', qop: 'auth' }));
  expect(params.algorithm).toBe('sha-256-SESS');
  expect(params.response).toBe(digestByHand({ ...alice, ...base, algorithm: 'SHA-256-sess', cnonce, qop: 'auth' }));
});

test('RFC 7616 §3.4: nc, qop and algorithm are tokens, the rest is quoted', () => {
  const { quoted, params } = send(of({ algorithm: 'MD5', qop: 'auth', opaque: 'token' }));
  expect([...quoted].sort()).toEqual(['cnonce', 'nonce', 'opaque', 'realm', 'response', 'uri', 'username']);
  expect(
    Object.keys(params)
      .filter((name) => !quoted.includes(name))
      .sort(),
  ).toEqual(['algorithm', 'nc', 'qop']);
});

test.each([
  [1, '00000001'],
  [10, '0000000a'],
  [255, '000000ff'],
  [0xdeadbeef, 'deadbeef'],
])('nc %p is 8 lower-case hex digits', (nc, written) => {
  expect(send(of({ qop: 'auth' }), { nc }).params.nc).toBe(written);
});

test('by default it is the first use of the nonce, with a cnonce of 128 bits', () => {
  const written = () => readAuthorization(digestAuthorization({ challenge: of({ qop: 'auth' }), ...alice })).params;
  const [one, two] = [written(), written()];
  expect(one.nc).toBe('00000001');
  expect(one.cnonce).toMatch(/^[0-9a-f]{32}$/);
  expect(two.cnonce).not.toBe(one.cnonce);
});

describe('SEC-22 what the server sent is escaped again', () => {
  const evil = 'a\\", evil="\\\\';

  test.each(['realm', 'nonce', 'opaque'])('%s', (name) => {
    const challenge = of({ qop: 'auth', [name]: evil });
    const { params } = send(challenge);
    expect(params).not.toHaveProperty('evil');
    expect(params[name]).toBe(evil);
    expect(params.response).toBe(
      digestByHand({
        ...alice,
        ...base,
        ...(name === 'opaque' ? {} : { [name]: evil }),
        algorithm: 'MD5',
        cnonce,
        qop: 'auth',
      }),
    );
  });

  test.each(['username', 'uri', 'cnonce'])('and what we send: %s', (name) => {
    const { params } = send(of({ qop: 'auth' }), { [name]: evil });
    expect(params[name]).toBe(evil);
    expect(params.response).toBe(
      digestByHand({ ...alice, ...base, algorithm: 'MD5', cnonce, qop: 'auth', [name]: evil }),
    );
  });

  test('an empty opaque is echoed', () => {
    expect(send(of({ opaque: '' })).params.opaque).toBe('');
  });

  test('any value of a parsed challenge is echoed unchanged', () => {
    const text = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) });
    const field = fc.tuple(text, text, text).map((texts) => texts.map((one) => one.replace(/\u007f/g, '')));
    fc.assert(
      fc.property(field, ([realm = '', nonce = '', opaque = '']) => {
        const quote = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`;
        const challenge = `Digest realm=${quote(realm)}, nonce=${quote(nonce)}, opaque=${quote(opaque)}, qop="auth"`;
        const { params } = readAuthorization(digestAuthorization({ challenge, ...alice, cnonce }));
        expect(params).toMatchObject({ realm, nonce, opaque });
        expect(params.response).toBe(digestByHand({ ...alice, realm, nonce, algorithm: 'MD5', cnonce, qop: 'auth' }));
      }),
    );
  });
});

describe('realm bytes', () => {
  test.each([
    ['UTF-8 on the wire', utf8('Zürich 日本')],
    ['Latin-1 on the wire', 'Z\u00fcrich'],
  ])('%s: hashed as those bytes, echoed as they are', (_, realm) => {
    const { params } = send(of({ realm, qop: 'auth' }));
    expect(params.realm).toBe(realm);
    expect(params.response).toBe(digestByHand({ ...alice, ...base, realm, algorithm: 'MD5', cnonce, qop: 'auth' }));
  });

  test('a realm that was decoded before is encoded again: no header carries a character beyond a byte', () => {
    const realm = utf8('日本');
    const { params } = send(of({ realm: '日本', qop: 'auth' }));
    expect(params.realm).toBe(realm);
    expect(params.response).toBe(digestByHand({ ...alice, ...base, realm, algorithm: 'MD5', cnonce, qop: 'auth' }));
  });
});

describe('user names and passwords', () => {
  const json = { algorithm: 'SHA-256', qop: 'auth' };
  const hand = { ...alice, ...base, algorithm: 'SHA-256', cnonce, qop: 'auth' };

  test.each([
    ['NFC already', 'J\u00e4s\u00f8n', "UTF-8''J%C3%A4s%C3%B8n"],
    ['a combining mark', 'Ja\u0308s\u00f8n', "UTF-8''J%C3%A4s%C3%B8n"],
  ])('beyond ASCII the name is sent as username*: %s', (_, username, written) => {
    const { params, quoted } = send(of(json), { username });
    expect(params).not.toHaveProperty('username');
    expect(params['username*']).toBe(written);
    expect(quoted).not.toContain('username*');
    expect(params).not.toHaveProperty('userhash');
    expect(params.response).toBe(digestByHand({ ...hand, username: utf8('J\u00e4s\u00f8n') }));
  });

  test.each(['wonder\u0308land', 'wonde\u0308\u0301', 'pässwörd', '日本', '😀', 'a\nb\u0000c', '', ':'])(
    'the password %j counts as UTF-8 in NFC',
    (password) => {
      expect(send(of(json), { password }).params.response).toBe(
        digestByHand({ ...hand, password: utf8(password.normalize('NFC')) }),
      );
    },
  );

  test.each(['alice', 'Jäsøn', 'Ja\u0308søn'])(
    'userhash hides %s, and A1 has the plain name (erratum 4897)',
    (username) => {
      const plain = utf8(username.normalize('NFC'));
      const { params, quoted } = send(of({ ...json, userhash: 'TRUE' }), { username });
      expect(params.username).toBe(H('SHA-256', `${plain}:${base.realm}`));
      expect(params.userhash).toBe('true');
      expect(quoted).not.toContain('userhash');
      expect(params).not.toHaveProperty('username*');
      expect(params.response).toBe(digestByHand({ ...hand, username: plain }));
    },
  );

  test('userhash with -sess', () => {
    const { params } = send(of({ algorithm: 'MD5-sess', qop: 'auth', userhash: 'true' }));
    expect(params.username).toBe(H('MD5', `alice:${base.realm}`));
    expect(params.response).toBe(digestByHand({ ...hand, algorithm: 'MD5-sess' }));
  });

  test.each(['false', '', 'yes'])('userhash=%j counts as absent', (userhash) => {
    const { params } = send(of({ ...json, userhash }));
    expect(params.username).toBe('alice');
    expect(params).not.toHaveProperty('userhash');
  });

  test.each(['a:b', '', ' a ', "UTF-8''a"])('the user name %j is sent', (username) => {
    const { params } = send(of(json), { username });
    expect(params.username).toBe(username);
    expect(params.response).toBe(digestByHand({ ...hand, username }));
  });

  test.each([
    ['a control character in the user name', { username: 'hunter2\n' }],
    ['DEL in the user name', { username: 'hunter2\u007f' }],
    ['a lone surrogate in the user name', { username: 'hunter2\ud800' }],
    ['a lone surrogate in the password', { password: 'hunter2\ud800' }],
  ])('SEC-21 %s is refused, and the error does not show it', (_, input) => {
    for (const userhash of ['true', 'false']) {
      expect(() => send(of({ ...json, userhash }), input)).toThrow(refused('ERR_AUTH_CREDENTIAL'));
      expect(() => send(of({ ...json, userhash }), input)).not.toThrow(/hunter2/);
    }
  });
});

describe('the challenge', () => {
  test('may be a field value with other challenges beside it', () => {
    const field = 'Basic realm="a", Digest realm="b", nonce="c", Digest realm="d", nonce="e"';
    expect(readAuthorization(digestAuthorization({ challenge: field, ...alice })).params).toMatchObject({ realm: 'b' });
    const [, parsed] = parseChallenges(field);
    expect(readAuthorization(digestAuthorization({ challenge: parsed!, ...alice })).params).toMatchObject({
      realm: 'b',
    });
  });

  test.each([
    ['no Digest', 'Basic realm="a"'],
    ['nothing', ''],
    ['JavaScript that forgets it', undefined as unknown as string],
    ['no nonce', 'Digest realm="a"'],
    ['an unknown algorithm', 'Digest realm="a", nonce="b", algorithm=SHA-1'],
    ['-sess without qop', 'Digest realm="a", nonce="b", algorithm=MD5-sess'],
  ])('with %s cannot be answered', (_, challenge) => {
    expect(() => digestAuthorization({ challenge, ...alice })).toThrow(refused('ERR_AUTH_CHALLENGE'));
  });

  test.each(['uri', 'cnonce'])('a line break in %s is refused', (name) => {
    expect(() => send(of({ qop: 'auth' }), { [name]: '/\r\nX-Evil: 1' })).toThrow(refused('ERR_AUTH_CHALLENGE'));
  });
});

test.each([0, -1, 1.5, 2 ** 32, Number.NaN])('an nc of %p is refused', (nc) => {
  expect(() => send(of({ qop: 'auth' }), { nc })).toThrow(refused('ERR_AUTH_OPTION'));
});

test('the last nc has eight digits', () => {
  expect(send(of({ qop: 'auth' }), { nc: 2 ** 32 - 1 }).params.nc).toBe('ffffffff');
});

test.each([
  ['method', 'ERR_AUTH_OPTION'],
  ['uri', 'ERR_AUTH_OPTION'],
  ['username', 'ERR_AUTH_CREDENTIAL'],
  ['password', 'ERR_AUTH_CREDENTIAL'],
])('JavaScript without the %s gets an error', (name, code) => {
  expect(() => send(of({ qop: 'auth' }), { [name]: undefined })).toThrow(refused(code));
});
