/** One logical request with all its sends: send, read the challenge, answer, send again, hear the verdict. */

import { parseChallenges } from '../syntax/challenge.js';
import { acquire } from './acquire.js';
import { attemptWith, inLane, isRenewable, preempt, renew } from './attempt.js';
import { type Attempt, type Context, Conversation, decline } from './conversation.js';
import { readDemand } from './demand.js';
import { GIVEN_UP } from './flight.js';
import { firstSend, send } from './send.js';
import { conclude, type Judgement, judge } from './verdict.js';
import type { Reply, Target } from './wire.js';

// A nonce may run out while a request is on its way, and again; a server that always says so is not followed further.
const MAX_RENEWALS = 3;

/**
 * Sends a request and answers the challenges that come back.
 *
 * @param first - the 401 of a first send that the client has made by itself
 * @returns what the client gives its caller: the last response, or the 401 that was not answered, untouched
 * @throws what the client throws; AuthError ERR_AUTH_MUTUAL
 */
export async function exchange<Outcome>(context: Context<Outcome>, first?: First<Outcome>): Promise<Outcome> {
  const conversation = new Conversation(context);
  if (first) return goOn(conversation, first);
  const planned = preempt(conversation);
  const attempt = planned?.session.lanes ? await inLane(conversation, planned) : planned;
  if (attempt === GIVEN_UP) return giveUp(conversation);
  const reply = attempt ? await send(conversation, attempt) : await firstSend(conversation);
  if (reply.status === 401) return converse(conversation, attempt, reply);
  if (attempt) await end(conversation, attempt, reply);
  return reply.outcome;
}

/** A first send without an authorization, and its 401. */
export interface First<Outcome> {
  readonly reply: Reply<Outcome>;
  readonly milliseconds: number;
}

function goOn<Outcome>(conversation: Conversation<Outcome>, { reply, milliseconds }: First<Outcome>): Promise<Outcome> {
  conversation.sends = 1;
  conversation.recorder.first({ status: reply.status, milliseconds });
  return converse(conversation, undefined, reply);
}

async function converse<Outcome>(
  conversation: Conversation<Outcome>,
  first: Attempt | undefined,
  refused: Reply<Outcome>,
): Promise<Outcome> {
  let [attempt, reply] = [first, refused];
  try {
    while (reply.status === 401) {
      const next = await answer(conversation, reply, attempt);
      if (next === undefined) return reply.outcome;
      await reply.discard();
      if (next === GIVEN_UP) return await giveUp(conversation);
      attempt = next;
      reply = await send(conversation, next);
    }
    if (attempt) await end(conversation, attempt, reply);
    return reply.outcome;
  } finally {
    conversation.endTrial();
    conversation.endRenewal();
  }
}

/** The response is not a 401. */
function end(conversation: Conversation, attempt: Attempt, reply: Reply<unknown>): Promise<void> | undefined {
  const telling = conclude(conversation, attempt, reply);
  const { recorder } = conversation;
  const over = { type: 'end', status: reply.status, reason: 'the response is not a 401' } as const;
  if (telling) return telling.then(() => recorder.record(over));
  recorder.record(over);
  return undefined;
}

/** The client refuses to send what was given up, in its own words. */
function giveUp<Outcome>({ wire }: Conversation<Outcome>): Promise<Outcome> {
  return wire.cancel();
}

/** The answer to a 401; `undefined`, with the reason recorded, leaves it to the caller. */
async function answer(
  conversation: Conversation,
  reply: Reply<unknown>,
  attempt: Attempt | undefined,
): Promise<Attempt | undefined | typeof GIVEN_UP> {
  const { wire, rules } = conversation;
  const challenges = parseChallenges(reply.challenges ?? []);
  const judgement = attempt && (await judge(conversation, attempt, reply, challenges));
  const target = addressed(conversation, reply);
  const demand = target && readDemand(conversation, target, reply, challenges);
  if (!demand) return undefined;
  if (isFinal(judgement)) return decline(conversation, 'ERR_AUTH_REFUSED', judgement.final);
  if (wire.body.consumed !== undefined) return decline(conversation, 'ERR_AUTH_BODY', wire.body.consumed);
  conversation.answers += 1;
  if (conversation.answers > rules.maxCredentials + MAX_RENEWALS) {
    return decline(conversation, 'ERR_AUTH_REFUSED', `${conversation.answers} answers were enough`);
  }
  if (judgement) conversation.renewals += 1;
  if (conversation.renewals > MAX_RENEWALS) {
    return decline(conversation, 'ERR_AUTH_STALE', `the server called ${conversation.renewals} nonces stale`);
  }
  if (attempt && isRenewable(conversation, attempt, judgement)) return renew(conversation, attempt, demand, judgement);
  const session = await acquire(conversation, demand);
  return session && session !== GIVEN_UP ? attemptWith(conversation, demand, session) : session;
}

/** Who answered, if it is whom the caller addressed (SEC-02). */
function addressed(conversation: Conversation, { target, leftOrigin }: Reply<unknown>): Target | undefined {
  const { origin } = conversation.wire.target;
  if (!target) return decline(conversation, 'ERR_AUTH_ORIGIN', 'the client does not tell who answered');
  if (target.origin !== origin) {
    const reason = `the challenge came from ${target.origin}, and the request was for ${origin}`;
    return decline(conversation, 'ERR_AUTH_ORIGIN', reason);
  }
  return leftOrigin ? decline(conversation, 'ERR_AUTH_ORIGIN', 'a redirect led through another origin') : target;
}

function isFinal(judgement: Judgement): judgement is Extract<Judgement, { final: string }> {
  return typeof judgement === 'object' && Object.hasOwn(judgement, 'final');
}
