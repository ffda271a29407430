/** The step of an exchange, by hand: 401 in, what is sent out. */

import { type Choice, read } from '../../../src/exchange/challenge/select.js';
import type { Next, Tried } from '../../../src/exchange/judgement.js';
import { BEGINNING, type State } from '../../../src/exchange/party/state.js';
import { step } from '../../../src/exchange/step.js';
import type { Answer, Challenge, Refusal, Scheme } from '../../../src/model.js';
import { choiceOf } from '../../support/offer.js';

const other: Answer = { needsBody: false, authorize: () => ({ value: 'other' }) };

/** A scheme whose challenges say themselves what they mean: `kind=stale`. */
const scheme: Scheme = {
  name: 'test',
  credential: 'password',
  clearText: false,
  read: ({ params }) => {
    if (params.kind === 'unknown') return { label: 'Test', reason: 'it is not known' };
    if (params.kind === 'unknown, stale')
      return { label: 'Test', reason: 'it is not known', refusalOf: () => ({ kind: 'stale' }) };
    return {
      label: params.label ?? 'Test',
      strength: Number(params.strength ?? 1),
      nonce: params.nonce,
      space: () => ['/'],
      answer: () => other,
      refusalOf: () => refusals[params.kind ?? 'refused'] as Refusal,
    };
  },
};

const refusals: Readonly<Record<string, Refusal>> = {
  refused: { kind: 'refused' },
  stale: { kind: 'stale' },
  again: { kind: 'again', answer: other, reason: 'it is written otherwise' },
  continue: { kind: 'continue', answer: other },
  insufficient: { kind: 'insufficient', reason: 'it lacks a scope' },
  final: { kind: 'final', reason: 'another credential would not help' },
};

const challenge = (params: Record<string, string> = {}, name = 'test'): Challenge => ({
  scheme: name,
  params: { realm: 'files', ...params },
});
const first: Choice = choiceOf(scheme, challenge({ nonce: 'n1' }));

/** An answer with the nonce n1 of the very 401 before, of a credential that nobody has proven. */
function tried(changes: Partial<Tried> = {}): Tried {
  const answer = { ...other, nonce: 'n1' };
  return {
    choice: first,
    realm: 'files',
    answer,
    isBorrowed: false,
    isApproved: false,
    isOrderProven: false,
    ...changes,
  };
}

interface Row {
  /** The challenge of the 401; several, one without, one that nobody asked. */
  readonly challenges?: readonly Challenge[];
  readonly tried?: Tried | undefined;
  /** How often the nonce had served; `stripped`: the authorization did not arrive. */
  readonly nc?: number | 'stripped';
  readonly state?: Partial<State>;
  readonly next: Next;
  /** The facts, in short. */
  readonly facts: readonly string[];
  /** What was counted. */
  readonly counted?: Partial<State>;
}

const find: Next = { do: 'find' };
const anew: Next = { do: 'renew', answer: undefined };
const stop = (code: Extract<Next, { do: 'stop' }>['code'], reason: string): Next => ({ do: 'stop', code, reason });
const ELSEWHERE = ['nonce kept', 'doubt', 'silent: it is about something else', 'tried'];
const REFUSED = ['nonce spent', 'refused: not stale', 'refused by the challenge'];
const STALE = ['nonce spent', 'nonce suspect, stale', 'silent: the nonce is stale'];
const FRESH = ['nonce spent', 'nonce suspect', 'silent: the server wants a fresh nonce'];

const rows: Readonly<Record<string, Row>> = {
  'the first 401: a credential is looked for': {
    tried: undefined,
    next: find,
    facts: [],
    counted: { answers: 1 },
  },
  'the same challenge again: the credential is refused, and another is looked for': {
    next: find,
    facts: REFUSED,
    counted: { answers: 1 },
  },
  'stale: the same credential with the new nonce': {
    challenges: [challenge({ kind: 'stale', nonce: 'n2' })],
    next: anew,
    facts: STALE,
    counted: { answers: 1, renewals: 1 },
  },
  'another spelling: the same credential, written so': {
    challenges: [challenge({ kind: 'again', nonce: 'n2' })],
    next: { do: 'renew', answer: other },
    facts: ['nonce spent', 'silent: it is written otherwise'],
    counted: { answers: 1, renewals: 1 },
  },
  'final: another credential would not help': {
    challenges: [challenge({ kind: 'final' })],
    next: stop('ERR_AUTH_REFUSED', 'another credential would not help'),
    facts: ['nonce kept', 'silent: another credential would not help', 'tried'],
  },
  'insufficient: a credential that grants more, and all that is known to be needed': {
    tried: tried({ choice: choiceOf(scheme, challenge({ scope: 'a b' })) }),
    challenges: [challenge({ kind: 'insufficient', scope: 'b c' })],
    next: {
      do: 'step up',
      challenge: challenge({ kind: 'insufficient', scope: 'a b c' }),
      refusal: challenge({ kind: 'insufficient', scope: 'b c' }),
      reason: 'it lacks a scope',
    },
    facts: ['nonce kept', 'let in', 'silent: it lacks a scope', 'tried'],
    counted: { stepUps: ['[["a","b","c"],null,null]'] },
  },
  'insufficient, after as much was asked for: enough': {
    challenges: [challenge({ kind: 'insufficient', scope: 'b a' })],
    state: { stepUps: ['[["a","b"],null,null]'] },
    next: stop('ERR_AUTH_REFUSED', 'it lacks a scope, and one that grants more was asked for already'),
    facts: ['nonce kept', 'let in', 'silent: it lacks a scope', 'tried'],
  },
  'insufficient, for the third time: enough': {
    challenges: [challenge({ kind: 'insufficient', scope: 'c' })],
    state: { stepUps: ['1', '2'] },
    next: stop('ERR_AUTH_REFUSED', 'it lacks a scope, and more was asked for often enough'),
    facts: ['nonce kept', 'let in', 'silent: it lacks a scope', 'tried'],
  },
  'a handshake: its next message': {
    challenges: [challenge({ kind: 'continue' })],
    next: { do: 'continue', answer: other },
    facts: ['silent: the handshake goes on'],
    counted: { messages: 1 },
  },
  'the fifth message of a handshake: enough': {
    challenges: [challenge({ kind: 'continue' })],
    state: { messages: 4 },
    next: stop('ERR_AUTH_REFUSED', '5 messages of a handshake were enough'),
    facts: ['silent: the handshake goes on'],
    counted: { messages: 5 },
  },
  'another nonce, and the old one came from this request alone: refused': {
    challenges: [challenge({ nonce: 'n2' })],
    nc: 1,
    next: find,
    facts: REFUSED,
    counted: { answers: 1 },
  },
  'another nonce, and the old one was borrowed: one request finds out': {
    challenges: [challenge({ nonce: 'n2' })],
    tried: tried({ isBorrowed: true }),
    next: find,
    facts: [...FRESH, 'unsettled'],
    counted: { answers: 1, renewals: 1 },
  },
  'another nonce, after the old one had served a proven credential: one request finds out': {
    challenges: [challenge({ nonce: 'n2' })],
    tried: tried({ isApproved: true }),
    nc: 2,
    next: find,
    facts: [...FRESH, 'unsettled'],
    counted: { answers: 1, renewals: 1 },
  },
  'another nonce, at the first use of the old one by a proven credential: refused': {
    challenges: [challenge({ nonce: 'n2' })],
    tried: tried({ isApproved: true }),
    nc: 1,
    next: find,
    facts: REFUSED,
    counted: { answers: 1 },
  },
  'another nonce, and the old one had served a credential that is not proven: refused': {
    challenges: [challenge({ nonce: 'n2' })],
    nc: 2,
    next: find,
    facts: REFUSED,
    counted: { answers: 1 },
  },
  'another nonce, from a server that gets them in order: it is about the nonce': {
    challenges: [challenge({ nonce: 'n2' })],
    tried: tried({ isBorrowed: true, isOrderProven: true }),
    next: anew,
    facts: FRESH,
    counted: { answers: 1, renewals: 1 },
  },
  'the same nonce, borrowed: refused': {
    challenges: [challenge({ nonce: 'n1' })],
    tried: tried({ isBorrowed: true }),
    next: find,
    facts: REFUSED,
    counted: { answers: 1 },
  },
  'an answer without a nonce, and now a nonce: refused': {
    challenges: [challenge({ nonce: 'n2' })],
    tried: tried({ isBorrowed: true, answer: other }),
    next: find,
    facts: REFUSED,
    counted: { answers: 1 },
  },
  'no challenge at all: doubt': {
    challenges: [],
    next: find,
    facts: ELSEWHERE,
    counted: { answers: 1, detours: 1 },
  },
  'another realm: doubt': {
    challenges: [challenge({ realm: 'other' })],
    next: find,
    facts: ELSEWHERE,
    counted: { answers: 1, detours: 1 },
  },
  'another scheme: doubt': {
    challenges: [challenge({}, 'other')],
    next: find,
    facts: ELSEWHERE,
    counted: { answers: 1, detours: 1 },
  },
  'our scheme, in a challenge that cannot be answered: doubt': {
    challenges: [challenge({ kind: 'unknown' })],
    next: find,
    facts: ELSEWHERE,
    counted: { answers: 1, detours: 1 },
  },
  'our scheme, in a challenge that cannot be answered, and says stale': {
    challenges: [challenge({ kind: 'unknown, stale' })],
    next: anew,
    facts: STALE,
    counted: { answers: 1, renewals: 1 },
  },
  'a challenge without a realm is about the realm in use': {
    challenges: [{ scheme: 'test', params: {} }],
    next: find,
    facts: REFUSED,
    counted: { answers: 1 },
  },
  'the authorization did not arrive: nothing is doubted': {
    nc: 'stripped',
    next: find,
    facts: ['nonce kept', 'silent: it is about something else', 'tried'],
    counted: { answers: 1, detours: 1 },
  },
  'of several algorithms the one that was answered is meant': {
    challenges: [challenge({ label: 'Test strong' }), challenge({ kind: 'stale', nonce: 'n2' })],
    next: anew,
    facts: STALE,
    counted: { answers: 1, renewals: 1 },
  },
  'of two challenges with one name, the one of the same strength is meant': {
    challenges: [challenge({ strength: '0' }), challenge({ kind: 'stale', nonce: 'n2' })],
    next: anew,
    facts: STALE,
    counted: { answers: 1, renewals: 1 },
  },
  'another algorithm alone stands for the one that was answered': {
    challenges: [challenge({ label: 'Test strong', kind: 'stale' })],
    next: anew,
    facts: STALE,
    counted: { answers: 1, renewals: 1 },
  },
  'the third renewal is followed': {
    challenges: [challenge({ kind: 'stale' })],
    state: { answers: 2, renewals: 2 },
    next: anew,
    facts: STALE,
    counted: { answers: 3, renewals: 3 },
  },
  'the fourth renewal is not, and the credential is sent no more for a while': {
    challenges: [challenge({ kind: 'stale' })],
    state: { answers: 3, renewals: 3 },
    next: stop('ERR_AUTH_STALE', 'the server called 4 nonces stale'),
    facts: [...STALE, 'despair'],
    counted: { answers: 4, renewals: 4 },
  },
  'the first 401 after three renewals and a redirect: no answer is left to despair of': {
    tried: undefined,
    state: { renewals: 4 },
    next: stop('ERR_AUTH_STALE', 'the server called 4 nonces stale'),
    facts: [],
    counted: { answers: 1, renewals: 4 },
  },
  'the third answer that leads to another realm: enough': {
    challenges: [challenge({ realm: 'other' })],
    state: { answers: 2, detours: 2 },
    next: stop('ERR_AUTH_REFUSED', '3 answers led from realm to realm'),
    facts: ELSEWHERE,
    counted: { answers: 3, detours: 3 },
  },
  'the seventh answer, whatever they were about: enough': {
    state: { answers: 6 },
    next: stop('ERR_AUTH_REFUSED', '6 answers were enough'),
    facts: REFUSED,
    counted: { answers: 7 },
  },
};

test.each(Object.entries(rows))('%s', (_, row) => {
  const { challenges = [challenge({ nonce: 'n1' })], nc = 1, state, next, facts, counted } = row;
  const given = Object.hasOwn(row, 'tried') ? row.tried : tried();
  const before: State = Object.freeze({ ...BEGINNING, ...state });
  const readings = read(challenges, [scheme]);
  const authorization = nc === 'stripped' ? undefined : { nc };
  const stepped = step(before, given, { readings, authorization }, { maxCredentials: 3 });
  expect(stepped.next).toEqual(next);
  expect(stepped.facts.map(inShort)).toEqual(facts);
  expect(stepped.state).toEqual({ ...before, ...counted });
});

test('a challenge that cannot be answered, and ends the handshake, says nothing against the credential', () => {
  const reason = 'the server is too old';
  const end = { label: 'NTLM', reason, refusalOf: () => ({ kind: 'final' as const, reason }) };
  const readings = read([challenge({})], [{ ...scheme, read: () => end }]);
  const { next, facts } = step(BEGINNING, tried(), { readings, authorization: {} }, { maxCredentials: 3 });
  expect(next).toEqual(stop('ERR_AUTH_CHALLENGE', reason));
  expect(facts.map(inShort)).toEqual(['nonce kept', `silent: ${reason}`, 'tried']);
});

test('one credential a request leaves room for one other realm', () => {
  const readings = read([challenge({ realm: 'other' })], [scheme]);
  const go = (detours: number) =>
    step({ ...BEGINNING, detours }, tried(), { readings, authorization: {} }, { maxCredentials: 1 }).next.do;
  expect([go(0), go(1)]).toEqual(['find', 'stop']);
});

test('an answer that counts no nc was the first with its nonce: another nonce refuses the credential', () => {
  const readings = read([challenge({ nonce: 'n2' })], [scheme]);
  const approved = tried({ isApproved: true });
  const { next, facts } = step(BEGINNING, approved, { readings, authorization: {} }, { maxCredentials: 3 });
  expect(next).toEqual(find);
  expect(facts.map(inShort)).toEqual(REFUSED);
});

test('the refusal is the challenge that came with it', () => {
  const readings = read([challenge({ nonce: 'n1', error: 'no' })], [scheme]);
  const { facts } = step(BEGINNING, tried(), { readings, authorization: { nc: 1 } }, { maxCredentials: 3 });
  expect(facts).toContainEqual({ type: 'refused', refusal: challenge({ nonce: 'n1', error: 'no' }) });
});

function inShort(fact: ReturnType<typeof step>['facts'][number]): string {
  switch (fact.type) {
    case 'verdict':
      return `${fact.verdict}: ${fact.reason}`;
    case 'nonce suspect':
      return fact.isStale ? 'nonce suspect, stale' : 'nonce suspect';
    case 'refused':
      return 'refused by the challenge';
    default:
      return fact.type;
  }
}
