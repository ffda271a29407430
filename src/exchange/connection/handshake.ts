/** The messages of a scheme that authorizes a connection: each handshake on a connection of its own (SEC-34). */

import { unlessAborted } from '../../base/abort.js';
import { memberOf } from '../../base/own.js';
import type { Answer } from '../../model.js';
import { choiceFor, type Demand } from '../answer/demand.js';
import type { Choice } from '../challenge/select.js';
import { Lane } from '../memory/lane.js';
import type { Session } from '../memory/session.js';
import { type Attempt, type Conversation, decline } from '../party/conversation.js';
import { bindingFor, isInUse, pin } from './pin.js';

/**
 * The first message for a connection that nobody else uses, or nothing where that connection is authenticated already.
 *
 * @returns `undefined` when more has become known of the credential while a connection was waited for
 * @throws Declined
 */
export async function shakeHands(
  conversation: Conversation,
  demand: Demand,
  session: Session,
): Promise<Attempt | undefined> {
  const { wire, recorder, state } = conversation;
  const { space, target, reply } = demand;
  // acquire() gives a session for one of these choices.
  const choice = choiceFor(demand, session) as Choice;
  // Those who have the connections may be waiting for this one.
  await unlessAborted(reply.free(), wire.signal);
  const pinned = await pin(conversation, { space, session, target }, state.lapses > 0);
  if (!isInUse(conversation, space, session)) return undefined;
  if (pinned === 'absent') decline(conversation, 'ERR_AUTH_CHALLENGE', ABSENT);
  recorder.record({ type: 'chosen', challenge: choice.label });
  const attempt = { space, session, lane: session.lane, target, borrowed: false, doubts: session.doubts };
  if (pinned === 'authenticated') return { ...attempt, isBare: true };
  return { ...attempt, lane: new Lane(choice.offer.answer(session.credential)) };
}

const ABSENT = 'every connection that the credential may have was in use for too long';

/** The next message of a handshake. @throws Declined where it must not be sent on this connection */
export function nextMessage(conversation: Conversation, attempt: Attempt, { target }: Demand, next: Answer): Attempt {
  const { recorder } = conversation;
  const obstacle = memberOf(next, 'obstacle')?.call(next, { ...target, binding: bindingFor(conversation) });
  if (obstacle !== undefined) decline(conversation, 'ERR_AUTH_CHALLENGE', obstacle);
  recorder.record({ type: 'chosen', challenge: attempt.session.choice.label });
  return { ...attempt, target, lane: new Lane(next) };
}
