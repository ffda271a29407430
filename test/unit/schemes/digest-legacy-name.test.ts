/** Names beyond ASCII and servers of RFC 2617, which know no `username*`: the second answer has raw UTF-8. Judged by hand. */

import type { Answer } from '../../../src/model.js';
import { digest } from '../../../src/schemes/digest/digest.js';
import { digestByHand, readAuthorization, utf8 } from '../../vectors/by-hand.js';

const scheme = digest();
const jason = { username: 'Ja\u0308s\u00f8n "D"', password: 'wonderl\u00e4nd' };
const plain = utf8('J\u00e4s\u00f8n "D"');
const of = (params: Record<string, string>) => ({
  scheme: 'digest',
  params: { realm: 'files', nonce: 'n1', qop: 'auth', ...params },
});
const send = (answer: Answer) => readAuthorization(answer.authorize({ method: 'GET', uri: '/' }).value).params;

/** What a 401 with a challenge says of an answer that was sent once. */
function refused(
  params: Record<string, string> = {},
  again: Record<string, string> = { nonce: 'n2' },
  username = jason.username,
) {
  const answer = scheme.answer(of(params), { ...jason, username });
  send(answer);
  return scheme.refusal(of({ ...params, ...again }), answer);
}

test.each([
  ['MD5', {}, {}],
  ['MD5-sess', { algorithm: 'MD5-sess' }, {}],
  ['MD5 on a nonce called stale', {}, { stale: 'true' }],
  ['MD5 without qop', { qop: '' }, {}],
  ['MD5 and the same nonce', {}, { nonce: 'n1' }],
])('%s: the name is written again as raw UTF-8', (_, params, again) => {
  const refusal = refused(params, { nonce: 'n2', ...again });
  if (refusal.kind !== 'again') throw new Error(`it is ${refusal.kind}`);
  const { nonce = '', algorithm = 'MD5', qop, nc = '', cnonce = '', ...sent } = send(refusal.answer);
  expect(sent).not.toHaveProperty('username*');
  expect(sent.username).toBe(plain);
  const hand = { username: plain, password: utf8(jason.password), realm: 'files', method: 'GET', uri: '/' };
  expect(sent.response).toBe(digestByHand({ ...hand, nonce, algorithm, qop, nc, cnonce }));
});

test.each([
  ['a name in ASCII', {}, 'alice'],
  ['charset=UTF-8', { charset: 'UTF-8' }, jason.username],
  ['userhash', { userhash: 'true' }, jason.username],
  ['an algorithm of RFC 7616', { algorithm: 'SHA-256' }, jason.username],
])('%s: the server knows better, so the credential is refused', (_, params, username) => {
  expect(refused(params, {}, username)).toEqual({ kind: 'refused' });
  expect(refused(params, { stale: 'true' }, username)).toEqual({ kind: 'stale' });
});

test('an answer that has served before was understood', () => {
  const answer = scheme.answer(of({}), jason);
  send(answer);
  send(answer);
  expect(scheme.refusal(of({ nonce: 'n2', stale: 'true' }), answer)).toEqual({ kind: 'stale' });
  expect(scheme.refusal(of({ nonce: 'n2' }), answer)).toEqual({ kind: 'refused' });
});

test('it is written again once', () => {
  const refusal = refused();
  if (refusal.kind !== 'again') throw new Error(`it is ${refusal.kind}`);
  send(refusal.answer);
  expect(scheme.refusal(of({ nonce: 'n3' }), refusal.answer)).toEqual({ kind: 'refused' });
});

test('the name stays so for the nonces to come', () => {
  const first = scheme.answer(of({}), jason);
  send(first);
  const refusal = scheme.refusal(of({ nonce: 'n2' }), first);
  if (refusal.kind !== 'again') throw new Error(`it is ${refusal.kind}`);
  const sent = refusal.answer.authorize({ method: 'GET', uri: '/' });
  expect(send(sent.confirm?.('nextnonce="n3"').next as Answer).username).toBe(plain);
  expect(send(scheme.answer(of({ nonce: 'n4' }), jason, refusal.answer)).username).toBe(plain);
  expect(send(scheme.answer(of({ nonce: 'n4' }), { ...jason }, refusal.answer))).toHaveProperty('username*');
});

test('a challenge that cannot be answered brings no other answer', () => {
  expect(refused({}, { algorithm: 'SHA-1' })).toEqual({ kind: 'refused' });
});
