/** One answer over many requests: nc, cnonce, the session key, nextnonce. Judged by hand. */

import type { Answer, AuthorizedRequest, Challenge } from '../../../../src/model.js';
import { digest } from '../../../../src/schemes/digest/digest.js';
import { offerOf, type PromptAnswer } from '../../../support/offer.js';
import { digestByHand, readAuthorization, utf8 } from '../../../vectors/by-hand.js';

const scheme = digest();
const alice = { username: 'alice', password: 'wonderland' };
const base = { realm: 'files', nonce: 'n1' };
const get = { method: 'GET', uri: '/docs/' };
const of = (params: Record<string, string>): Challenge => ({ scheme: 'digest', params: { ...base, ...params } });
const read = (answer: Answer, request: AuthorizedRequest = get) =>
  readAuthorization((answer as PromptAnswer).authorize(request).value).params;

/** The response the judge computes for what was sent. */
function byHand(params: Record<string, string>, session?: { nonce: string; cnonce: string }) {
  const { algorithm = 'MD5', realm = '', nonce = '', uri = '', qop, nc = '', cnonce = '' } = params;
  const hand = { ...alice, ...get, algorithm, realm, nonce, uri, qop, nc, cnonce };
  return digestByHand(session ? { ...hand, session } : hand);
}

const NAMES = ['MD5', 'SHA-256', 'SHA-512-256'];

describe.each(NAMES)('%s', (algorithm) => {
  test('each request of an answer counts nc and has its own cnonce', () => {
    const answer = offerOf(scheme, of({ algorithm, qop: 'auth' })).answer(alice);
    const sent = Array.from({ length: 17 }, () => read(answer));
    expect(sent.map(({ nc }) => nc).slice(0, 3)).toEqual(['00000001', '00000002', '00000003']);
    expect(sent[16]?.nc).toBe('00000011');
    expect(new Set(sent.map(({ cnonce }) => cnonce)).size).toBe(17);
    for (const params of sent) expect(params.response).toBe(byHand(params));
  });

  test('-sess: the key of the first request is kept, and its cnonce with it', () => {
    const answer = offerOf(scheme, of({ algorithm: `${algorithm}-sess`, qop: 'auth' })).answer(alice);
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
    const answer = offerOf(scheme, of({ algorithm: `${algorithm}-sess`, qop: 'auth' })).answer(alice);
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

  test('-sess: a nonce that is challenged with again keeps its key, and another account has another key', () => {
    const challenge = { algorithm: `${algorithm}-sess`, qop: 'auth' };
    const first = offerOf(scheme, of(challenge)).answer(alice);
    const session = { nonce: 'n1', cnonce: read(first).cnonce ?? '' };
    const again = read(offerOf(scheme, of(challenge)).answer({ ...alice }, first));
    expect(again).toMatchObject({ nc: '00000002', cnonce: session.cnonce, response: byHand(again, session) });
    const other = read(offerOf(scheme, of(challenge)).answer({ ...alice, password: 'other' }, first));
    expect(other.cnonce).not.toBe(session.cnonce);
  });

  test('-sess: another challenge has another key', () => {
    const challenge = { algorithm: `${algorithm}-sess`, qop: 'auth' };
    const first = offerOf(scheme, of(challenge)).answer(alice);
    const before = read(first);
    const after = read(offerOf(scheme, of({ ...challenge, nonce: 'n2' })).answer(alice, first));
    expect(after.cnonce).not.toBe(before.cnonce);
    expect(after).toMatchObject({ nonce: 'n2', nc: '00000001', response: byHand(after) });
  });
});

test('SEC-23 a cnonce has 128 bits as hex, and no cnonce comes twice', () => {
  const answer = offerOf(scheme, of({ qop: 'auth' })).answer(alice);
  const cnonces = Array.from({ length: 1000 }, () => read(answer).cnonce ?? '');
  expect(new Set(cnonces).size).toBe(1000);
  for (const cnonce of cnonces) expect(cnonce).toMatch(/^[0-9a-f]{32}$/);
  // Every one of the 128 bits is sometimes 0 and sometimes 1.
  const ones = Array.from({ length: 32 }, (_, digit) => new Set(cnonces.map((cnonce) => cnonce[digit])).size);
  expect(Math.min(...ones)).toBe(16);
});

test('the authorization gives its nc, and without qop no nc is sent', () => {
  const answer = offerOf(scheme, of({})).answer(alice);
  expect([answer.authorize(get).nc, answer.authorize(get).nc]).toEqual([1, 2]);
  const params = read(answer);
  expect(params).not.toHaveProperty('nc');
  expect(params).not.toHaveProperty('cnonce');
  expect(params).not.toHaveProperty('qop');
});

test('an answer gives its nonce', () => {
  expect(offerOf(scheme, of({ nonce: 'a"b' })).answer(alice).nonce).toBe('a"b');
});

test.each([
  ['auth', false],
  ['auth, auth-int', false],
  ['auth-int', true],
  ['', false],
])('qop="%s" needs the body: %p', (qop, needsBody) => {
  expect(offerOf(scheme, of({ qop })).answer(alice).needsBody).toBe(needsBody);
});

test('qop=auth-int hashes the body of each request', () => {
  const answer = offerOf(scheme, of({ qop: 'auth-int' })).answer(alice);
  for (const body of [undefined, Buffer.from('one'), Buffer.from([0, 255])]) {
    const params = read(answer, { ...get, method: 'PUT', body });
    const { realm = '', nonce = '', nc = '', cnonce = '' } = params;
    const hand = { ...alice, realm, nonce, nc, cnonce, algorithm: 'MD5', method: 'PUT', uri: get.uri, qop: 'auth-int' };
    expect(params.response).toBe(digestByHand({ ...hand, body: body ?? '' }));
  }
});

test('each request has its own method and uri', () => {
  const answer = offerOf(scheme, of({ qop: 'auth' })).answer(alice);
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

describe('an answer made from a previous answer answers its own challenge', () => {
  let previous: Answer;

  beforeEach(() => {
    previous = offerOf(scheme, of({ qop: 'auth' })).answer(alice);
    previous.authorize(get);
  });

  test.each([
    ['another nonce', { nonce: 'n2' }, '00000001'],
    ['another realm', { realm: 'other' }, '00000002'],
    ['another algorithm', { algorithm: 'SHA-256' }, '00000002'],
    ['-sess', { algorithm: 'MD5-sess' }, '00000002'],
    ['no qop', { qop: '' }, undefined],
  ])('%s', (_, params, nc) => {
    const sent = read(offerOf(scheme, of({ qop: 'auth', ...params })).answer(alice, previous));
    const { qop, ...rest } = params as Record<string, string>;
    expect(sent).toMatchObject({ ...rest, response: byHand(sent) });
    // RFC 7616 §3.4: nc counts the requests of a nonce, whatever else is different.
    expect(sent.nc).toBe(nc);
  });

  test('userhash', () => {
    expect(read(offerOf(scheme, of({ qop: 'auth', userhash: 'true' })).answer(alice, previous)).username).toMatch(
      /^[0-9a-f]{32}$/,
    );
  });

  test('another credential, which continues the nc of the previous credential', () => {
    const bob = { username: 'bob', password: 'builder' };
    const {
      response,
      realm = '',
      nonce = '',
      nc = '',
      cnonce = '',
      uri = '',
      qop,
    } = read(offerOf(scheme, of({ qop: 'auth' })).answer(bob, previous));
    expect(nc).toBe('00000002');
    expect(response).toBe(
      digestByHand({ ...bob, algorithm: 'MD5', realm, nonce, nc, cnonce, uri, qop, method: 'GET' }),
    );
  });
});

describe('nextnonce', () => {
  const send = (params: Record<string, string> = { qop: 'auth' }) => {
    const answer = offerOf(scheme, of(params)).answer(alice);
    answer.authorize(get);
    return answer.authorize(get);
  };

  test('the next answer uses it, counts from 1, and keeps the rest of the challenge', () => {
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

  test('the next answer continues the count, if others were challenged with its nonce before', () => {
    const first = offerOf(scheme, of({ qop: 'auth' })).answer(alice);
    offerOf(scheme, of({ qop: 'auth', nonce: 'n2' }))
      .answer(alice, first)
      .authorize(get);
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

test('UTF-8 user names and passwords are hashed in NFC, once for all answers', () => {
  const credential = { username: 'Ja\u0308s\u00f8n', password: 'e\u0301' };
  const answer = offerOf(scheme, of({ qop: 'auth' })).answer(credential);
  for (const params of [read(answer), read(answer)]) {
    const { realm = '', nonce = '', nc = '', cnonce = '', qop, uri = '' } = params;
    const hand = { username: utf8('J\u00e4s\u00f8n'), password: utf8('\u00e9'), algorithm: 'MD5', method: 'GET' };
    expect(params.response).toBe(digestByHand({ ...hand, realm, nonce, nc, cnonce, qop, uri }));
  }
});

test('a nonce beyond ASCII is hashed as the bytes that came, and so is the next nonce', () => {
  const answer = offerOf(scheme, of({ nonce: 'n\u00e9', qop: 'auth' })).answer(alice);
  const next = answer.authorize(get).confirm?.('nextnonce="\u00ff2"').next as Answer;
  for (const params of [read(answer), read(next)]) expect(params.response).toBe(byHand(params));
});

test('a uri that comes again is written and hashed as before, also after another uri and beyond Latin-1', () => {
  const answer = offerOf(scheme, of({ qop: 'auth' })).answer(alice);
  for (const uri of ['/a', '/a', '/\u65e5', '/\u65e5', '/\u00e9"', '/a']) {
    const params = read(answer, { method: 'GET', uri });
    expect(params.uri).toBe(uri === '/\u65e5' ? utf8(uri) : uri);
    expect(params.response).toBe(byHand(params));
  }
});

test('auth-int covers each body, also if the uri comes again', () => {
  const answer = offerOf(scheme, of({ qop: 'auth-int' })).answer(alice);
  const responses = ['one', 'two'].map((body) => {
    const params = read(answer, { method: 'PUT', uri: '/', body: Buffer.from(body) });
    const { realm = '', nonce = '', nc = '', cnonce = '', qop, uri = '' } = params;
    const hand = { ...alice, algorithm: 'MD5', method: 'PUT', body };
    expect(params.response).toBe(digestByHand({ ...hand, realm, nonce, nc, cnonce, qop, uri }));
    return params.response;
  });
  expect(new Set(responses).size).toBe(2);
});

test('SEC-27 nothing that can be inspected or written as JSON holds the password or its hash', async () => {
  const { inspect } = await import('node:util');
  const answer = offerOf(scheme, of({ qop: 'auth' })).answer(alice);
  const sent = answer.authorize(get);
  const next = sent.confirm?.('nextnonce="n2"').next;
  const seen = [answer, sent, next]
    .map((one) => inspect(one, { depth: 10, showHidden: true }) + JSON.stringify(one))
    .join();
  const secret = (await import('node:crypto')).createHash('md5').update('alice:files:wonderland').digest('hex');
  expect(seen).not.toContain('wonderland');
  expect(seen).not.toContain(secret);
});
