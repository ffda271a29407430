/** What a 401 says of a credential, short of proof: no provider is told, and it is sent no more (SEC-36). */

import type { Reading } from '../challenge/select.js';
import type { Session } from '../memory/session.js';
import type { Attempt, Conversation } from '../party/conversation.js';
import type { Reply } from '../port/transport.js';

/** A 401 came to our authorization, and does not name the challenge that was answered. */
export function doubt(
  conversation: Conversation,
  attempt: Attempt,
  reply: Reply<unknown>,
  readings: readonly Reading[],
): void {
  const { session, space, target } = attempt;
  const { pathname, url } = reply.target ?? target;
  if (isLetIn(session) && isOthers(session, readings)) space.ceded.add(pathname);
  // Whether the redirect came because it was right, or because it was wrong, is shown by what comes next.
  else if (!isLetIn(session) && url !== target.url) stray(conversation, session);
  else despair(conversation, attempt);
}

/** The server goes on without a word that the credential is right. */
export function despair({ clock }: Conversation, { session, space, doubts }: Attempt): void {
  if (isLetIn(session)) space.doubt(session, doubts, clock.now());
  else space.disbelieve(session, clock.now());
}

function stray({ trial, strays }: Conversation, { reputation }: Session): void {
  if (trial) trial.isOut = true;
  strays.push(reputation);
}

function isLetIn({ admitted, approved }: Session): boolean {
  return admitted || approved;
}

/** Whether another realm asks: the credential was sent beyond its own. */
function isOthers({ realm }: Session, readings: readonly Reading[]): boolean {
  return readings.some(({ challenge: { params } }) => (params.realm ?? realm) !== realm);
}
