/** One logical request with all its sends: send, read the challenge, answer, send again, hear the verdict. */

import type { Answer, Authorization } from '../model.js';
import { parseChallenges } from '../syntax/challenge.js';
import { acquire } from './acquire.js';
import { type Attempt, type Context, type Conversation, decline, usernameOf } from './conversation.js';
import { type Demand, readDemand } from './demand.js';
import { GIVEN_UP } from './flight.js';
import { clearText } from './policy.js';
import type { Session } from './space.js';
import { bareUrl } from './trace.js';
import { conclude, judge } from './verdict.js';
import type { AuthorizeHop, Reply, Target } from './wire.js';

// A nonce may run out while a request is on its way, and again; a server that always says so is not followed further.
const MAX_RENEWALS = 3;

/**
 * Sends a request and answers the challenges that come back.
 *
 * @returns what the client gives its caller: the last response, or the 401 that was not answered, untouched
 * @throws what the client throws; AuthError ERR_AUTH_MUTUAL
 */
export async function exchange<Outcome>(context: Context<Outcome>): Promise<Outcome> {
  const state = { nonces: new Set<string>(), sends: 0, renewals: 0, refusalsBefore: undefined, endTrial: () => {} };
  const conversation: Conversation<Outcome> = { ...context, ...state };
  try {
    return await converse(conversation);
  } finally {
    conversation.endTrial();
  }
}

async function converse<Outcome>(conversation: Conversation<Outcome>): Promise<Outcome> {
  const { wire, recorder } = conversation;
  let attempt = preempt(conversation);
  let reply = await send(conversation, wire.target, attempt);
  while (reply.status === 401) {
    const next = await answer(conversation, reply, attempt);
    if (next === undefined) return reply.outcome;
    await reply.discard();
    // The client refuses to send what was given up, in its own words.
    if (next === GIVEN_UP) return (await wire.send(wire.target)).outcome;
    attempt = next;
    reply = await send(conversation, next.target, next);
  }
  if (attempt) await conclude(conversation, attempt, reply);
  recorder.record({ type: 'end', status: reply.status, reason: 'the response is not a 401' });
  return reply.outcome;
}

/** The first send carries an authorization when the URL lies in a known space (RFC 7617 §2.2, RFC 7616 §3.3). */
function preempt({ wire, rules, spaces }: Conversation): Attempt | undefined {
  const { target, body } = wire;
  if (!rules.preemptive) return undefined;
  const space = spaces.covering(target.origin, target.pathname);
  const session = space?.session;
  if (!space || !session || !rules.schemes.some(({ name }) => name === session.scheme.name)) return undefined;
  if (session.answer.needsBody && body.consumed !== undefined) return undefined;
  if (clearText({ ...session, strength: 0 }, space.origin) && !rules.allowsInsecure(space.origin)) return undefined;
  return { space, session, answer: session.answer, target, borrowed: true };
}

async function send<Outcome>(
  conversation: Conversation<Outcome>,
  target: Target,
  attempt: Attempt | undefined,
): Promise<Reply<Outcome>> {
  const { wire, clock, recorder } = conversation;
  const authorization = attempt && (await authorize(conversation, attempt.answer, target));
  recordSend(conversation, target, attempt, authorization);
  const start = clock.now();
  const reply = await wire.send(target, authorization, attempt && hop(conversation, attempt));
  const { sends } = conversation;
  recorder.record({ type: 'reply', send: sends, status: reply.status, milliseconds: clock.now() - start });
  return reply;
}

async function authorize({ nonces, wire }: Conversation, answer: Answer, target: Target): Promise<Authorization> {
  const { method, uri } = target;
  if (answer.nonce !== undefined) nonces.add(answer.nonce);
  return answer.authorize({ method, uri, body: answer.needsBody ? await wire.body.bytes() : undefined });
}

/** A Digest answer holds for one request-target: each hop of a redirect needs its own, and none outside the space. */
function hop(conversation: Conversation, attempt: Attempt): AuthorizeHop {
  const { answer, space } = attempt;
  return (target) => {
    if (target.origin !== space.origin || !space.covers(target.pathname) || answer.needsBody) return undefined;
    const authorization = answer.authorize(target);
    recordSend(conversation, target, attempt, authorization);
    return authorization;
  };
}

function recordSend(
  conversation: Conversation,
  { method, url }: Target,
  attempt: Attempt | undefined,
  authorization: Authorization | undefined,
): void {
  conversation.sends += 1;
  const { sends, recorder } = conversation;
  const event = {
    type: 'send',
    send: sends,
    method,
    url: bareUrl(url),
    preemptive: sends === 1 && attempt !== undefined,
  } as const;
  const nc = authorization?.nc === undefined ? {} : { nc: authorization.nc };
  recorder.record(attempt ? { ...event, scheme: attempt.session.label, ...usernameOf(attempt.session), ...nc } : event);
}

/** The answer to a 401; `undefined`, with the reason recorded, leaves it to the caller. */
async function answer(
  conversation: Conversation,
  reply: Reply<unknown>,
  attempt: Attempt | undefined,
): Promise<Attempt | undefined | typeof GIVEN_UP> {
  const { wire, rules } = conversation;
  const { target } = reply;
  if (!target) return decline(conversation, 'ERR_AUTH_ORIGIN', 'the client does not tell who answered');
  if (target.origin !== wire.target.origin)
    return decline(conversation, 'ERR_AUTH_ORIGIN', foreign(target, wire.target));
  if (reply.leftOrigin) return decline(conversation, 'ERR_AUTH_ORIGIN', 'a redirect led through another origin');
  const challenges = parseChallenges(reply.challenges ?? []);
  const judgement = attempt && (await judge(conversation, attempt, reply, challenges));
  const demand = readDemand(conversation, target, challenges);
  if (!demand) return undefined;
  if (typeof judgement === 'object' && 'final' in judgement) {
    return decline(conversation, 'ERR_AUTH_REFUSED', judgement.final);
  }
  if (wire.body.consumed !== undefined) return decline(conversation, 'ERR_AUTH_BODY', wire.body.consumed);
  if (conversation.sends > rules.maxCredentials + MAX_RENEWALS) {
    return decline(conversation, 'ERR_AUTH_REFUSED', `${conversation.sends} requests were enough`);
  }
  if (attempt && judgement)
    return renew(conversation, attempt, demand, judgement === 'stale' ? undefined : judgement.again);
  const session = await acquire(conversation, demand);
  return session && session !== GIVEN_UP ? attemptWith(conversation, demand, session) : session;
}

function foreign(answered: Target, addressed: Target): string {
  return `the challenge came from ${answered.origin}, and the request was for ${addressed.origin}`;
}

/** The same credential with another nonce, or written otherwise. */
function renew(
  conversation: Conversation,
  attempt: Attempt,
  demand: Demand,
  again: Answer | undefined,
): Attempt | undefined {
  conversation.renewals += 1;
  if (conversation.renewals > MAX_RENEWALS) {
    return decline(conversation, 'ERR_AUTH_STALE', `the server called ${conversation.renewals} nonces stale`);
  }
  const { session } = attempt;
  const next = again
    ? { ...attempt, target: demand.target, answer: again, borrowed: false }
    : attemptWith(conversation, demand, session);
  if (next) attempt.space.move(session, attempt.answer, next.answer);
  return next;
}

/** Answers with the nonce in use, or with that of the 401 if the one in use has been tried. */
function attemptWith(conversation: Conversation, demand: Demand, session: Session): Attempt | undefined {
  const { space, target } = demand;
  const choice = demand.choices.find(({ scheme }) => scheme.name === session.scheme.name);
  if (!choice) return decline(conversation, 'ERR_AUTH_CHALLENGE', 'the server asks for another scheme');
  const tried = session.answer.nonce === undefined || conversation.nonces.has(session.answer.nonce);
  const answer = tried ? space.answerTo(choice.challenge, session) : session.answer;
  conversation.recorder.record({ type: 'chosen', challenge: choice.label });
  return { space, session, answer, target, borrowed: answer.nonce !== choice.challenge.params.nonce };
}
