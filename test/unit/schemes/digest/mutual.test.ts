/** rspauth: whether the server knows the password too (RFC 7616 §3.5). Judged by hand. */

import type { Challenge } from '../../../../src/model.js';
import { type AuthenticationInfoInput, verifyAuthenticationInfo } from '../../../../src/schemes/digest/compute.js';
import { digest } from '../../../../src/schemes/digest/digest.js';
import { offerOf } from '../../../support/offer.js';
import { digestByHand, readAuthorization, utf8 } from '../../../vectors/by-hand.js';

const alice = { username: 'alice', password: 'wonderland' };
const base = { realm: 'files', nonce: 'n1' };
const get = { method: 'GET', uri: '/docs/' };

interface Sent {
  readonly params: Record<string, string>;
  readonly confirm: (info: string, body?: Uint8Array) => { mutual: boolean | undefined; next?: unknown };
}

function send(params: Record<string, string>): Sent {
  const challenge: Challenge = { scheme: 'digest', params: { ...base, ...params } };
  const answer = offerOf(digest(), challenge).answer(alice);
  answer.authorize(get);
  const authorization = answer.authorize(get);
  return {
    params: readAuthorization(authorization.value).params,
    confirm: (info, body) => authorization.confirm!(info, () => body),
  };
}

/** What the server should send. */
function rspauth({ params }: Sent, qop: string | undefined = params.qop, body: string | Uint8Array = ''): string {
  const { algorithm = 'MD5', realm = '', nonce = '', nc = '', cnonce = '', uri = '' } = params;
  return digestByHand({ ...alice, algorithm, realm, nonce, nc, cnonce, uri, qop, method: '', body });
}

const info = (sent: Sent, more = '') => {
  const { qop, nc, cnonce } = sent.params;
  return `rspauth="${rspauth(sent)}", qop=${qop}, cnonce="${cnonce}", nc=${nc}${more}`;
};

describe.each(['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess'])('%s', (algorithm) => {
  test('a right rspauth is a proof', () => {
    const sent = send({ algorithm, qop: 'auth' });
    expect(sent.confirm(info(sent))).toEqual({ mutual: true });
  });

  test('a wrong rspauth is a disproof', () => {
    const sent = send({ algorithm, qop: 'auth' });
    expect(sent.confirm(info(send({ algorithm, qop: 'auth' })).replace(/, qop.*/, ''))).toEqual({ mutual: false });
  });

  test('auth-int hashes the body of the response', () => {
    const sent = send({ algorithm, qop: 'auth-int' });
    const body = Buffer.from([0, 255, 10]);
    const value = `rspauth="${rspauth(sent, 'auth-int', body)}", qop=auth-int`;
    expect(sent.confirm(value, body).mutual).toBe(true);
    expect(sent.confirm(value, Buffer.from('else')).mutual).toBe(false);
    expect(sent.confirm(value, Buffer.alloc(0)).mutual).toBe(false);
    // Unknown bytes prove nothing, and disprove nothing.
    expect(sent.confirm(value).mutual).toBeUndefined();
  });
});

describe('with qop=auth', () => {
  const sent = send({ qop: 'auth' });
  const { nc, cnonce } = sent.params;
  const right = rspauth(sent);

  test.each<[string, string, boolean | undefined]>([
    ['rspauth alone', `rspauth="${right}"`, true],
    ['unquoted', `rspauth=${right}`, true],
    ['in upper case', `rspauth="${right.toUpperCase()}"`, true],
    ['with qop quoted', `rspauth="${right}", qop="auth"`, true],
    ['with qop in upper case', `rspauth="${right}", qop=AUTH`, true],
    ['with its nc and cnonce', `rspauth="${right}", nc=${nc}, cnonce="${cnonce}"`, true],
    ['with another nc', `rspauth="${right}", nc=00000001`, false],
    ['with a short nc', `rspauth="${right}", nc=2`, false],
    ['with another cnonce', `rspauth="${right}", cnonce="0a4f113b"`, false],
    ['with an empty cnonce', `rspauth="${right}", cnonce=""`, false],
    ['one digit changed', `rspauth="${right.slice(1)}${right.startsWith('0') ? '1' : '0'}"`, false],
    ['one digit short', `rspauth="${right.slice(1)}"`, false],
    ['one digit long', `rspauth="${right}0"`, false],
    ['empty', 'rspauth=""', false],
    ['with as many characters, not as many bytes', `rspauth="${'\u00e9'.repeat(32)}"`, false],
    ['the response we sent', `rspauth="${sent.params.response}"`, false],
    [
      'computed without qop',
      `rspauth="${rspauth({ ...sent, params: { ...sent.params, qop: undefined as never } })}"`,
      false,
    ],
    ['absent', `qop=auth, nc=${nc}, cnonce="${cnonce}"`, undefined],
    ['absent, and nextnonce wrong for it', 'nc=00000009', undefined],
    ['twice', `rspauth="${right}", rspauth="${right}"`, undefined],
    ['in a malformed field', `rspauth="${right}", qop`, undefined],
  ])('rspauth %s', (_, value, mutual) => {
    expect(sent.confirm(value).mutual).toBe(mutual);
  });

  test('nextnonce is used beside a right rspauth, and dropped beside a wrong rspauth', () => {
    expect(sent.confirm(info(sent, ', nextnonce="n2"'))).toMatchObject({ mutual: true, next: { nonce: 'n2' } });
    expect(sent.confirm(`rspauth="${right.replace(/./, 'x')}", nextnonce="n2"`)).toEqual({ mutual: false });
  });

  test('a server that answers auth with auth-int is judged by the qop that it names', () => {
    const body = Buffer.from('body');
    for (const qop of ['auth-int', '"AUTH-INT"']) {
      const value = `rspauth="${rspauth(sent, 'auth-int', body)}", qop=${qop}`;
      expect(sent.confirm(value, body).mutual).toBe(true);
      expect(sent.confirm(value, Buffer.from('other')).mutual).toBe(false);
    }
  });
});

test('a server that answers auth-int with auth is judged without the body', () => {
  const sent = send({ qop: 'auth-int' });
  expect(sent.confirm(`rspauth="${rspauth(sent, 'auth')}", qop=auth`).mutual).toBe(true);
});

test('without qop rspauth is that of RFC 2069', () => {
  const sent = send({});
  expect(sent.confirm(`rspauth="${rspauth(sent)}"`).mutual).toBe(true);
  // Without nc and cnonce in the request there is nothing that a qop of the response could be computed from.
  expect(sent.confirm(`rspauth="${rspauth(sent)}", qop=auth`).mutual).toBe(true);
  expect(sent.confirm('rspauth="00"').mutual).toBe(false);
});

describe('verifyAuthenticationInfo', () => {
  const challenge = 'Digest realm="files", nonce="n1", qop="auth,auth-int", algorithm=SHA-256';
  const input = { challenge, ...alice, uri: '/docs/', cnonce: '0a4f113b', nc: 26 };
  const hand = {
    ...alice,
    ...base,
    algorithm: 'SHA-256',
    uri: '/docs/',
    cnonce: '0a4f113b',
    nc: '0000001a',
    method: '',
  };
  const right = digestByHand({ ...hand, qop: 'auth' });
  const verify = (header: string, more: Partial<AuthenticationInfoInput> = {}) =>
    verifyAuthenticationInfo({ ...input, header, ...more });

  test.each<[string, string, Partial<AuthenticationInfoInput>, boolean | undefined]>([
    ['right', `rspauth="${right}", qop=auth, nc=0000001a, cnonce="0a4f113b"`, { qop: 'auth' }, true],
    ['right, and the qop left to the challenge', `rspauth="${right}"`, {}, true],
    ['wrong', `rspauth="${right.replace(/./g, '0')}"`, { qop: 'auth' }, false],
    ['for another password', `rspauth="${right}"`, { password: 'else' }, false],
    ['for another user name', `rspauth="${right}"`, { username: 'bob' }, false],
    ['for another uri', `rspauth="${right}"`, { uri: '/docs' }, false],
    ['for another nc', `rspauth="${right}"`, { nc: 27 }, false],
    ['for another cnonce', `rspauth="${right}"`, { cnonce: '0a4f113c' }, false],
    ['for another nonce', `rspauth="${right}"`, { challenge: challenge.replace('n1', 'n2') }, false],
    ['absent', 'nextnonce="x"', { qop: 'auth' }, undefined],
    ['in no field at all', '', { qop: 'auth' }, undefined],
  ])('%s', (_, header, more, result) => {
    expect(verify(header, more)).toBe(result);
  });

  test.each<[string, string | Uint8Array | undefined, string]>([
    ['text', 'grüße', utf8('grüße')],
    ['bytes', Uint8Array.of(0xff, 0), '\u00ff\u0000'],
    ['none', undefined, ''],
  ])('auth-int with a body of %s', (_, body, bytes) => {
    const header = `rspauth="${digestByHand({ ...hand, qop: 'auth-int', body: bytes })}"`;
    expect(verify(header, { qop: 'auth-int', body })).toBe(true);
    expect(verify(header, { qop: 'auth-int', body: 'else' })).toBe(false);
    expect(verify(header, { qop: 'auth', body })).toBe(false);
  });

  test('without qop', () => {
    const plain = 'Digest realm="files", nonce="n1", algorithm=SHA-256';
    expect(verify(`rspauth="${digestByHand(hand)}"`, { challenge: plain })).toBe(true);
    expect(verify(`rspauth="${digestByHand(hand)}"`, { challenge: plain, qop: undefined })).toBe(true);
  });

  test('userhash and UTF-8 names change nothing about A1', () => {
    const header = `rspauth="${digestByHand({ ...hand, username: utf8('Jäsøn'), qop: 'auth' })}"`;
    for (const one of [challenge, `${challenge}, userhash=true`])
      expect(verify(header, { username: 'Ja\u0308søn', challenge: one, qop: 'auth' })).toBe(true);
  });

  test('a challenge that cannot be answered is an error', () => {
    expect(() => verify(`rspauth="${right}"`, { challenge: 'Basic realm="a"' })).toThrow(
      expect.objectContaining({ code: 'ERR_AUTH_CHALLENGE' }),
    );
  });
});
