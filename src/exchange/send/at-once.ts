/** Authorizes the first send, where the answer is known, and waits for what that takes. */

import { covering, inLane } from '../answer/attempt.js';
import { refresh } from '../answer/refresh.js';
import { isForeseen } from '../challenge/assumption.js';
import { boundTo, takeConnection } from '../connection/at-once.js';
import { isExpiring } from '../memory/session.js';
import type { Attempt, Conversation } from '../party/conversation.js';
import type { Conversations } from '../party/conversations.js';
import { preempt } from '../party/preempt.js';
import type { Target } from '../port/transport.js';
import { foresee } from './foresee.js';

/** The answer for a known space; `undefined` where nothing has to be waited for. */
export function authorizeAtOnce(conversation: Conversation, target: Target): Promise<void> | undefined {
  const { challenger, wire } = conversation;
  const known = preempt(conversation, target, () => !challenger.proxy && wire.isExposed === true);
  conversation.attempt = known;
  if (!known) return bindOrForesee(conversation, target);
  if (isExpiring(known.session, conversation.clock)) return replace(conversation, known);
  return known.session.lanes || known.lane.answer.needsBody ? prepare(conversation, known) : undefined;
}

function bindOrForesee(conversation: Conversation, target: Target): Promise<void> | undefined {
  const bound = boundTo(conversation, target);
  if (bound) return prepareConnection(conversation, bound);
  return mayForesee(conversation, target) ? prepareForeseen(conversation, target) : undefined;
}

async function prepareConnection(conversation: Conversation, bound: Attempt): Promise<void> {
  conversation.attempt = await takeConnection(conversation, bound);
}

/** The caller's own authorization goes by itself. */
function mayForesee({ challenger, rules }: Conversation, target: Target): boolean {
  if (challenger.proxy || challenger.callers || challenger.handsOff !== undefined) return false;
  return isForeseen(rules, target.origin);
}

async function prepareForeseen(conversation: Conversation, target: Target): Promise<void> {
  const foreseen = await foresee(conversation, target);
  if (foreseen) await prepare(conversation, foreseen);
}

/** A token that has run out is replaced before the send. */
async function replace(conversation: Conversation, known: Attempt): Promise<void> {
  conversation.attempt = undefined;
  const session = await refresh(conversation, known);
  if (!session) return;
  const { lane, doubts } = session;
  await prepare(conversation, { ...known, session, lane, doubts });
}

async function prepare(conversation: Conversation, known: Attempt): Promise<void> {
  // Nothing is held while it is waited for: there is nothing to give back when the caller leaves.
  conversation.attempt = undefined;
  const planned = known.lane.answer.needsBody ? await covering(conversation, known) : known;
  conversation.attempt = planned?.session.lanes ? await inLane(conversation, planned) : planned;
}

/** Takes the tunnel that the proxy has let in, before the origin's connection is chosen: both are the same one. */
export function authorizeTunnelAtOnce({ proxy }: Conversations, target: Target): Promise<void> | undefined {
  const proxyTarget = proxy?.wire.throughProxy(target);
  if (!proxy || proxyTarget?.method !== 'CONNECT') return undefined;
  const bound = boundTo(proxy, proxyTarget);
  return bound && prepareConnection(proxy, bound);
}

export function authorizeProxyAtOnce({ proxy }: Conversations, target: Target) {
  const proxyTarget = proxy?.wire.throughProxy(target);
  return proxy && proxyTarget && authorizeAtOnce(proxy, proxyTarget);
}
