/** Which credential goes with which nonce: at once, again, or for the first time. */

import type { Answer } from '../model.js';
import { type Attempt, type Conversation, decline, patienceOf } from './conversation.js';
import type { Demand } from './demand.js';
import { GIVEN_UP, orGiveUp } from './flight.js';
import { Lane, type Patience } from './lane.js';
import { objection } from './policy.js';
import type { Rules } from './rules.js';
import type { Choice } from './select.js';
import type { Session } from './space.js';
import type { Judgement } from './verdict.js';
import type { Target } from './wire.js';

const CONTROL = /[^ -~\u0080-\uffff]/;

/** The first send carries an authorization when the URL lies in a known space (RFC 7617 §2.2, RFC 7616 §3.3). */
export function preempt(
  { rules, spaces }: Pick<Conversation, 'rules' | 'spaces'>,
  target: Target,
): Attempt | undefined {
  // What no request line can carry is for the client to refuse, in its own words.
  if (spaces.size === 0 || CONTROL.test(target.uri)) return undefined;
  const space = spaces.covering(target.origin, target.pathname);
  const session = space?.session;
  // Another scheme object may have other options: then the challenge has to be seen again.
  if (!space || !session || !rules.schemes.includes(session.scheme)) return undefined;
  if (session.scheme.clearText && objectionTo(rules, session, space.origin)) return undefined;
  return { space, session, lane: session.lane, target, borrowed: true };
}

/** An answer that covers the body needs one that is known before it is sent: else the first send goes without. */
export async function covering(
  { wire }: Conversation,
  attempt: Attempt,
): Promise<Attempt | undefined | typeof GIVEN_UP> {
  const { target } = attempt;
  const obstacle = await orGiveUp(wire.ready(wire.target, target), wire.signal);
  if (obstacle === GIVEN_UP) return GIVEN_UP;
  return obstacle === undefined ? attempt : undefined;
}

/** The body of the next send, to `to`, is made ready while the 401 can still be left to the caller. */
export async function withBody(
  conversation: Conversation,
  attempt: Attempt,
  to: Target,
): Promise<Target | undefined | typeof GIVEN_UP> {
  const { wire } = conversation;
  const { session, lane, target } = attempt;
  const obstacle = await orGiveUp(wire.ready(to, lane.answer.needsBody ? target : undefined), wire.signal);
  if (obstacle === undefined) return to;
  session.lanes?.give(lane);
  return obstacle === GIVEN_UP ? GIVEN_UP : decline(conversation, 'ERR_AUTH_BODY', obstacle);
}

/** Policy may differ from request to request. */
function objectionTo({ allowsInsecure, mutual }: Rules, session: Session, origin: string): boolean {
  const standing = { origin, isExposed: false, strongest: undefined, allowed: allowsInsecure(origin), mutual };
  return objection(session, standing) !== undefined;
}

/** Who waits too long goes without a nonce, and is given one with the 401. */
function patience(conversation: Conversation): Patience {
  const { clock, wire } = conversation;
  return (lane) => clock.within(patienceOf(conversation), lane, wire.signal);
}

/** Waits for a nonce to itself, where the server wants that; without any, the next 401 brings one. */
export async function inLane(
  conversation: Conversation,
  attempt: Attempt,
): Promise<Attempt | undefined | typeof GIVEN_UP> {
  const { space, session } = attempt;
  const lane = await session.lanes?.take(patience(conversation));
  if (lane === GIVEN_UP) return lane;
  // What became of the credential in the meantime is known to those who had the nonces.
  return lane && space.session === session ? { ...attempt, lane } : undefined;
}

/** Whether the same credential may go at once; another request may have learnt meanwhile that it is wrong. */
export function isRenewable(
  { clock }: Conversation,
  { space, session }: Attempt,
  judgement: Judgement,
): judgement is 'stale' | Extract<Judgement, { again: Answer }> {
  if (judgement === undefined || judgement === 'doubtful' || judgement === 'elsewhere') return false;
  return !space.hasRefused(session.credential, clock.now());
}

/** The same credential with another nonce, or written otherwise. */
export async function renew(
  conversation: Conversation,
  attempt: Attempt,
  demand: Demand,
  judgement: 'stale' | { readonly again: Answer },
): Promise<Attempt | undefined | typeof GIVEN_UP> {
  const { space, session, lane } = attempt;
  const choice = choiceFor(demand, session);
  if (!choice) return decline(conversation, 'ERR_AUTH_CHALLENGE', 'the server asks for another scheme');
  const fresh = judgement === 'stale' ? space.laneOf(choice.challenge, session) : new Lane(judgement.again);
  space.move(session, lane, fresh);
  return onLane(conversation, demand, session, choice, fresh);
}

/** Answers with the nonce in use, or with that of the 401 if the one in use has been tried. */
export async function attemptWith(
  conversation: Conversation,
  demand: Demand,
  session: Session,
): Promise<Attempt | undefined | typeof GIVEN_UP> {
  // acquire() gives a session for one of these choices.
  const choice = choiceFor(demand, session) as Choice;
  const { nonce } = session.lane.answer;
  // Nobody else has used the nonce of this very 401; but one nonce for all who come together is what servers like.
  const isUntried = nonce !== undefined && !session.lanes && !conversation.nonces.includes(nonce);
  const lane = isUntried && conversation.renewals === 0 ? session.lane : demand.space.laneOf(choice.challenge, session);
  demand.space.adopt(session, lane);
  return onLane(conversation, demand, session, choice, lane);
}

function choiceFor({ choices }: Demand, session: Session): Choice | undefined {
  return choices.find(({ scheme }) => scheme.name === session.scheme.name);
}

async function onLane(
  conversation: Conversation,
  { space, target, reply }: Demand,
  session: Session,
  choice: Choice,
  fresh: Lane,
): Promise<Attempt | typeof GIVEN_UP> {
  const { recorder } = conversation;
  const { nonce } = choice.challenge.params;
  const { lanes } = session;
  if (lanes?.isTaken(fresh)) await reply.free();
  const entering = nonce === undefined ? undefined : lanes?.enter(fresh, patience(conversation));
  conversation.endRenewal();
  const lane = entering ? await entering : fresh;
  if (lane === GIVEN_UP) return GIVEN_UP;
  recorder.record({ type: 'chosen', challenge: choice.label });
  const used = lane ?? fresh;
  return { space, session, lane: used, target, borrowed: used.answer.nonce !== nonce };
}
