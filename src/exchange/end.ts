/** Ends an exchange: what the last response says of the credentials that it was sent with, and the end of the record. */

import { expectProof, prove } from './answer/proof.js';
import { apply, noteAmbient } from './apply.js';
import { conclude, isLetIn } from './conclusion.js';
import { isPartial } from './connection/partial.js';
import { pinningOf } from './connection/pin.js';
import { type Attempt, type Conversation, isByConnection } from './party/conversation.js';
import type { Conversations } from './party/conversations.js';
import type { Ending } from './party/ending.js';
import type { Reply } from './port/transport.js';
import { lose } from './send/send.js';
import { NOT_CHALLENGED } from './trace/recorder.js';

/** Ends the record of an exchange that had something to say. */
export function finish({ origin: { recorder } }: Conversations, ending: Ending): void {
  recorder.record({ type: 'end', ...ending });
}

/** Nobody has asked for anything. @throws Unproven */
export function close(conversation: Conversation, reply: Reply<unknown>): void {
  expectProof(conversation, reply);
  conversation.recorder.close(reply.status);
}

/** The response asks for nothing. */
export async function end(conversations: Conversations, reply: Reply<unknown>): Promise<void> {
  const { origin } = conversations;
  const { status } = reply;
  const hearing = hearProxy(conversations, reply);
  if (hearing) await hearing;
  if (status === 407) {
    if (origin.attempt) lose(origin, origin.attempt);
    const reason = 'the 407 did not come from a proxy that axios was told to use';
    return finish(conversations, { status, code: 'ERR_AUTH_ORIGIN', reason });
  }
  if (origin.attempt) await hear(origin, origin.attempt, reply);
  else expectProof(origin, reply);
  finish(conversations, { status, reason: NOT_CHALLENGED });
}

/** Whatever the origin says: a proxy that passes it on has let the request through. */
export function hearProxy({ proxy }: Conversations, reply: Reply<unknown>): Promise<void> | undefined {
  const attempt = proxy?.attempt;
  if (!proxy || !attempt) return undefined;
  proxy.attempt = undefined;
  // What carried nothing for the proxy says so itself.
  if (reply.proxy || attempt.isBare) return hear(proxy, attempt, reply.proxy ?? reply);
  attempt.session.lanes?.give(attempt.lane);
  return undefined;
}

/** A response that asks for nothing more, to a request with this answer. @throws Unproven */
async function hear(conversation: Conversation, attempt: Attempt, reply: Reply<unknown>): Promise<void> {
  // The credential was proven right when the connection was authenticated.
  const { wire, challenger } = conversation;
  if (isByConnection(attempt)) {
    noteAmbient(conversation, attempt);
    return isLetIn(reply.status) ? pinningOf(wire)?.keep(challenger.proxy) : undefined;
  }
  const proving = prove(conversation, attempt, reply);
  if (proving) await proving;
  const { status, authorization } = reply;
  const facts = conclude({ status, authorization, isPartial: isPartial(attempt) }, challenger.proxy);
  return apply(conversation, attempt, { reply, readings: [] }, facts);
}
