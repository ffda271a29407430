/** Applies the facts of a response, in their order: to the trace, to the memory, and to the provider that hears a verdict. */

import { placeOf } from './answer/demand.js';
import { despair, doubt } from './answer/doubt.js';
import { tell } from './answer/tell.js';
import type { Reading } from './challenge/select.js';
import { bondOf, pinningOf } from './connection/pin.js';
import type { Fact } from './judgement.js';
import { type Attempt, type Conversation, closeLane, noteVerdict } from './party/conversation.js';
import type { Reply } from './port/transport.js';

/** The response that the facts are about, and its challenges. */
interface Source {
  readonly reply: Reply<unknown>;
  readonly readings: readonly Reading[];
}

/** Applies them all; waits while a provider hears the verdict. */
export async function apply(
  conversation: Conversation,
  attempt: Attempt,
  source: Source,
  facts: readonly Fact[],
): Promise<void> {
  for (const fact of facts) {
    const telling = applyOne(conversation, attempt, source, fact);
    if (telling) await telling;
  }
}

function applyOne(
  conversation: Conversation,
  attempt: Attempt,
  { reply, readings }: Source,
  fact: Fact,
): Promise<void> | undefined {
  const { session, space, lane, borrowed } = attempt;
  switch (fact.type) {
    case 'verdict':
      noteVerdict(conversation, fact.verdict, fact.reason);
      return undefined;
    case 'nonce kept':
      session.lanes?.give(lane);
      return undefined;
    case 'let in':
      space.admit(session, fact.nc);
      if (session.lanes) session.lanes.proven = true;
      if (session.choice.bindsConnection) pinningOf(conversation.wire)?.keep(conversation.challenger.proxy);
      return undefined;
    case 'accepted':
      return accept(conversation, attempt);
    case 'nonce spent':
      closeLane(conversation, attempt);
      return undefined;
    case 'nonce suspect':
      space.suspect(session, lane, { stale: fact.isStale, own: !borrowed });
      return undefined;
    case 'unsettled':
      session.admitted = false;
      return undefined;
    case 'tried':
      conversation.endTrial();
      return undefined;
    case 'doubt':
      doubt(conversation, attempt, reply, readings);
      return undefined;
    case 'despair':
      despair(conversation, attempt);
      return undefined;
    case 'refused':
      return refuse(conversation, attempt, fact);
  }
}

/** What the operating system holds let a request in here: a password is not asked for in its place (SEC-19). */
export function noteAmbient({ spaces }: Conversation, { space, session: { choice }, target }: Attempt): void {
  if (choice.scheme.credential === 'ambient') spaces.stores.offers.ambient(placeOf(space, target), choice);
}

/** The requests that wait for the verdict go on before the provider has heard it. */
function accept(conversation: Conversation, attempt: Attempt): Promise<void> | undefined {
  const { session } = attempt;
  session.reputation.accept();
  for (const stray of conversation.strays) stray.account.forgive();
  conversation.endTrial();
  noteAmbient(conversation, attempt);
  if (session.approved) return undefined;
  session.approved = true;
  return tell(conversation, attempt, 'approve');
}

/** The requests that wait for the verdict go on before the provider has heard it. */
function refuse(
  conversation: Conversation,
  attempt: Attempt,
  { refusal }: Extract<Fact, { type: 'refused' }>,
): Promise<void> | undefined {
  const { space, session } = attempt;
  const isNews = space.refuse(session, refusal, conversation.clock.now());
  // Whoever was let in with it before may not be any more.
  if (session.choice.bindsConnection) pinningOf(conversation.wire)?.close(bondOf(conversation, attempt));
  conversation.endTrial();
  return isNews ? tell(conversation, attempt, 'reject') : undefined;
}
