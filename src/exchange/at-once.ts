/** Authorizes the first send, where the answer is known, and waits for what that takes. */

import { covering, inLane, preempt } from './attempt.js';
import type { Attempt, Conversation } from './conversation.js';
import type { Conversations } from './conversations.js';
import { GIVEN_UP } from './flight.js';
import type { Target } from './wire.js';

/** The answer for a known space; `undefined` where nothing has to be waited for. */
export function authorizeAtOnce(
  conversation: Conversation,
  target: Target,
): Promise<undefined | typeof GIVEN_UP> | undefined {
  const known = preempt(conversation, target);
  conversation.attempt = known;
  return known?.session.lanes || known?.lane.answer.needsBody ? prepare(conversation, known) : undefined;
}

async function prepare(conversation: Conversation, known: Attempt): Promise<undefined | typeof GIVEN_UP> {
  const planned = known.lane.answer.needsBody ? await covering(conversation, known) : known;
  const isQueued = planned && planned !== GIVEN_UP && planned.session.lanes;
  const own = isQueued ? await inLane(conversation, planned) : planned;
  conversation.attempt = own === GIVEN_UP ? undefined : own;
  return own === GIVEN_UP ? own : undefined;
}

export function authorizeProxyAtOnce({ proxy }: Conversations, target: Target) {
  const proxyTarget = proxy?.wire.throughProxy(target);
  return proxy && proxyTarget && authorizeAtOnce(proxy, proxyTarget);
}
