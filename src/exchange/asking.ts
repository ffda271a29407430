/** Whether a response asks for a credential, and which party asks. */

import type { Challenge } from '../model.js';
import { assumedFor } from './answer/assume.js';
import { isInsufficient } from './answer/step-up.js';
import type { Conversation } from './party/conversation.js';
import type { Conversations } from './party/conversations.js';
import type { Reply } from './port/transport.js';
import { isStopped } from './send/send.js';

/** The party that asks for a credential, and the reply as that party gave it. */
export interface AskingParty<Outcome> {
  readonly conversation: Conversation<Outcome>;
  readonly asked: Reply<Outcome>;
  /** What the caller says that the response stands for. */
  readonly assumed: readonly Challenge[];
}

/** `undefined`: no party asks, or none that may be answered. */
export function askingIn<Outcome>(
  conversations: Conversations<Outcome>,
  reply: Reply<Outcome>,
): AskingParty<Outcome> | undefined {
  const { origin } = conversations;
  const assumed = assumedFor(origin, reply);
  const isAsking = reply.status === 401 || assumed.length > 0 || isInsufficient(origin, reply);
  if (isAsking) return { conversation: origin, asked: reply, assumed };
  if (!isStopped(reply) || !reply.proxy || !conversations.proxy) return undefined;
  return { conversation: conversations.proxy, asked: reply.proxy, assumed };
}
