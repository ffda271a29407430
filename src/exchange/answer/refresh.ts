/** A credential before the first send: another token in place of one that has run out, or one for a space that is foretold. */

import { expiryOf } from '../../model.js';
import { isExpiring, type Session } from '../memory/session.js';
import type { Attempt, Conversation } from '../party/conversation.js';
import type { Whom } from '../provider/lookup.js';
import { stand, usable } from './acquire.js';
import { type Asked, search } from './search.js';

/** The session to send with; `undefined`: the request goes without, and its 401 is answered. */
export async function refresh(conversation: Conversation, attempt: Attempt): Promise<Session | undefined> {
  const { space, session, target } = attempt;
  const asked = { space, target, choices: [session.choice], reply: undefined };
  const standing = await inAdvance(conversation, asked, 'all');
  if (standing === 'undecided') return undefined;
  return standing ?? usedToItsEnd(conversation, attempt);
}

/**
 * The session of a space, or one with a credential of the providers; `undefined`: nobody has one; `undecided`: another
 * request tries it, and is not waited for. `whom`: the providers that are asked.
 */
export async function inAdvance(
  conversation: Conversation,
  asked: Asked & { readonly reply: undefined },
  whom: Whom,
): Promise<Session | 'undecided' | undefined> {
  const { rules, clock } = conversation;
  for (;;) {
    const current = usable(asked);
    if (current && !isExpiring(current, clock)) {
      const standing = await stand(conversation, asked, current);
      if (standing !== 'ask again') return standing;
    } else {
      const tries = { refused: 0, remaining: rules.maxCredentials, whom, beyond: undefined };
      const { found } = await search(conversation, asked, tries);
      if (!found) return undefined;
    }
  }
}

/** No provider has another token: the one in use serves until it has really run out. */
function usedToItsEnd({ clock }: Conversation, { space, session }: Attempt): Session | undefined {
  session.goodUntil = expiryOf(session.credential) ?? 0;
  if (space.session === session && !isExpiring(session, clock)) return session;
  space.drop(session);
  return undefined;
}
