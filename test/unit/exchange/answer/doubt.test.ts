/** What a 401 says of a credential, short of proof (SEC-36). */

import { despair, doubt } from '../../../../src/exchange/answer/doubt.js';
import { read } from '../../../../src/exchange/challenge/select.js';
import { holdTrial } from '../../../../src/exchange/party/conversation.js';
import { basic } from '../../../../src/schemes/basic.js';
import { replyOf, target, type UnderWay, underWay } from '../stage.js';

const here = replyOf(401, undefined, undefined);
const elsewhere = { ...here, target: { ...target, url: 'https://files.example/login/form', pathname: '/login/form' } };

const readings = (...realms: string[]) =>
  read(
    realms.map((realm) => ({ scheme: 'basic', params: { realm } })),
    [basic()],
  );

const letIn = (): UnderWay => {
  const started = underWay();
  started.attempt.session.admitted = true;
  return started;
};

/** Whether the credential is still in use, and whether it may be sent again. */
function standing({ conversation, attempt: { space, session } }: UnderWay) {
  return { inUse: space.session === session, isHeld: session.reputation.isRefused(conversation.clock.now()) };
}

test('a credential that was never let in is sent no more', () => {
  const started = underWay();
  doubt(started.conversation, started.attempt, here, readings('other'));
  expect(standing(started)).toEqual({ inUse: false, isHeld: true });
});

test('a credential that was let in stays, and its path is left to the other realm that asks there', () => {
  const started = letIn();
  const { space } = started.attempt;
  for (let again = 0; again < 5; again += 1)
    doubt(started.conversation, started.attempt, elsewhere, readings('files', 'other'));
  expect(standing(started)).toEqual({ inUse: true, isHeld: false });
  expect([space.ceded.has('/login/form'), space.ceded.has('/docs/x')]).toEqual([true, false]);
});

test.each([
  ['it names no challenge', []],
  ['it names the own realm alone', ['files']],
])('a credential that was let in is sent no more after three doubts where %s', (_, realms) => {
  const started = letIn();
  const { conversation, attempt } = started;
  const doubts = () => doubt(conversation, { ...attempt, doubts: attempt.session.doubts }, here, readings(...realms));
  doubts();
  doubts();
  expect(standing(started)).toEqual({ inUse: true, isHeld: false });
  doubts();
  expect(standing(started)).toEqual({ inUse: false, isHeld: true });
});

test('requests that were on their way together have one doubt', () => {
  const started = letIn();
  for (let request = 0; request < 5; request += 1) despair(started.conversation, started.attempt);
  expect(started.attempt.session.doubts).toBe(1);
  expect(standing(started)).toEqual({ inUse: true, isHeld: false });
});

test('after a redirect nothing is known of a credential yet: it stays, and what comes next counts', () => {
  const started = underWay();
  const { conversation, attempt } = started;
  holdTrial(conversation, attempt.session.reputation);
  doubt(conversation, attempt, elsewhere, readings('other'));
  expect(standing(started)).toEqual({ inUse: true, isHeld: false });
  expect(conversation.strays).toEqual([attempt.session.reputation]);
  expect(conversation.trial?.isOut).toBe(true);
});
