/** Goes by the caller's word for a challenge that a response leaves out, and writes down where it does not. */

import type { Challenge } from '../../model.js';
import { assumedIn } from '../challenge/assumption.js';
import type { Conversation } from '../party/conversation.js';
import type { Reply } from '../port/transport.js';

// The caller's function is asked once for each response.
const heard = new WeakMap<object, readonly Challenge[]>();

/** The challenges that a response stands for; `[]`: only those that it names itself. */
export function assumedFor(conversation: Conversation, reply: Reply<unknown>): readonly Challenge[] {
  const { rules, challenger } = conversation;
  if (!rules.assumption || challenger.proxy || challenger.handsOff !== undefined) return [];
  const challenges = heard.get(reply) ?? hear(conversation, reply);
  heard.set(reply, challenges);
  return challenges;
}

function hear({ rules, wire, recorder, attempt }: Conversation, reply: Reply<unknown>): readonly Challenge[] {
  const assumed = assumedIn(rules, wire.target, reply);
  if (!assumed) return [];
  const reason =
    assumed.reason ?? (attempt && reply.authorization && ambiguity(reply.status, attempt.session.approved));
  if (reason === undefined) return assumed.challenges;
  recorder.record({ type: 'passedOver', challenge: 'assume', reason });
  return [];
}

/** Some answers to an authorized request have a meaning of their own, and refuse nobody's credential (SEC-25). */
function ambiguity(status: number, isApproved: boolean): string | undefined {
  const isClear = status !== 404 && (status !== 403 || !isApproved);
  return isClear ? undefined : `a ${status} to an authorized request refuses no credential`;
}
