/** Names beyond ASCII at servers of RFC 2617, which know no `username*`: raw UTF-8 goes first. Judged by hand. */

import type { Answer } from '../../../../src/model.js';
import { digest } from '../../../../src/schemes/digest/digest.js';
import { offerOf, type PromptAnswer } from '../../../support/offer.js';
import { digestByHand, readAuthorization, utf8 } from '../../../vectors/by-hand.js';

const scheme = digest();
const jason = { username: 'Ja\u0308s\u00f8n "D"', password: 'wonderl\u00e4nd' };
const plain = utf8('J\u00e4s\u00f8n "D"');
const extended = "UTF-8''J%C3%A4s%C3%B8n%20%22D%22";
const of = (params: Record<string, string>) => ({
  scheme: 'digest',
  params: { realm: 'files', nonce: 'n1', qop: 'auth', ...params },
});
const send = (answer: Answer) =>
  readAuthorization((answer as PromptAnswer).authorize({ method: 'GET', uri: '/' }).value).params;

/** What a 401 with a challenge says of an answer that was sent once. */
function refused(
  params: Record<string, string> = {},
  again: Record<string, string> = { nonce: 'n2' },
  username = jason.username,
) {
  const answer = offerOf(scheme, of(params)).answer({ ...jason, username });
  send(answer);
  return offerOf(scheme, of({ ...params, ...again })).refusalOf(answer);
}

test.each([
  ['MD5', {}, {}],
  ['MD5-sess', { algorithm: 'MD5-sess' }, {}],
  ['MD5 on a nonce called stale', {}, { stale: 'true' }],
  ['MD5 without qop', { qop: '' }, {}],
  ['MD5 and the same nonce', {}, { nonce: 'n1' }],
])('%s: the name is raw UTF-8 first, and `username*` when that is refused', (_, params, again) => {
  const refusal = refused(params, { nonce: 'n2', ...again });
  if (refusal.kind !== 'again') throw new Error(`it is ${refusal.kind}`);
  const first = send(offerOf(scheme, of(params)).answer(jason));
  expect(first).not.toHaveProperty('username*');
  expect(first.username).toBe(plain);
  const { nonce = '', algorithm = 'MD5', qop, nc = '', cnonce = '', ...sent } = send(refusal.answer);
  expect(sent).not.toHaveProperty('username');
  expect(sent['username*']).toBe(extended);
  const hand = { username: plain, password: utf8(jason.password), realm: 'files', method: 'GET', uri: '/' };
  expect(sent.response).toBe(digestByHand({ ...hand, nonce, algorithm, qop, nc, cnonce }));
});

test.each([
  ['a name in ASCII', {}, 'alice'],
  ['charset=UTF-8', { charset: 'UTF-8' }, jason.username],
  ['userhash', { userhash: 'true' }, jason.username],
  ['an algorithm of RFC 7616', { algorithm: 'SHA-256' }, jason.username],
])('%s: the server has understood the name, so the credential is refused', (_, params, username) => {
  expect(refused(params, {}, username)).toEqual({ kind: 'refused' });
  expect(refused(params, { stale: 'true' }, username)).toEqual({ kind: 'stale' });
});

test('an answer that has served before was understood', () => {
  const answer = offerOf(scheme, of({})).answer(jason);
  send(answer);
  send(answer);
  expect(offerOf(scheme, of({ nonce: 'n2', stale: 'true' })).refusalOf(answer)).toEqual({ kind: 'stale' });
  expect(offerOf(scheme, of({ nonce: 'n2' })).refusalOf(answer)).toEqual({ kind: 'refused' });
});

test('the other spelling is tried once', () => {
  const refusal = refused();
  if (refusal.kind !== 'again') throw new Error(`it is ${refusal.kind}`);
  send(refusal.answer);
  expect(offerOf(scheme, of({ nonce: 'n3' })).refusalOf(refusal.answer)).toEqual({ kind: 'refused' });
});

test('the other spelling is kept for later nonces', () => {
  const first = offerOf(scheme, of({})).answer(jason);
  send(first);
  const refusal = offerOf(scheme, of({ nonce: 'n2' })).refusalOf(first);
  if (refusal.kind !== 'again') throw new Error(`it is ${refusal.kind}`);
  const sent = (refusal.answer as PromptAnswer).authorize({ method: 'GET', uri: '/' });
  expect(send(sent.confirm?.('nextnonce="n3"').next as Answer)['username*']).toBe(extended);
  expect(send(offerOf(scheme, of({ nonce: 'n4' })).answer(jason, refusal.answer))['username*']).toBe(extended);
  expect(send(offerOf(scheme, of({ nonce: 'n4' })).answer({ ...jason }, refusal.answer)).username).toBe(plain);
});

test('a challenge that cannot be answered gives no other answer', () => {
  const read = scheme.read(of({ algorithm: 'SHA-1' }));
  const answer = offerOf(scheme, of({})).answer(jason);
  expect(read).toHaveProperty('reason');
  expect(read.refusalOf?.(answer)).toEqual({ kind: 'refused' });
});
