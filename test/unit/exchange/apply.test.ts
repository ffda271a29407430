/** The facts of a response, each written down where it belongs: in the trace, in the memory, at the provider. */

import { apply } from '../../../src/exchange/apply.js';
import type { Fact } from '../../../src/exchange/judgement.js';
import { Lanes } from '../../../src/exchange/memory/lane.js';
import { holdTrial } from '../../../src/exchange/party/conversation.js';
import type { Provider } from '../../../src/model.js';
import { digest } from '../../../src/schemes/digest/digest.js';
import { replyOf, type UnderWay, underWay } from './stage.js';

const challenge = { scheme: 'digest', params: { realm: 'files', nonce: 'n1', qop: 'auth' } };
const source = { reply: replyOf(401, undefined, undefined), readings: [] };

/** A Digest answer under way, tried by this request, from a provider that writes down what it hears. */
function started() {
  const heard: string[] = [];
  const hear = (verdict: string): NonNullable<Provider['approve']> => {
    return (_, credential) => void heard.push(`${verdict} ${JSON.stringify(credential)}`);
  };
  const provider = { name: 'book', get: () => undefined, approve: hear('approve'), reject: hear('reject') };
  const way = underWay({ scheme: digest(), challenge, provider });
  holdTrial(way.conversation, way.attempt.session.reputation);
  return { ...way, heard, apply: (...facts: Fact[]) => apply(way.conversation, way.attempt, source, facts) };
}

/** The same, with a server that wants one request at a time on each nonce. */
async function inOrder() {
  const way = started();
  const lanes = new Lanes();
  way.attempt.session.lanes = lanes;
  await lanes.enter(way.attempt.lane, (waiting) => waiting);
  return { ...way, lanes };
}

const isTrying = ({ conversation }: UnderWay) => conversation.trial !== undefined;

const ALICE = '{"username":"alice","password":"wonderland"}';
const ACCEPTED: Fact = { type: 'accepted' };
const REFUSED: Fact = { type: 'refused', refusal: challenge };

test('a verdict is recorded, and changes nothing', async () => {
  const { apply, conversation, attempt } = started();
  await apply({ type: 'verdict', verdict: 'silent', reason: 'it is about something else' });
  const { events } = conversation.recorder.trace;
  expect(events).toMatchObject([{ type: 'verdict', verdict: 'silent', reason: 'it is about something else' }]);
  expect(attempt.space.session).toBe(attempt.session);
});

test('accepted: the credential is proven, the others go on, and the provider hears it once', async () => {
  const way = started();
  await way.apply(ACCEPTED);
  await way.apply(ACCEPTED);
  expect(way.heard).toEqual([`approve ${ALICE}`]);
  expect(way.attempt.session.reputation.isProven).toBe(true);
  expect(isTrying(way)).toBe(false);
});

test('accepted: what a redirect led away from is forgiven', async () => {
  const way = started();
  const { conversation, attempt } = way;
  const bob = { username: 'bob', password: 'builder' };
  const stray = conversation.spaces.stores.refusals.of(attempt.space, bob, 1);
  for (let miss = 0; miss < 3; miss += 1) stray.account.miss(1);
  expect(stray.objection(2)).toBeDefined();
  conversation.strays.push(stray);
  await way.apply(ACCEPTED);
  expect(stray.objection(2)).toBeUndefined();
});

test('refused: the credential is sent no more, the others go on, and the provider hears it once', async () => {
  const way = started();
  await way.apply(REFUSED);
  await way.apply(REFUSED);
  const { space, session } = way.attempt;
  expect(way.heard).toEqual([`reject ${ALICE}`]);
  expect([space.session, space.tally.refusals, space.refusal]).toEqual([undefined, 1, challenge]);
  expect(session.reputation.isRefused(way.conversation.clock.now())).toBe(true);
  expect(isTrying(way)).toBe(false);
});

test('the others go on before the provider has heard', async () => {
  for (const fact of [ACCEPTED, REFUSED]) {
    const way = started();
    const hearing = way.apply(fact);
    expect(isTrying(way)).toBe(false);
    await hearing;
  }
});

test('let in: the session is admitted, and without doubt', async () => {
  const { apply, attempt } = started();
  attempt.session.doubts = 2;
  await apply({ type: 'let in', nc: 1 });
  expect(attempt.session).toMatchObject({ admitted: true, approved: false, doubts: 0 });
});

test('let in, in order: what is refused next is about the nonce', async () => {
  const { apply, lanes } = await inOrder();
  await apply({ type: 'let in', nc: 1 });
  expect(lanes.proven).toBe(true);
});

test('nonce kept: another request has it', async () => {
  const { apply, lanes, attempt } = await inOrder();
  await apply({ type: 'nonce kept' });
  expect(await lanes.take(async () => 'timeout')).toBe(attempt.lane);
});

test('nonce spent: no other request has it, and who waits for one waits until this request has another', async () => {
  const { apply, lanes, attempt, conversation } = await inOrder();
  await apply({ type: 'nonce spent' });
  expect(lanes.isTaken(attempt.lane)).toBe(false);
  const waiting = lanes.take((handed) => handed);
  conversation.endRenewal();
  expect(await waiting).toBeUndefined();
});

test.each([
  ['a nonce that several used, and no word of stale', true, false, true],
  ['a nonce that one request used', false, false, false],
  ['a nonce of its own, and stale', true, true, true],
])('nonce suspect: %s', async (_, overlapped, isStale, isInOrder) => {
  const { apply, attempt } = started();
  attempt.lane.overlapped = overlapped;
  await apply({ type: 'nonce suspect', isStale });
  expect(attempt.session.lanes !== undefined).toBe(isInOrder);
});

test.each<[Fact['type'], boolean, boolean, boolean]>([
  ['unsettled', true, false, true],
  ['tried', true, true, false],
  ['doubt', false, true, true],
  ['despair', false, true, true],
])(
  '%s: whether the credential is in use (%s), admitted (%s), and tried by this request (%s)',
  async (type, ...after) => {
    const way = started();
    const { space, session } = way.attempt;
    session.admitted = true;
    session.doubts = 2;
    const attempt = { ...way.attempt, doubts: 2 };
    await apply(way.conversation, attempt, source, [{ type } as Fact]);
    expect([space.session === session, session.admitted, isTrying(way)]).toEqual(after);
    expect(way.heard).toEqual([]);
  },
);

test('facts apply in their order', async () => {
  const { apply, attempt } = started();
  await apply({ type: 'unsettled' }, { type: 'let in', nc: 1 });
  expect(attempt.session.admitted).toBe(true);
  await apply({ type: 'let in', nc: 2 }, { type: 'unsettled' });
  expect(attempt.session.admitted).toBe(false);
});
