/** One logical request with all its sends: send, read the challenge, answer, send again, hear the verdict. */

import { Abandoned, unlessAborted } from '../base/abort.js';
import { withBody } from './answer/attempt.js';
import { type AskingParty, askingIn } from './asking.js';
import { isUnfinished } from './connection/partial.js';
import { close, end, finish, hearProxy } from './end.js';
import { type Context, noteVerdict } from './party/conversation.js';
import { Conversations } from './party/conversations.js';
import { Declined, Unproven } from './party/ending.js';
import { CutOff } from './port/cut-off.js';
import type { Reply, Target } from './port/transport.js';
import { attemptFor } from './respond.js';
import { sendAgain, sendRepeatable } from './send/again.js';
import { authorizeAtOnce, authorizeProxyAtOnce, authorizeTunnelAtOnce } from './send/at-once.js';
import type { KnownSend } from './send/known.js';
import { firstSend, lose, sendOnce, unseenOf } from './send/send.js';

/**
 * Sends a request and answers the challenges that come back, the origin's and those of a proxy on the way.
 *
 * @param first - a first send that the client has made by itself, and its response
 * @returns what the client gives its caller: the last response, or the 401 that was not answered, untouched
 * @throws what the client throws; CutOff, with that in it; AuthError ERR_AUTH_MUTUAL
 */
export async function exchange<Outcome>(context: Context<Outcome>, first?: First<Outcome>): Promise<Outcome> {
  const conversations = new Conversations(context);
  try {
    return await (first ? goOn(conversations, first) : begin(conversations));
  } catch (error) {
    if (error instanceof Abandoned) return giveUp(conversations);
    if (!(error instanceof Unproven)) throw error;
    finish(conversations, error.ending);
    throw error.error;
  } finally {
    conversations.end();
  }
}

async function begin<Outcome>(conversations: Conversations<Outcome>): Promise<Outcome> {
  const { origin } = conversations;
  const { wire, rules } = origin;
  if (rules.preemptive) {
    // A tunnel that is authenticated comes first: whose connection it is decides which the origin's may be.
    const forTunnel = authorizeTunnelAtOnce(conversations, wire.target);
    if (forTunnel) await forTunnel;
    // Most wait for nothing, and to await nothing is not free.
    const forOrigin = authorizeAtOnce(origin, wire.target);
    if (forOrigin) await forOrigin;
    const forProxy = authorizeProxyAtOnce(conversations, wire.target);
    if (forProxy) await forProxy;
  }
  const isAuthorized = origin.attempt !== undefined || conversations.proxy?.attempt !== undefined;
  const reply = isAuthorized ? await sendRepeatable(conversations, wire.target) : await firstSend(origin);
  return follow(conversations, reply, isAuthorized);
}

/** A first send that the client has made by itself, and a response that says something, or that it was cut off. */
export interface First<Outcome> {
  readonly reply: Reply<Outcome> | CutOff;
  readonly milliseconds: number;
  /** What went out; `undefined`: nothing was known of the place. */
  readonly known: KnownSend | undefined;
}

async function goOn<Outcome>(
  conversations: Conversations<Outcome>,
  { reply: given, milliseconds, known }: First<Outcome>,
): Promise<Outcome> {
  const { wire, recorder } = conversations.origin;
  if (known) adopt(conversations, known, given, milliseconds);
  const reply = given instanceof CutOff ? await sendAgain(conversations, wire.target, given) : given;
  if (!known) recorder.first({ status: reply.status, milliseconds });
  return follow(conversations, reply, known !== undefined);
}

/** After the first send, whoever made it. */
async function follow<Outcome>(
  conversations: Conversations<Outcome>,
  reply: Reply<Outcome>,
  isAuthorized: boolean,
): Promise<Outcome> {
  if (askingIn(conversations, reply)) return converse(conversations, reply);
  if (isAuthorized || reply.status === 407) await end(conversations, reply);
  else close(conversations.origin, reply);
  return reply.outcome;
}

function adopt(
  { origin }: Conversations,
  known: KnownSend,
  reply: Reply<unknown> | CutOff,
  milliseconds: number,
): void {
  const { recorder, clock, nonces } = origin;
  const { attempt, target, authorizations } = known;
  const now = clock.now();
  const send = known.record(recorder, now - milliseconds);
  nonces.push(attempt.lane.answer.nonce);
  origin.attempt = attempt;
  if (reply instanceof CutOff) return;
  recorder.record({ type: 'reply', send, status: reply.status, milliseconds }, now);
  origin.unseen = authorizations.origin && unseenOf({ attempt, target, authorization: authorizations.origin }, reply);
}

async function converse<Outcome>(conversations: Conversations<Outcome>, refused: Reply<Outcome>): Promise<Outcome> {
  const { origin } = conversations;
  let reply = refused;
  try {
    for (let asking = askingIn(conversations, reply); asking; asking = askingIn(conversations, reply)) {
      const target = await answer(conversations, asking, reply);
      await unlessAborted(reply.discard(), origin.wire.signal);
      reply = await whole(conversations, await sendAnswer(conversations, asking, target));
    }
    await end(conversations, reply);
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    finish(conversations, error.ending);
  } finally {
    if (origin.unseen) lose(origin, origin.unseen.attempt);
  }
  return reply.outcome;
}

/** A message without a body was let in, and no 401 asks for the next one: the request itself has yet to be sent. */
async function whole<Outcome>(conversations: Conversations<Outcome>, reply: Reply<Outcome>): Promise<Reply<Outcome>> {
  const { origin, proxy } = conversations;
  const { wire } = origin;
  const unfinished = [origin, ...(proxy ? [proxy] : [])].filter(
    ({ attempt }) => attempt && isUnfinished(wire, attempt),
  );
  if (unfinished.length === 0 || askingIn(conversations, reply)) return reply;
  const origins = unfinished.includes(origin) ? origin.attempt : undefined;
  for (const one of unfinished) {
    one.attempt = undefined;
    one.state = { ...one.state, isLetInEarly: true };
  }
  await unlessAborted(reply.discard(), wire.signal);
  return sendOnce(conversations, origins?.target ?? reply.target ?? wire.target);
}

/** @throws Declined where nobody knows whether the server has seen it, and it is not sent twice */
async function sendAnswer<Outcome>(
  conversations: Conversations<Outcome>,
  { conversation, asked: { status } }: AskingParty<Outcome>,
  target: Target,
): Promise<Reply<Outcome>> {
  try {
    return await sendRepeatable(conversations, target);
  } catch (error) {
    if (!(error instanceof CutOff)) throw error;
    noteVerdict(conversation, 'silent', error.reason === undefined ? 'no response' : 'was not sent');
    const why = whyNotAgain(conversations, target, error);
    const reason = error.reason ?? `the connection was closed when the answer was sent, and ${why}`;
    throw new Declined({ status, reason });
  }
}

function whyNotAgain({ origin, proxy }: Conversations, { method }: Target, { isRepeatable }: CutOff): string {
  if (isRepeatable) return 'the credential is tried no more for now';
  const isBound = [origin, proxy].some((one) => one?.attempt?.session.choice.bindsConnection);
  return isBound ? 'a handshake cannot go on on another' : `a ${method} like this is not sent twice`;
}

/** What was made ready will not be sent: its nonces are for others. */
function giveUp<Outcome>({ origin, proxy }: Conversations<Outcome>): Promise<Outcome> {
  for (const { attempt, unseen } of [origin, ...(proxy ? [proxy] : [])]) {
    if (attempt && !unseen) attempt.session.lanes?.give(attempt.lane);
  }
  return origin.wire.cancel();
}

/** Puts the answer in place, and gives the target of the next send. @throws Declined */
async function answer(
  conversations: Conversations,
  { conversation, asked, assumed }: AskingParty<unknown>,
  reply: Reply<unknown>,
): Promise<Target> {
  const { challenger, wire } = conversation;
  if (!challenger.proxy) await hearProxy(conversations, reply);
  const next = await attemptFor(conversation, asked, assumed);
  const target = challenger.proxy ? (reply.target ?? wire.target) : next.target;
  await withBody(conversation, next, target);
  conversation.attempt = next;
  if (!challenger.proxy) conversation.spaces.stores.due.note(next.target, next.space.prefixes);
  if (!challenger.proxy) await authorizeProxyAtOnce(conversations, target);
  return target;
}
