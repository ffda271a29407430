/** One logical request with all its sends: send, read the challenge, answer, send again, hear the verdict. */

import { attemptFor } from './answer.js';
import { authorizeAtOnce, authorizeProxyAtOnce } from './at-once.js';
import { withBody } from './attempt.js';
import { type Context, type Conversation, decline } from './conversation.js';
import { Conversations } from './conversations.js';
import { GIVEN_UP, orGiveUp } from './flight.js';
import type { KnownSend } from './known.js';
import { notChallenged } from './recorder.js';
import { firstSend, isStopped, lose, send, unseenOf } from './send.js';
import { conclude } from './verdict.js';
import type { Reply, Target } from './wire.js';

/**
 * Sends a request and answers the challenges that come back, the origin's and those of a proxy on the way.
 *
 * @param first - a first send that the client has made by itself, and its response
 * @returns what the client gives its caller: the last response, or the 401 that was not answered, untouched
 * @throws what the client throws; AuthError ERR_AUTH_MUTUAL
 */
export async function exchange<Outcome>(context: Context<Outcome>, first?: First<Outcome>): Promise<Outcome> {
  const conversations = new Conversations(context);
  if (first) return goOn(conversations, first);
  const { origin } = conversations;
  const { wire, rules } = origin;
  if (rules.preemptive) {
    // Most wait for nothing, and to await nothing is not free.
    const forOrigin = authorizeAtOnce(origin, wire.target);
    if (forOrigin && (await forOrigin) === GIVEN_UP) return wire.cancel();
    const forProxy = authorizeProxyAtOnce(conversations, wire.target);
    if (forProxy && (await forProxy) === GIVEN_UP) return giveUp(conversations);
  }
  const isAuthorized = origin.attempt !== undefined || conversations.proxy?.attempt !== undefined;
  const reply = isAuthorized ? await send(conversations, wire.target) : await firstSend(origin);
  if (askingIn(conversations, reply)) return converse(conversations, reply);
  if (isAuthorized || reply.status === 407) await end(conversations, reply);
  else origin.recorder.close(reply.status);
  return reply.outcome;
}

/** A first send that the client has made by itself, and a response that says something. */
export interface First<Outcome> {
  readonly reply: Reply<Outcome>;
  readonly milliseconds: number;
  /** What went out; `undefined`: nothing was known of the place. */
  readonly known: KnownSend | undefined;
}

async function goOn<Outcome>(
  conversations: Conversations<Outcome>,
  { reply, milliseconds, known }: First<Outcome>,
): Promise<Outcome> {
  if (known) adopt(conversations, known, reply, milliseconds);
  else conversations.origin.recorder.first({ status: reply.status, milliseconds });
  if (askingIn(conversations, reply)) return converse(conversations, reply);
  await end(conversations, reply);
  return reply.outcome;
}

function adopt({ origin }: Conversations, known: KnownSend, reply: Reply<unknown>, milliseconds: number): void {
  const { recorder, clock, nonces } = origin;
  const { attempt, target, authorizations } = known;
  const now = clock.now();
  const send = known.record(recorder, now - milliseconds);
  recorder.record({ type: 'reply', send, status: reply.status, milliseconds }, now);
  nonces.push(attempt.lane.answer.nonce);
  origin.attempt = attempt;
  origin.unseen = authorizations.origin && unseenOf({ attempt, target, authorization: authorizations.origin }, reply);
}

async function converse<Outcome>(conversations: Conversations<Outcome>, refused: Reply<Outcome>): Promise<Outcome> {
  const { origin } = conversations;
  let reply = refused;
  try {
    for (let asking = askingIn(conversations, reply); asking; asking = askingIn(conversations, reply)) {
      const target = await answer(conversations, asking, reply);
      if (target === undefined) return reply.outcome;
      const given = await orGiveUp(reply.discard(), origin.wire.signal);
      if (target === GIVEN_UP || given === GIVEN_UP) return await giveUp(conversations);
      reply = await send(conversations, target);
    }
    await end(conversations, reply);
    return reply.outcome;
  } finally {
    if (origin.unseen) lose(origin, origin.unseen.attempt);
    conversations.end();
  }
}

/** What was made ready will not be sent: its nonces are for others. */
function giveUp<Outcome>({ origin, proxy }: Conversations<Outcome>): Promise<Outcome> {
  for (const { attempt, unseen } of [origin, ...(proxy ? [proxy] : [])]) {
    if (attempt && !unseen) attempt.session.lanes?.give(attempt.lane);
  }
  return origin.wire.cancel();
}

/** Who asks for a credential, and the reply as it concerns them. */
interface Asking<Outcome> {
  readonly conversation: Conversation<Outcome>;
  readonly asked: Reply<Outcome>;
}

/** `undefined`: nobody asks, or nobody who may be answered. */
function askingIn<Outcome>(conversations: Conversations<Outcome>, reply: Reply<Outcome>): Asking<Outcome> | undefined {
  if (reply.status === 401) return { conversation: conversations.origin, asked: reply };
  if (!isStopped(reply) || !reply.proxy || !conversations.proxy) return undefined;
  return { conversation: conversations.proxy, asked: reply.proxy };
}

/** The response asks for nothing. */
async function end(conversations: Conversations, reply: Reply<unknown>): Promise<void> {
  const { origin } = conversations;
  const { recorder } = origin;
  const { status } = reply;
  const hearing = hearProxy(conversations, reply);
  if (hearing) await hearing;
  if (status === 407) {
    if (origin.attempt) lose(origin, origin.attempt);
    return decline(origin, 'ERR_AUTH_ORIGIN', 'the 407 did not come from a proxy that axios was told to use');
  }
  const telling = origin.attempt && conclude(origin, origin.attempt, reply);
  if (telling) await telling;
  recorder.record(notChallenged(status));
}

/** Whatever the origin says: a proxy that passes it on has let the request through. */
function hearProxy({ proxy }: Conversations, reply: Reply<unknown>): Promise<void> | undefined {
  const attempt = proxy?.attempt;
  if (!proxy || !attempt) return undefined;
  proxy.attempt = undefined;
  if (reply.proxy) return conclude(proxy, attempt, reply.proxy);
  attempt.session.lanes?.give(attempt.lane);
  return undefined;
}

/** Puts the answer in place, and gives the target of the next send; `undefined` leaves the response to the caller. */
async function answer(
  conversations: Conversations,
  { conversation, asked }: Asking<unknown>,
  reply: Reply<unknown>,
): Promise<Target | undefined | typeof GIVEN_UP> {
  const { challenger, wire } = conversation;
  if (!challenger.proxy) await hearProxy(conversations, reply);
  const next = await attemptFor(conversation, asked);
  if (next === undefined || next === GIVEN_UP) return next;
  const target = await withBody(conversation, next, challenger.proxy ? (reply.target ?? wire.target) : next.target);
  if (target === undefined || target === GIVEN_UP) return target;
  conversation.attempt = next;
  return challenger.proxy ? target : ((await authorizeProxyAtOnce(conversations, target)) ?? target);
}
