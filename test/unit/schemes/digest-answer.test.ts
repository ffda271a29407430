/** One answer over many requests: nc, cnonce, the session key, nextnonce. Judged by hand. */

import type { Answer, AuthorizedRequest, Challenge } from '../../../src/model.js';
import { digest } from '../../../src/schemes/digest/digest.js';
import { digestByHand, readAuthorization, utf8 } from '../../vectors/by-hand.js';

const scheme = digest();
const alice = { username: 'alice', password: 'wonderland' };
const base = { realm: 'files', nonce: 'n1' };
const get = { method: 'GET', uri: '/docs/' };
const of = (params: Record<string, string>): Challenge => ({ scheme: 'digest', params: { ...base, ...params } });
const read = (answer: Answer, request: AuthorizedRequest = get) =>
  readAuthorization(answer.authorize(request).value).params;

/** The response the judge computes for what was sent. */
function byHand(params: Record<string, string>, session?: { nonce: string; cnonce: string }) {
  const { algorithm = 'MD5', realm = '', nonce = '', uri = '', qop, nc = '', cnonce = '' } = params;
  const hand = { ...alice, ...get, algorithm, realm, nonce, uri, qop, nc, cnonce };
  return digestByHand(session ? { ...hand, session } : hand);
}

const NAMES = ['MD5', 'SHA-256', 'SHA-512-256'];

describe.each(NAMES)('%s', (algorithm) => {
  test('each request of an answer counts nc and has its own cnonce', () => {
    const answer = scheme.answer(of({ algorithm, qop: 'auth' }), alice);
    const sent = Array.from({ length: 17 }, () => read(answer));
    expect(sent.map(({ nc }) => nc).slice(0, 3)).toEqual(['00000001', '00000002', '00000003']);
    expect(sent[16]?.nc).toBe('00000011');
    expect(new Set(sent.map(({ cnonce }) => cnonce)).size).toBe(17);
    for (const params of sent) expect(params.response).toBe(byHand(params));
  });

  test('-sess: the key of the first request is kept, and its cnonce with it', () => {
    const answer = scheme.answer(of({ algorithm: `${algorithm}-sess`, qop: 'auth' }), alice);
    const sent = Array.from({ length: 3 }, () => read(answer));
    const session = { nonce: 'n1', cnonce: sent[0]?.cnonce ?? '' };
    expect(sent.map(({ nc }) => nc)).toEqual(['00000001', '00000002', '00000003']);
    expect(new Set(sent.map(({ cnonce }) => cnonce)).size).toBe(1);
    for (const params of sent) {
      expect(params.response).toBe(byHand(params, session));
      // A server that computes the key from each request agrees (lighttpd).
      expect(params.response).toBe(byHand(params));
    }
  });

  test('-sess: the key is kept over nextnonce', () => {
    const answer = scheme.answer(of({ algorithm: `${algorithm}-sess`, qop: 'auth' }), alice);
    const first = answer.authorize(get);
    const session = { nonce: 'n1', cnonce: readAuthorization(first.value).params.cnonce ?? '' };
    const next = first.confirm?.('nextnonce="n2"').next as Answer;
    const sent = [read(next), read(next)];
    expect(sent.map(({ nonce, nc }) => [nonce, nc])).toEqual([
      ['n2', '00000001'],
      ['n2', '00000002'],
    ]);
    for (const params of sent) {
      expect(params.cnonce).toBe(session.cnonce);
      expect(params.response).toBe(byHand(params, session));
    }
  });

  test('-sess: another challenge has another key', () => {
    const challenge = { algorithm: `${algorithm}-sess`, qop: 'auth' };
    const first = scheme.answer(of(challenge), alice);
    const before = read(first);
    const after = read(scheme.answer(of({ ...challenge, nonce: 'n2' }), alice, first));
    expect(after.cnonce).not.toBe(before.cnonce);
    expect(after).toMatchObject({ nonce: 'n2', nc: '00000001', response: byHand(after) });
  });
});

test('SEC-23 a cnonce has 128 bits as hex, and none comes twice', () => {
  const answer = scheme.answer(of({ qop: 'auth' }), alice);
  const cnonces = Array.from({ length: 1000 }, () => read(answer).cnonce ?? '');
  expect(new Set(cnonces).size).toBe(1000);
  for (const cnonce of cnonces) expect(cnonce).toMatch(/^[0-9a-f]{32}$/);
  // Every one of the 128 bits is sometimes 0 and sometimes 1.
  const ones = Array.from({ length: 32 }, (_, digit) => new Set(cnonces.map((cnonce) => cnonce[digit])).size);
  expect(Math.min(...ones)).toBe(16);
});

test('nc is told with the authorization, and without qop it is not sent', () => {
  const answer = scheme.answer(of({}), alice);
  expect([answer.authorize(get).nc, answer.authorize(get).nc]).toEqual([1, 2]);
  const params = read(answer);
  expect(params).not.toHaveProperty('nc');
  expect(params).not.toHaveProperty('cnonce');
  expect(params).not.toHaveProperty('qop');
});

test('an answer tells its nonce', () => {
  expect(scheme.answer(of({ nonce: 'a"b' }), alice).nonce).toBe('a"b');
});

test.each([
  ['auth', false],
  ['auth, auth-int', false],
  ['auth-int', true],
  ['', false],
])('qop="%s" needs the body: %p', (qop, needsBody) => {
  expect(scheme.answer(of({ qop }), alice).needsBody).toBe(needsBody);
});

test('qop=auth-int hashes the body of each request', () => {
  const answer = scheme.answer(of({ qop: 'auth-int' }), alice);
  for (const body of [undefined, Buffer.from('one'), Buffer.from([0, 255])]) {
    const params = read(answer, { ...get, method: 'PUT', body });
    const { realm = '', nonce = '', nc = '', cnonce = '' } = params;
    const hand = { ...alice, realm, nonce, nc, cnonce, algorithm: 'MD5', method: 'PUT', uri: get.uri, qop: 'auth-int' };
    expect(params.response).toBe(digestByHand({ ...hand, body: body ?? '' }));
  }
});

test('each request has its own method and uri', () => {
  const answer = scheme.answer(of({ qop: 'auth' }), alice);
  for (const request of [
    get,
    { method: 'DELETE', uri: '/a?b' },
    { method: 'OPTIONS', uri: '*' },
    { method: 'CONNECT', uri: 'h.example:443' },
  ]) {
    const { realm = '', nonce = '', nc = '', cnonce = '', qop, uri = '', response } = read(answer, request);
    expect(uri).toBe(request.uri);
    expect(response).toBe(digestByHand({ ...alice, ...request, realm, nonce, nc, cnonce, qop, algorithm: 'MD5' }));
  }
});

describe('an answer made from a previous one answers its own challenge', () => {
  let previous: Answer;

  beforeEach(() => {
    previous = scheme.answer(of({ qop: 'auth' }), alice);
    previous.authorize(get);
  });

  test.each([
    ['another nonce', { nonce: 'n2' }, '00000001'],
    ['another realm', { realm: 'other' }, '00000002'],
    ['another algorithm', { algorithm: 'SHA-256' }, '00000002'],
    ['-sess', { algorithm: 'MD5-sess' }, '00000002'],
    ['no qop', { qop: '' }, undefined],
  ])('%s', (_, params, nc) => {
    const sent = read(scheme.answer(of({ qop: 'auth', ...params }), alice, previous));
    const { qop, ...rest } = params as Record<string, string>;
    expect(sent).toMatchObject({ ...rest, response: byHand(sent) });
    // RFC 7616 §3.4: nc counts the requests of a nonce, whatever else is different.
    expect(sent.nc).toBe(nc);
  });

  test('userhash', () => {
    expect(read(scheme.answer(of({ qop: 'auth', userhash: 'true' }), alice, previous)).username).toMatch(
      /^[0-9a-f]{32}$/,
    );
  });

  test('another credential, which counts on from the nc of the one before', () => {
    const bob = { username: 'bob', password: 'builder' };
    const {
      response,
      realm = '',
      nonce = '',
      nc = '',
      cnonce = '',
      uri = '',
      qop,
    } = read(scheme.answer(of({ qop: 'auth' }), bob, previous));
    expect(nc).toBe('00000002');
    expect(response).toBe(
      digestByHand({ ...bob, algorithm: 'MD5', realm, nonce, nc, cnonce, uri, qop, method: 'GET' }),
    );
  });
});

describe('nextnonce', () => {
  const send = (params: Record<string, string> = { qop: 'auth' }) => {
    const answer = scheme.answer(of(params), alice);
    answer.authorize(get);
    return answer.authorize(get);
  };

  test('the next answer has it, counts from 1, and keeps the rest of the challenge', () => {
    const confirmed = send({ qop: 'auth', opaque: 'o', algorithm: 'SHA-256', userhash: 'true' }).confirm?.(
      'nextnonce="a\\"b"',
    );
    expect(confirmed?.mutual).toBeUndefined();
    expect(confirmed?.next?.nonce).toBe('a"b');
    expect(read(confirmed?.next as Answer)).toMatchObject({
      nonce: 'a"b',
      nc: '00000001',
      opaque: 'o',
      userhash: 'true',
    });
  });

  test('the next answer is right', () => {
    const params = read(send().confirm?.('nextnonce="n2"').next as Answer);
    expect(params.response).toBe(byHand(params));
  });

  test('the next answer counts on, when others were challenged with its nonce before', () => {
    const first = scheme.answer(of({ qop: 'auth' }), alice);
    scheme.answer(of({ qop: 'auth', nonce: 'n2' }), alice, first).authorize(get);
    const { next } = first.authorize(get).confirm?.('nextnonce="n2"') ?? {};
    expect(read(next as Answer).nc).toBe('00000002');
  });

  test.each([
    ['no Authentication-Info', ''],
    ['none named', 'qop=auth'],
    ['the nonce in use', 'nextnonce="n1"'],
    ['a malformed field', 'nextnonce="n2", rspauth="x'],
    ['two of them', 'nextnonce="n2", nextnonce="n3"'],
    ['a wrong rspauth beside it', 'nextnonce="n2", rspauth="00"'],
  ])('%s: no next answer', (_, info) => {
    expect(send().confirm?.(info).next).toBeUndefined();
  });
});

test('UTF-8 user names and passwords are hashed once and for all in NFC', () => {
  const credential = { username: 'Ja\u0308s\u00f8n', password: 'e\u0301' };
  const answer = scheme.answer(of({ qop: 'auth' }), credential);
  for (const params of [read(answer), read(answer)]) {
    const { realm = '', nonce = '', nc = '', cnonce = '', qop, uri = '' } = params;
    const hand = { username: utf8('J\u00e4s\u00f8n'), password: utf8('\u00e9'), algorithm: 'MD5', method: 'GET' };
    expect(params.response).toBe(digestByHand({ ...hand, realm, nonce, nc, cnonce, qop, uri }));
  }
});

test('SEC-27 nothing that can be inspected or written as JSON holds the password or its hash', async () => {
  const { inspect } = await import('node:util');
  const answer = scheme.answer(of({ qop: 'auth' }), alice);
  const sent = answer.authorize(get);
  const next = sent.confirm?.('nextnonce="n2"').next;
  const seen = [answer, sent, next]
    .map((one) => inspect(one, { depth: 10, showHidden: true }) + JSON.stringify(one))
    .join();
  const secret = (await import('node:crypto')).createHash('md5').update('alice:files:wonderland').digest('hex');
  expect(seen).not.toContain('wonderland');
  expect(seen).not.toContain(secret);
});
