/** The messages of a scheme that authorizes a connection: each handshake on a connection of its own (SEC-34). */

import { unlessAborted } from '../../base/abort.js';
import { memberOf } from '../../base/own.js';
import type { Answer } from '../../model.js';
import { choiceFor, type Demand } from '../answer/demand.js';
import type { Choice } from '../challenge/select.js';
import { Lane } from '../memory/lane.js';
import type { Session } from '../memory/session.js';
import { type Attempt, type Conversation, decline } from '../party/conversation.js';
import { bindingFor, isInUse, pin, unpin, whyUnready } from './pin.js';

/**
 * The first message for a connection that nobody else uses, or nothing where that connection is authenticated already.
 *
 * @param mayAskAgain - whether a credential that makes no message is looked for once more, which says why
 * @returns `undefined` when more has become known of the credential meanwhile
 * @throws Declined
 */
export async function shakeHands(
  conversation: Conversation,
  demand: Demand,
  session: Session,
  mayAskAgain: boolean,
): Promise<Attempt | undefined> {
  const { wire, recorder, state } = conversation;
  const { space, target, reply } = demand;
  // acquire() gives a session for one of these choices.
  const choice = choiceFor(demand, session) as Choice;
  // Those who have the connections may be waiting for this one.
  await unlessAborted(reply.free(), wire.signal);
  const pinned = await pin(conversation, { space, session, target }, state.lapses > 0);
  if (!isInUse(conversation, space, session)) {
    // Another credential has other connections, and somebody may be asked for it.
    unpin(conversation);
    return undefined;
  }
  if (pinned === 'absent') decline(conversation, 'ERR_AUTH_CHALLENGE', ABSENT);
  recorder.record({ type: 'chosen', challenge: choice.label });
  const attempt = { space, session, lane: session.lane, target, borrowed: false, doubts: session.doubts };
  if (pinned === 'authenticated') return { ...attempt, isBare: true };
  const opening: Attempt = { ...attempt, lane: new Lane(choice.offer.answer(session.credential)) };
  const unready = await whyUnready(conversation, opening);
  if (unready === undefined) return opening;
  // What is answered next is no business of this connection.
  unpin(conversation);
  space.drop(session);
  return mayAskAgain ? undefined : decline(conversation, 'ERR_AUTH_PROVIDER', unready);
}

const ABSENT = 'every connection that the credential may have was in use for too long';

/** The next message of a handshake. @throws Declined where it must not be sent on this connection */
export async function nextMessage(
  conversation: Conversation,
  attempt: Attempt,
  { target }: Demand,
  next: Answer,
): Promise<Attempt> {
  const { recorder } = conversation;
  const obstacle = memberOf(next, 'obstacle')?.call(next, { ...target, binding: bindingFor(conversation) });
  if (obstacle !== undefined) decline(conversation, 'ERR_AUTH_CHALLENGE', obstacle);
  const following = { ...attempt, target, lane: new Lane(next) };
  const unready = await whyUnready(conversation, following);
  if (unready !== undefined) decline(conversation, 'ERR_AUTH_CHALLENGE', unready);
  recorder.record({ type: 'chosen', challenge: attempt.session.choice.label });
  return following;
}
