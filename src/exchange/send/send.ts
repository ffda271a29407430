/** One send of an exchange, recorded, with a header for each hop of its redirects. */

import { unlessAborted } from '../../base/abort.js';
import { AuthError } from '../../errors.js';
import { isUnfinished } from '../connection/partial.js';
import { bindingFor } from '../connection/pin.js';
import type { Trial } from '../memory/reputation.js';
import { type Attempt, type Conversation, closeLane, isByConnection, type Pass } from '../party/conversation.js';
import type { Conversations } from '../party/conversations.js';
import { isRepeatable } from '../port/cut-off.js';
import type { Authorizations, Hop, Reply, Sending, Target } from '../port/transport.js';
import { authorizeHop, isPending } from './hop.js';
import { described, recordSend } from './recorded.js';

/** The first send, where nothing is known of the place it goes to. */
export async function firstSend<Outcome>({ wire, clock, recorder }: Conversation<Outcome>): Promise<Reply<Outcome>> {
  recorder.first();
  const start = clock.now();
  const reply = await wire.send();
  recorder.first({ status: reply.status, milliseconds: clock.now() - start });
  return reply;
}

/** One send that carries the answers in use: to the origin, to the proxy, or to both. @throws CutOff */
export async function sendOnce<Outcome>(
  conversations: Conversations<Outcome>,
  target: Target,
  isAgain = false,
): Promise<Reply<Outcome>> {
  const { origin, proxy } = conversations;
  const { wire, clock, recorder } = origin;
  const proxyTarget = proxy?.attempt && wire.throughProxy(target);
  const passing = origin.attempt && pass(origin, origin.attempt, target);
  const forOrigin = passing instanceof Promise ? await passing : passing;
  const forProxy = proxy?.attempt && proxyTarget && (await pass(proxy, proxy.attempt, proxyTarget));
  const authorizations = { origin: forOrigin?.authorization, proxy: forProxy?.authorization };
  const authorizeHop = (hop: Hop) => authorizeEach(conversations, hop);
  const isPartial = [forOrigin, forProxy].some((one) => one !== undefined && isUnfinished(wire, one.attempt));
  const sending: Sending = { target, authorizations, authorizeHop, isAgain, isPartial };
  forOrigin?.attempt.lane.enter();
  forProxy?.attempt.lane.enter();
  const start = clock.now();
  const send = recordEach(conversations, target, authorizations, start);
  // A caller who has left sends nothing.
  if (!wire.signal?.aborted) leave(forOrigin && origin.trial, forProxy && proxy?.trial);
  try {
    const reply = await wire.send(sending);
    const now = clock.now();
    if (origin.trial) origin.trial.isOut &&= reply.status === GATEWAY_TIMEOUT;
    if (proxy?.trial) proxy.trial.isOut = false;
    recorder.record({ type: 'reply', send, status: reply.status, milliseconds: now - start }, now);
    origin.unseen = unseenOf(forOrigin, reply);
    return reply;
  } catch (error) {
    // What goes once more keeps its nonce meanwhile.
    if (!isAgain && isRepeatable(error)) throw error;
    if (forOrigin) lose(origin, forOrigin.attempt);
    if (proxy && forProxy) lose(proxy, forProxy.attempt);
    throw error;
  } finally {
    forOrigin?.attempt.lane.leave();
    forProxy?.attempt.lane.leave();
  }
}

// RFC 9110 §15.6.5: whom the gateway asked has not answered, and may have counted a wrong password.
const GATEWAY_TIMEOUT = 504;

function leave(...trials: ReadonlyArray<Trial | undefined>): void {
  for (const trial of trials) if (trial) trial.isOut = true;
}

/** What went out and was stopped on the way. */
export function unseenOf(pass: Pass | undefined, reply: Reply<unknown>): Pass | undefined {
  if (!pass || !isStopped(reply)) return undefined;
  return { ...pass, isSpent: reply.authorization !== pass.authorization };
}

/** Whether the proxy has kept the request to itself. */
export function isStopped({ status, proxy }: Reply<unknown>): boolean {
  return status === 407 && proxy !== undefined;
}

/** The authorization for a target; one that nobody has seen goes again, so that no nc is left out. */
function pass(conversation: Conversation, attempt: Attempt, target: Target): Pass | undefined | Promise<Pass> {
  const { wire, nonces, unseen } = conversation;
  const { space, lane } = attempt;
  if (isByConnection(attempt)) return undefined;
  if (unseen?.attempt.lane === lane && !unseen.isSpent && isSame(unseen.target, target)) return unseen;
  if (target.origin !== space.origin) return undefined;
  const { answer } = lane;
  nonces.push(answer.nonce);
  const binding = attempt.session.choice.bindsConnection ? bindingFor(conversation) : undefined;
  if (answer.needsBody) return wire.bytes(target).then((body) => passWith(body, attempt, target, binding));
  const authorization = answer.authorize(binding ? { ...target, binding } : target);
  if (!isPending(authorization)) return { attempt, target, authorization };
  attempt.session.isSynchronous = false;
  return unlessAborted(authorization, wire.signal).then((computed) => ({ attempt, target, authorization: computed }));
}

async function passWith(
  body: Uint8Array | undefined,
  attempt: Attempt,
  target: Target,
  binding: Uint8Array | undefined,
): Promise<Pass> {
  // The hash of nothing would stand for a body that is not known.
  if (!body) throw new AuthError('ERR_AUTH_BODY', 'the body has no hash');
  const { method, uri, origin } = target;
  const request = { method, uri, origin, body, binding };
  return { attempt, target, authorization: await attempt.lane.answer.authorize(request) };
}

function isSame(one: Target, other: Target): boolean {
  return one.origin === other.origin && one.uri === other.uri && one.method === other.method;
}

/** Gives a nonce up: whether the server has seen this nc is not known, and a server that counts in order may miss it. */
export function lose(conversation: Conversation, attempt: Attempt): void {
  closeLane(conversation, attempt);
  conversation.endRenewal();
}

/** A Digest answer holds for one request-target: each hop of a redirect needs its own, and none outside the space. */
function authorizeEach(conversations: Conversations, { target, proxyTarget }: Hop): Authorizations {
  const { origin, proxy } = conversations;
  const authorizations = {
    origin: authorizeHop(origin.attempt, target),
    proxy: authorizeHop(proxy?.attempt, proxyTarget),
  };
  const seen = target ?? proxyTarget;
  if (seen && (authorizations.origin || authorizations.proxy))
    recordEach(conversations, seen, authorizations, origin.clock.now());
  return authorizations;
}

function recordEach(
  { origin, proxy }: Conversations,
  target: Target,
  authorizations: Authorizations,
  time: number,
): number {
  const toOrigin = described(origin.attempt, authorizations.origin);
  return recordSend(origin.recorder, {
    target,
    toOrigin,
    toProxy: described(proxy?.attempt, authorizations.proxy),
    time,
  });
}
