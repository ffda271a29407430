/** One send of an exchange, recorded, with a header for each hop of its redirects. */

import type { Authorization } from '../model.js';
import { usernameOf } from '../model.js';
import { type Attempt, type Conversation, closeLane } from './conversation.js';
import { urlOf } from './trace.js';
import type { AuthorizeHop, Reply, Target } from './wire.js';

/** The first send, where nothing is known of the place it goes to. */
export async function firstSend<Outcome>(conversation: Conversation<Outcome>): Promise<Reply<Outcome>> {
  const { wire, clock, recorder } = conversation;
  conversation.sends = 1;
  recorder.first();
  const start = clock.now();
  const reply = await wire.send();
  recorder.first({ status: reply.status, milliseconds: clock.now() - start });
  return reply;
}

/** A send that carries the answer of an attempt. */
export async function send<Outcome>(conversation: Conversation<Outcome>, attempt: Attempt): Promise<Reply<Outcome>> {
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
    username: usernameOf(credential),
    nc,
    preemptive: sends === 1,
  });
  return sends;
}
