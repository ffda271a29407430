/** One logical request with all its sends: send, read the challenge, answer, send again, hear the verdict. */

import type { Answer, Authorization } from '../model.js';
import { parseChallenges } from '../syntax/challenge.js';
import { acquire } from './acquire.js';
import { type Attempt, type Context, Conversation, closeLane, decline } from './conversation.js';
import { type Demand, readDemand } from './demand.js';
import { GIVEN_UP } from './flight.js';
import { Lane, type Patience } from './lane.js';
import { objection } from './policy.js';
import type { Rules } from './rules.js';
import type { Choice } from './select.js';
import type { Session } from './space.js';
import { urlOf } from './trace.js';
import { conclude, type Judgement, judge } from './verdict.js';
import type { AuthorizeHop, Reply, Target } from './wire.js';

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

/** The first send carries an authorization when the URL lies in a known space (RFC 7617 §2.2, RFC 7616 §3.3). */
function preempt({ wire, rules, spaces }: Conversation): Attempt | undefined {
  if (!rules.preemptive || spaces.size === 0) return undefined;
  const { target } = wire;
  const space = spaces.covering(target.origin, target.pathname);
  const session = space?.session;
  // Another scheme object may have other options: then the challenge has to be seen again.
  if (!space || !session || !rules.schemes.includes(session.scheme)) return undefined;
  if (session.lane.answer.needsBody && wire.body.consumed !== undefined) return undefined;
  if (session.scheme.clearText && objectionTo(rules, session, space.origin)) return undefined;
  return { space, session, lane: session.lane, target, borrowed: true };
}

/** Policy may differ from request to request. */
function objectionTo({ allowsInsecure, mutual }: Rules, session: Session, origin: string): boolean {
  const standing = { origin, strongest: undefined, allowed: allowsInsecure(origin), mutual };
  return objection(session, standing) !== undefined;
}

// How long a request waits for a nonce of its own before it goes without one, and is given one with the 401.
const PATIENCE = 5000;

function patience({ clock, wire }: Conversation): Patience {
  return (lane) => clock.within(PATIENCE, lane, wire.signal);
}

/** Waits for a nonce to itself, where the server wants that; without any, the next 401 brings one. */
async function inLane(conversation: Conversation, attempt: Attempt): Promise<Attempt | undefined | typeof GIVEN_UP> {
  const { space, session } = attempt;
  const lane = await session.lanes?.take(patience(conversation));
  if (lane === GIVEN_UP) return lane;
  // What became of the credential in the meantime is known to those who had the nonces.
  return lane && space.session === session ? { ...attempt, lane } : undefined;
}

async function firstSend<Outcome>(conversation: Conversation<Outcome>): Promise<Reply<Outcome>> {
  const { wire, clock, recorder } = conversation;
  conversation.sends = 1;
  recorder.first();
  const start = clock.now();
  const reply = await wire.send();
  recorder.first({ status: reply.status, milliseconds: clock.now() - start });
  return reply;
}

async function send<Outcome>(conversation: Conversation<Outcome>, attempt: Attempt): Promise<Reply<Outcome>> {
  const { wire, clock, recorder, nonces } = conversation;
  const { lane, target } = attempt;
  const { answer } = lane;
  nonces.push(answer.nonce);
  const body = answer.needsBody ? await wire.bytes(target) : undefined;
  lane.enter();
  const authorization = answer.authorize({ method: target.method, uri: target.uri, body });
  const send = recordSend(conversation, target, attempt, authorization);
  const start = clock.now();
  try {
    const reply = await wire.send(target, authorization, hop(conversation, attempt));
    recorder.record({ type: 'reply', send, status: reply.status, milliseconds: clock.now() - start });
    return reply;
  } catch (error) {
    // Whether the server has seen the nc is not known: whoever wants them in order may be missing one.
    closeLane(conversation, attempt);
    conversation.endRenewal();
    throw error;
  } finally {
    lane.leave();
  }
}

/** A Digest answer holds for one request-target: each hop of a redirect needs its own, and none outside the space. */
function hop(conversation: Conversation, attempt: Attempt): AuthorizeHop {
  const { space, lane } = attempt;
  return (target) => {
    const { answer } = lane;
    if (target.origin !== space.origin || !space.covers(target.pathname) || answer.needsBody) return undefined;
    const authorization = answer.authorize(target);
    recordSend(conversation, target, attempt, authorization);
    return authorization;
  };
}

function recordSend(conversation: Conversation, target: Target, { session }: Attempt, { nc }: Authorization): number {
  conversation.sends += 1;
  const { sends, recorder } = conversation;
  const { credential, label: scheme } = session;
  recorder.record({
    type: 'send',
    send: sends,
    method: target.method,
    url: urlOf(target),
    scheme,
    username: 'token' in credential ? undefined : credential.username,
    nc,
    preemptive: sends === 1,
  });
  return sends;
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

/** Whether the same credential may go at once; another request may have learnt meanwhile that it is wrong. */
function isRenewable(
  { clock }: Conversation,
  { space, session }: Attempt,
  judgement: Judgement,
): judgement is 'stale' | Extract<Judgement, { again: Answer }> {
  if (judgement === undefined || judgement === 'doubtful') return false;
  return !space.hasRefused(session.credential, clock.now());
}

/** The same credential with another nonce, or written otherwise. */
async function renew(
  conversation: Conversation,
  attempt: Attempt,
  demand: Demand,
  judgement: 'stale' | { readonly again: Answer },
): Promise<Attempt | undefined | typeof GIVEN_UP> {
  const { space, session, lane } = attempt;
  const choice = choiceFor(demand, session);
  if (!choice) return decline(conversation, 'ERR_AUTH_CHALLENGE', 'the server asks for another scheme');
  const fresh = judgement === 'stale' ? space.laneOf(choice.challenge, session) : new Lane(judgement.again);
  space.move(session, lane, fresh);
  return onLane(conversation, demand, session, choice, fresh);
}

/** Answers with the nonce in use, or with that of the 401 if the one in use has been tried. */
async function attemptWith(
  conversation: Conversation,
  demand: Demand,
  session: Session,
): Promise<Attempt | undefined | typeof GIVEN_UP> {
  const choice = choiceFor(demand, session);
  if (!choice) return decline(conversation, 'ERR_AUTH_CHALLENGE', 'the server asks for another scheme');
  const { nonce } = session.lane.answer;
  // Nobody else has used the nonce of this very 401; but one nonce for all who come together is what servers like.
  const isUntried = nonce !== undefined && !session.lanes && !conversation.nonces.includes(nonce);
  const lane = isUntried && conversation.renewals === 0 ? session.lane : demand.space.laneOf(choice.challenge, session);
  demand.space.adopt(session, lane);
  return onLane(conversation, demand, session, choice, lane);
}

function choiceFor({ choices }: Demand, session: Session): Choice | undefined {
  return choices.find(({ scheme }) => scheme.name === session.scheme.name);
}

async function onLane(
  conversation: Conversation,
  { space, target, reply }: Demand,
  session: Session,
  choice: Choice,
  fresh: Lane,
): Promise<Attempt | typeof GIVEN_UP> {
  const { recorder } = conversation;
  const { nonce } = choice.challenge.params;
  const { lanes } = session;
  if (lanes?.isTaken(fresh)) await reply.free();
  const entering = nonce === undefined ? undefined : lanes?.enter(fresh, patience(conversation));
  conversation.endRenewal();
  const lane = entering ? await entering : fresh;
  if (lane === GIVEN_UP) return GIVEN_UP;
  recorder.record({ type: 'chosen', challenge: choice.label });
  const used = lane ?? fresh;
  return { space, session, lane: used, target, borrowed: used.answer.nonce !== nonce };
}
