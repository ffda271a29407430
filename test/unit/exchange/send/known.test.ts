/** Which first send needs no exchange, and which response to it begins one. */

import type { Session } from '../../../../src/exchange/memory/session.js';
import { Spaces } from '../../../../src/exchange/memory/spaces.js';
import { type DirectReply, needsExchange } from '../../../../src/exchange/send/direct.js';
import { type DirectSend, directSend } from '../../../../src/exchange/send/known.js';
import type { Answer, Authorization } from '../../../../src/model.js';
import { basic } from '../../../../src/schemes/basic.js';
import { choiceOf } from '../../../support/offer.js';
import { rulesOf, target } from '../stage.js';

const scheme = basic();
const challenge = { scheme: 'basic', params: { realm: 'files' } };
const credential = { username: 'alice', password: 'wonderland' };
const clock = { now: () => 0, date: () => 0 };
const rules = rulesOf([scheme], []);
const provider = { name: 'book', get: () => credential };

const BARE: DirectSend = { known: undefined };
const OK: DirectReply = { status: 200, authenticationInfo: undefined, hasMoved: false };

interface Known {
  readonly session?: Partial<Session>;
  readonly authorize?: Answer['authorize'];
  readonly preemptive?: boolean;
}

/** A memory in which the target lies in a space whose credential was let in. */
function known({ session: changes, authorize, preemptive = true }: Known = {}) {
  const spaces = new Spaces();
  const choice = choiceOf(scheme, challenge);
  const space = spaces.of(target.origin, challenge);
  space.offered(choice, target.url);
  const answer = { ...choice.offer.answer(credential), ...(authorize && { authorize }) };
  const session = space.open({ credential, given: credential, provider, choice, answer }, clock);
  session.reputation.isProven = true;
  Object.assign(session, { admitted: true, approved: true, ...changes });
  return { send: directSend({ rules: { ...rules, preemptive }, spaces }, target, clock), session };
}

test('if nothing is known of the origin, the send has no authorization', () => {
  expect(directSend({ rules, spaces: new Spaces() }, target, clock)).toEqual({ known: undefined });
});

test('an exchange begins where the space is foretold, unless nothing is sent at once', () => {
  const assumption = {
    known: (origin: string) => (origin === target.origin ? 'Basic' : undefined),
    of: () => undefined,
  };
  const begin = (preemptive: boolean, origin = target.origin) => {
    const party = { rules: { ...rules, preemptive, assumption: { ...assumption, isForEveryStatus: false } } };
    return directSend({ ...party, spaces: new Spaces() }, { ...target, origin }, clock);
  };
  expect(begin(true)).toBeUndefined();
  expect(begin(false)).toEqual({ known: undefined });
  expect(begin(true, 'https://other.example')).toEqual({ known: undefined });
});

test.each([
  [true, 404, true],
  [true, 200, false],
  [false, 404, false],
])(
  'where the caller may speak of every status (%s), a %i begins an exchange: %s',
  (isForEveryStatus, status, expected) => {
    const assumption = { known: () => undefined, of: () => undefined, isForEveryStatus };
    expect(needsExchange(BARE, { ...OK, status }, { mutual: 'verify', assumption })).toBe(expected);
  },
);

test('in a known space, the send has the authorization', () => {
  expect(known().send?.known?.authorizations).toEqual({
    origin: { value: `Basic ${Buffer.from('alice:wonderland').toString('base64')}` },
    proxy: undefined,
  });
});

test.each<[string, Known]>([
  ['the credential is not proven', { session: { approved: false } }],
  ['the server tells of the next nonce', { session: { informs: true } }],
  ['the token is about to run out', { session: { goodUntil: -1 } }],
  ['the answer was late before', { session: { isSynchronous: false } }],
  ['the caller wants to see each challenge', { preemptive: false }],
])('an exchange begins where %s', (_, changes) => {
  expect(known(changes).send).toBeUndefined();
});

test.each<[string, Answer['authorize']]>([
  ['is computed for a while', async () => ({ value: 'late' })],
  ['fails after a while', async () => Promise.reject(new Error('no ticket'))],
])('an exchange begins where the authorization %s, and later sends do not ask for it', (_, authorize) => {
  const { send, session } = known({ authorize });
  expect(send).toBeUndefined();
  expect(session.isSynchronous).toBe(false);
});

test.each<[string, boolean, DirectSend | undefined, Partial<DirectReply>, 'verify' | 'require']>([
  ['a success', false, BARE, {}, 'verify'],
  ['a redirect followed without a credential', false, BARE, { hasMoved: true }, 'verify'],
  ['a failure', false, BARE, { status: 500 }, 'verify'],
  ['a 401', true, BARE, { status: 401 }, 'verify'],
  ['a 407', true, BARE, { status: 407 }, 'verify'],
  ['a success that has to be proven', true, BARE, {}, 'require'],
  ['a success, authorized', false, known().send, {}, 'verify'],
  ['a redirect followed with a credential', true, known().send, { hasMoved: true }, 'verify'],
  ['a failure, authorized', true, known().send, { status: 500 }, 'verify'],
])('whether %s begins an exchange: %s', (_, expected, send, reply, mutual) => {
  expect(needsExchange(send ?? BARE, { ...OK, ...reply }, { mutual, assumption: undefined })).toBe(expected);
});

const ANSWER = { needsBody: false, authorize: () => ({ value: 'Other' }) };

test.each<[string, boolean, Authorization['confirm']]>([
  ['of a scheme that expects none', false, undefined],
  ['with a right proof', false, () => ({ mutual: true })],
  ['without a proof that can be checked', false, () => ({ mutual: undefined })],
  ['with a wrong proof', true, () => ({ mutual: false })],
  ['that names the next nonce', true, () => ({ mutual: true, next: ANSWER })],
  ['that covers the body', true, (_, body) => ({ mutual: body?.() && true })],
])('whether Authentication-Info %s begins an exchange, and so do the next sends: %s', (_, expected, confirm) => {
  const { send, session } = known({ authorize: () => ({ value: 'Any', ...(confirm && { confirm }) }) });
  const reply = { ...OK, authenticationInfo: 'rspauth="0"' };
  expect(needsExchange(send ?? BARE, reply, { mutual: 'verify', assumption: undefined })).toBe(expected);
  expect(session.informs).toBe(expected);
});
