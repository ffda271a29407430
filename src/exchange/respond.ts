/** Answers a 401 or 407: takes the step that it leads to, or leaves it to the caller. */

import type { Challenge } from '../model.js';
import { parseChallenges } from '../syntax/challenge.js';
import { acquire } from './answer/acquire.js';
import { attemptWith, isRenewable, renew } from './answer/attempt.js';
import { type Demand, readDemand } from './answer/demand.js';
import { steppers } from './answer/search.js';
import { stepUp } from './answer/step-up.js';
import { apply } from './apply.js';
import { crossing } from './challenge/policy.js';
import { read } from './challenge/select.js';
import { nextMessage, shakeHands } from './connection/handshake.js';
import { preparePinning, unpin } from './connection/pin.js';
import type { Next, Tried } from './judgement.js';
import { type Attempt, type Conversation, decline, isByConnection } from './party/conversation.js';
import { Declined } from './party/ending.js';
import type { Reply, Target } from './port/transport.js';
import { step } from './step.js';

/** The answer to a challenge: to one of the response, or else to one that is assumed. @throws Declined where there is none */
export async function attemptFor(
  conversation: Conversation,
  reply: Reply<unknown>,
  assumed: readonly Challenge[],
): Promise<Attempt> {
  const { wire, rules, attempt, challenger } = conversation;
  conversation.status = reply.status;
  if (challenger.handsOff !== undefined) throw new Declined({ status: reply.status, reason: challenger.handsOff });
  const isAssumed = assumed.length > 0;
  const asker = { origin: reply.target?.origin, isAssumed };
  const readings = read(isAssumed ? assumed : parseChallenges(reply.challenges ?? []), rules.schemes, asker);
  const { authorization } = reply;
  const { state, next, facts } = step(
    conversation.state,
    attempt && triedIn(attempt),
    { readings, authorization },
    rules,
  );
  conversation.state = state;
  conversation.attempt = undefined;
  if (attempt) conversation.tallyBefore ??= attempt.space.tally;
  if (attempt) await apply(conversation, attempt, { reply, readings }, facts);
  const target = addressed(conversation, reply);
  const asked = next.do === 'step up' ? read([next.challenge], rules.schemes, asker) : readings;
  const preparing = preparePinning(wire, asked);
  if (preparing) await preparing;
  const demand = readDemand(conversation, target, reply, asked);
  if (next.do === 'stop') return decline(conversation, next.code, next.reason);
  if (next.do === 'step up' && steppers(rules.providers).length === 0)
    return decline(conversation, 'ERR_AUTH_REFUSED', next.reason);
  // A CONNECT has no body; the request that waits for its tunnel has.
  const consumed = wire.consumed(challenger.proxy ? wire.target : target);
  if (consumed !== undefined) decline(conversation, 'ERR_AUTH_BODY', consumed);
  return take(conversation, attempt, demand, next);
}

// A ticket may run out between its search and its use, but not each time.
const MAX_SEARCHES = 3;

/** Does what comes next. Another request may have learnt meanwhile that a renewal is of no use. */
async function take(
  conversation: Conversation,
  attempt: Attempt | undefined,
  demand: Demand,
  next: Exclude<Next, { do: 'stop' }>,
): Promise<Attempt> {
  if (attempt && next.do === 'continue') return nextMessage(conversation, attempt, demand, next.answer);
  if (attempt && next.do === 'renew' && isRenewable(conversation, attempt, demand))
    return renew(conversation, attempt, demand, next.answer);
  if (attempt && next.do === 'step up') {
    const session = await stepUp(conversation, attempt, demand, next);
    return attemptWith(conversation, { ...demand, space: attempt.space }, session);
  }
  // Others may need the connection that the last answer had.
  if (attempt?.session.choice.bindsConnection) unpin(conversation);
  for (let searches = 1; ; searches += 1) {
    const session = await acquire(conversation, demand);
    if (!session.choice.bindsConnection) return attemptWith(conversation, demand, session);
    const shaking = await shakeHands(conversation, demand, session, searches < MAX_SEARCHES);
    if (shaking) return shaking;
  }
}

function triedIn(attempt: Attempt): Tried {
  const { session, lane, borrowed } = attempt;
  const { choice, realm, approved, lanes } = session;
  return {
    choice,
    realm,
    answer: lane.answer,
    isBare: isByConnection(attempt),
    isBorrowed: borrowed,
    isApproved: approved,
    isOrderProven: lanes?.proven === true,
  };
}

/** Who asks. @throws Declined if it is not whom the caller addressed, or trusts (SEC-02) */
function addressed(conversation: Conversation, { target, visited }: Reply<unknown>): Target {
  const { wire, rules, challenger } = conversation;
  if (!target) decline(conversation, 'ERR_AUTH_ORIGIN', 'the client does not tell who answered');
  if (challenger.proxy) return target;
  const reason = crossing(wire.target.origin, [...visited, target.origin], rules);
  return reason === undefined ? target : decline(conversation, 'ERR_AUTH_ORIGIN', reason);
}
