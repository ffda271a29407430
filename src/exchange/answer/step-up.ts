/** A token that grants more, in place of one that is right and grants too little: from a provider that can (SEC-69). */

import { unlessAborted } from '../../base/abort.js';
import { parseChallenges } from '../../syntax/challenge.js';
import { type Insufficiency, suffices } from '../challenge/scope.js';
import { read, refusalIn } from '../challenge/select.js';
import type { Session } from '../memory/session.js';
import { type Attempt, type Conversation, decline } from '../party/conversation.js';
import type { Reply } from '../port/transport.js';
import { stand } from './acquire.js';
import type { Demand } from './demand.js';
import { search } from './search.js';

/** Whether a 403 says that the token it answers is right, and grants too little (RFC 6750 §3.1). */
export function isInsufficient({ attempt, rules }: Conversation, reply: Reply<unknown>): boolean {
  if (reply.status !== 403 || !attempt || !reply.authorization || !reply.challenges) return false;
  const { lane, session } = attempt;
  if (session.choice.scheme.credential !== 'token') return false;
  const own = read(parseChallenges(reply.challenges), rules.schemes).filter(
    ({ challenge }) => challenge.scheme === session.choice.scheme.name,
  );
  return own.some((reading) => refusalIn(reading, lane.answer)?.kind === 'insufficient');
}

/** The session to go on with: of this request, or of another that has asked for as much meanwhile. @throws Declined */
export async function stepUp(
  conversation: Conversation,
  { session, space }: Attempt,
  demand: Demand,
  { challenge, refusal, reason }: Insufficiency,
): Promise<Session> {
  const asked = { ...demand, space };
  await unlessAborted(demand.reply.free(), conversation.wire.signal);
  for (;;) {
    const current = space.session;
    if (current && current !== session && suffices(current.choice.challenge, challenge)) {
      const standing = await stand(conversation, asked, current);
      if (standing === 'undecided') decline(conversation, 'ERR_AUTH_REFUSED', reason);
      if (standing !== 'ask again') return standing;
    } else {
      const beyond = { credential: session.credential, refusal };
      const { found } = await search(conversation, asked, { refused: 0, remaining: 1, whom: 'all', beyond });
      if (!found) decline(conversation, 'ERR_AUTH_REFUSED', `${reason}, and no provider has one that grants more`);
    }
  }
}
