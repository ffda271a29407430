/** The proof of a server that it knows the password, and the nonce for the next request (RFC 7616 §3.5, SEC-41). */

import { memberOf } from '../../base/own.js';
import { AuthError } from '../../errors.js';
import type { Authorization, Confirmation } from '../../model.js';
import { parseChallenges } from '../../syntax/challenge.js';
import { Lane } from '../memory/lane.js';
import type { Attempt, Conversation } from '../party/conversation.js';
import { Unproven } from '../party/ending.js';
import type { Reply } from '../port/transport.js';

/** Reads the proof that comes with the last response, and the nonce for the next request. @throws Unproven */
export function prove(conversation: Conversation, attempt: Attempt, reply: Reply<unknown>): Promise<void> | undefined {
  const { space, session, lane } = attempt;
  const { authorization } = reply;
  if (authorization) return confirm(conversation, attempt, reply, authorization);
  if (!isToBeProven(conversation, reply)) return undefined;
  session.lanes?.give(lane);
  throw unproven(space, reply, LED_AWAY);
}

/**
 * Reads a response to a request that nobody has authorized: where proof is due, a page without any is not believed.
 *
 * @throws Unproven
 */
export function expectProof(conversation: Conversation, reply: Reply<unknown>): void {
  const { wire, challenger, spaces } = conversation;
  const { due } = spaces.stores;
  if (challenger.handsOff !== undefined || !isToBeProven(conversation, reply)) return;
  if (due.has(wire.target)) throw unproven(wire.target, reply, UNASKED);
  if (reply.target && due.has(reply.target)) throw unproven(reply.target, reply, UNASKED);
}

const LED_AWAY = 'led by a redirect to where no proof can come from';
const UNASKED = 'asked for no authorization where one was answered before';

// What a cache may have kept of a response that was not believed is not believed either.
const unbelieved = new WeakSet<object>();

/** An error is handed on: it says that there is no page. What a cache kept was proven when it came. */
function isToBeProven({ rules }: Conversation, { status, isKept, response }: Reply<unknown>): boolean {
  if (rules.mutual !== 'require' || status >= 400) return false;
  return !isKept || unbelieved.has(response as object);
}

/** `Authentication-Info`, or the challenges of a handshake: the server's proof, and the nonce for the next request (RFC 7616 §3.5). */
function confirm(
  conversation: Conversation,
  attempt: Attempt,
  reply: Reply<unknown>,
  authorization: Authorization,
): Promise<void> | undefined {
  if (attempt.session.choice.bindsConnection) {
    const concluding = memberOf(authorization, 'conclude')?.(parseChallenges(reply.challenges ?? []));
    if (concluding) return concluding.then((said) => believe(conversation, attempt, reply, said, 'final token'));
  }
  const { authenticationInfo } = reply;
  if (authenticationInfo === undefined && !isToBeProven(conversation, reply)) return undefined;
  const said = memberOf(authorization, 'confirm')?.(authenticationInfo ?? '', () => reply.body()) ?? NOTHING_SAID;
  believe(conversation, attempt, reply, said, 'rspauth');
  return undefined;
}

/** @throws Unproven where the proof is wrong, or missing and asked for */
function believe(
  conversation: Conversation,
  { space, session, lane }: Attempt,
  reply: Reply<unknown>,
  { mutual, next }: Confirmation,
  proof: 'rspauth' | 'final token',
): void {
  const isWrong = conversation.rules.mutual !== 'off' && mutual === false;
  const isReplayable = memberOf(lane.answer, 'isReplayable') === true;
  if (isWrong || (isToBeProven(conversation, reply) && (!mutual || isReplayable))) {
    space.drop(session);
    throw unproven(space, reply, isWrong ? `sent a wrong ${proof}` : `sent no ${proof} that can be checked`);
  }
  if (!next) return;
  // Others may still be on their way with a lane from before nonces were kept apart.
  if (session.lanes?.isTaken(lane)) lane.answer = next;
  else space.move(session, lane, new Lane(next));
}

const NOTHING_SAID: Confirmation = { mutual: undefined, next: undefined };

function unproven(
  { origin }: { readonly origin: string },
  { status, response }: Reply<unknown>,
  reason: string,
): Unproven {
  unbelieved.add(response as object);
  const whom = reason.includes('final token') ? 'is the server of the ticket' : 'knows the password';
  const message = `${origin} ${reason}: it does not prove that it ${whom} (do not trust the response)`;
  const error = new AuthError('ERR_AUTH_MUTUAL', message, { response });
  return new Unproven({ status, code: 'ERR_AUTH_MUTUAL', reason: `the server ${reason}` }, error);
}
