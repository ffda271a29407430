/** Which credential goes with which nonce after a challenge: again, or for the first time. */

import { unlessAborted } from '../../base/abort.js';
import type { Answer } from '../../model.js';
import { weakening } from '../challenge/policy.js';
import type { Choice } from '../challenge/select.js';
import { Lane, type Patience } from '../memory/lane.js';
import { isOutOfDate, type Session } from '../memory/session.js';
import { type Attempt, type Conversation, decline } from '../party/conversation.js';
import type { Target } from '../port/transport.js';
import { waitOf } from './acquire.js';
import { choiceFor, type Demand, isFor, placeOf } from './demand.js';

/** An answer that covers the body needs one that is known before it is sent: else the first send goes without. */
export async function covering({ wire }: Conversation, attempt: Attempt): Promise<Attempt | undefined> {
  const { target } = attempt;
  const obstacle = await unlessAborted(wire.ready(wire.target, target), wire.signal);
  return obstacle === undefined ? attempt : undefined;
}

/** Makes the body of the next send ready, while the 401 can still be left to the caller. @throws Declined */
export async function withBody(conversation: Conversation, attempt: Attempt, to: Target): Promise<void> {
  const { wire } = conversation;
  const { session, lane, target } = attempt;
  let isReady = false;
  try {
    const obstacle = await unlessAborted(wire.ready(to, lane.answer.needsBody ? target : undefined), wire.signal);
    isReady = obstacle === undefined;
    if (obstacle !== undefined) decline(conversation, 'ERR_AUTH_BODY', obstacle);
  } finally {
    if (!isReady) session.lanes?.give(lane);
  }
}

/** A request that waits too long is sent without an authorization; its 401 brings a nonce. */
function patience(conversation: Conversation): Patience {
  const { clock, wire } = conversation;
  return (lane) => clock.within(waitOf(conversation), lane, wire.signal);
}

/** Waits for a nonce to itself, where the server wants that; without any, the next 401 brings one. */
export async function inLane(conversation: Conversation, attempt: Attempt): Promise<Attempt | undefined> {
  const { space, session } = attempt;
  const lane = await session.lanes?.take(patience(conversation));
  // What became of the credential in the meantime is known to those who had the nonces.
  return lane && space.session === session ? { ...attempt, lane } : undefined;
}

/** Whether the same credential may go at once; another request may have learnt meanwhile that it is wrong. */
export function isRenewable({ clock }: Conversation, { session }: Attempt, demand: Demand): boolean {
  const choice = choiceFor(demand, session);
  if (choice && !isFor(session, choice)) return false;
  return session.reputation.objection(clock.now()) === undefined;
}

/** The same credential with another nonce, or written otherwise. @throws Declined */
export async function renew(
  conversation: Conversation,
  attempt: Attempt,
  demand: Demand,
  answer: Answer | undefined,
): Promise<Attempt> {
  const { space, session, lane } = attempt;
  const choice = choiceFor(demand, session);
  if (!choice) decline(conversation, 'ERR_AUTH_CHALLENGE', 'the server asks for another scheme');
  const fresh = answer ? new Lane(answer) : space.laneOf(choice, session);
  space.move(session, lane, fresh);
  return onLane(conversation, demand, session, choice, fresh);
}

/** Answers with the nonce in use, or with that of the 401 if the one in use has been tried. @throws Declined */
export async function attemptWith(conversation: Conversation, demand: Demand, session: Session): Promise<Attempt> {
  // acquire() gives a session for one of these choices.
  const choice = choiceFor(demand, session) as Choice;
  const { nonce } = session.lane.answer;
  // The session's nonce rather than the one in this 401: sharing a nonce among requests is cheaper for the server.
  const isFit = !session.lanes && !isOutOfDate(conversation.rules, session);
  const isUntried = nonce !== undefined && isFit && !conversation.nonces.includes(nonce);
  const lane = isUntried && conversation.state.renewals === 0 ? session.lane : demand.space.laneOf(choice, session);
  demand.space.adopt(session, lane);
  return onLane(conversation, demand, session, choice, lane);
}

async function onLane(
  conversation: Conversation,
  { space, target, reply }: Demand,
  session: Session,
  choice: Choice,
  fresh: Lane,
): Promise<Attempt> {
  const { recorder, rules, spaces } = conversation;
  const against = weakening(choice, session.use?.strongest);
  if (against && !rules.allowsInsecure(space.origin)) decline(conversation, against.code, against.reason);
  if (session.use) spaces.stores.offers.answered(placeOf(space, target), choice, session.use);
  const { nonce } = choice;
  const { lanes } = session;
  if (lanes?.isTaken(fresh)) await reply.free();
  const entering = nonce === undefined ? undefined : lanes?.enter(fresh, patience(conversation));
  conversation.endRenewal();
  const lane = entering ? await entering : fresh;
  recorder.record({ type: 'chosen', challenge: choice.label });
  const used = lane ?? fresh;
  const { doubts } = session;
  return { space, session, lane: used, target, borrowed: used.answer.nonce !== nonce, doubts };
}
