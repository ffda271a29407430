/** A send, and once more when it met a connection that the server had closed (RFC 9112 §9.3.1). */

import { unlessAborted } from '../../base/abort.js';
import { type Conversation, noteVerdict } from '../party/conversation.js';
import type { Conversations } from '../party/conversations.js';
import { type CutOff, isRepeatable, ownError } from '../port/cut-off.js';
import type { Reply, Target } from '../port/transport.js';
import { lose, sendOnce } from './send.js';

/** @throws CutOff where it was cut off and cannot be repeated, or has been tried often enough */
export async function sendRepeatable<Outcome>(
  conversations: Conversations<Outcome>,
  target: Target,
): Promise<Reply<Outcome>> {
  try {
    return await sendOnce(conversations, target);
  } catch (error) {
    if (!isRepeatable(error)) throw error;
    return sendAgain(conversations, target, error);
  }
}

/** On a new connection, and with the next nc: the server may have seen the one before. */
export async function sendAgain<Outcome>(
  conversations: Conversations<Outcome>,
  target: Target,
  cutOff: CutOff,
): Promise<Reply<Outcome>> {
  const { origin, proxy } = conversations;
  const { wire, attempt } = origin;
  const parties = proxy ? [origin, proxy] : [origin];
  const isTriedEnough = parties.filter((one) => !mayRepeat(one)).length > 0;
  origin.unseen = undefined;
  const hashed = attempt?.lane.answer.needsBody ? target : undefined;
  let isReady = false;
  try {
    isReady = !isTriedEnough && (await unlessAborted(wire.ready(target, hashed), wire.signal)) === undefined;
  } finally {
    if (!isReady) for (const one of parties) if (one.attempt) lose(one, one.attempt);
  }
  if (!isReady) throw isTriedEnough ? cutOff : cutOff.error;
  noteVerdict(origin, 'silent', 'no response: the connection was closed, so it goes once more');
  return sendOnce(conversations, target, true).catch((again: unknown) => {
    throw ownError(again);
  });
}

/** What was cut off may have been counted as a wrong password, so each send of an unproven credential counts (SEC-37). */
function mayRepeat({ trial, attempt, clock }: Conversation): boolean {
  return !trial?.isOut || !attempt || attempt.session.reputation.miss(trial, clock.now());
}
