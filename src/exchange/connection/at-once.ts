/** Authorizes the first send to a known space whose scheme authorizes connections. */

import { memberOf } from '../../base/own.js';
import { Lane } from '../memory/lane.js';
import { isExpiring } from '../memory/session.js';
import { type Attempt, type Conversation, isByConnection } from '../party/conversation.js';
import { knownFor } from '../party/preempt.js';
import type { Target, Wire } from '../port/transport.js';
import { isInUse, pin, pinningOf, unpin, whyUnready } from './pin.js';

/** The credential of a space where it authorizes connections, and the client can keep one to itself. */
export function boundTo(conversation: Conversation, target: Target): Attempt | undefined {
  const { challenger, wire } = conversation;
  if (challenger.handsOff !== undefined) return undefined;
  const known = knownFor(conversation, target, () => !challenger.proxy && wire.isExposed === true);
  if (!known?.session.choice.bindsConnection || isExpiring(known.session, conversation.clock)) return undefined;
  const pinning = pinningOf(wire);
  return pinning && pinning.obstacle(target, challenger.proxy) === undefined ? known : undefined;
}

/**
 * Takes a connection that is authenticated, and sends nothing; or begins a handshake on one that is not.
 *
 * @returns `undefined` where the request goes without a connection of its own, and its 401 is answered
 * @throws Abandoned
 */
export async function takeConnection(conversation: Conversation, known: Attempt): Promise<Attempt | undefined> {
  const { space, session } = known;
  const pinned = await pin(conversation, known, false);
  const begun = isInUse(conversation, space, session) ? attemptOn(conversation, known, pinned) : undefined;
  const attempt = begun && (await ready(conversation, begun));
  if (!attempt) unpin(conversation);
  return attempt;
}

/** What makes no message is used no longer: the 401 has somebody else asked. */
async function ready(conversation: Conversation, begun: Attempt): Promise<Attempt | undefined> {
  if (isByConnection(begun) || (await whyUnready(conversation, begun)) === undefined) return begun;
  begun.space.drop(begun.session);
  return undefined;
}

/** A CONNECT has no body, whatever the request has that waits for its tunnel (RFC 9110 §9.3.6). */
function isBodyless(wire: Wire<unknown>, target: Target): boolean {
  return target.method === 'CONNECT' || wire.isBodyless?.(target) === true;
}

function attemptOn(
  { wire }: Conversation,
  known: Attempt,
  pinned: 'authenticated' | 'open' | 'absent',
): Attempt | undefined {
  const { session, target } = known;
  const { choice, credential } = session;
  if (pinned === 'authenticated') return { ...known, isBare: true };
  // What the server says with its challenge is different each time: the first message then needs a new one.
  if (pinned === 'absent' || choice.nonce !== undefined || choice.challenge.token68 !== undefined) return undefined;
  const answer = choice.offer.answer(credential);
  // A server that asks for nothing here would take the message without its body for the whole request.
  const isPart = memberOf(answer, 'isPartial') === true && !isBodyless(wire, target);
  return isPart ? undefined : { ...known, lane: new Lane(answer) };
}
