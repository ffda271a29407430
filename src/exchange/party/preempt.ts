/** Which credential goes with a request before it is challenged. */

import { objection, weakening } from '../challenge/policy.js';
import type { Rules } from '../challenge/rules.js';
import { isOutOfDate, type Session } from '../memory/session.js';
import type { Target } from '../port/transport.js';
import type { Attempt, Conversation } from './conversation.js';

const CONTROL = /[^ -~\u0080-\uffff]/;

/** The first send carries an authorization when the URL lies in a known space (RFC 7617 §2.2, RFC 7616 §3.3). */
export function preempt(
  party: Pick<Conversation, 'rules' | 'spaces'>,
  target: Target,
  isExposed?: () => boolean,
): Attempt | undefined {
  const known = knownFor(party, target, isExposed);
  // What authorizes a connection begins in connection/at-once.ts.
  return known?.session.choice.bindsConnection ? undefined : known;
}

/** The credential in use in the space of a URL, with whichever scheme. */
export function knownFor(
  { rules, spaces }: Pick<Conversation, 'rules' | 'spaces'>,
  target: Target,
  isExposed?: () => boolean,
): Attempt | undefined {
  // What no request line can carry is for the client to refuse, in its own words.
  if (spaces.size === 0 || CONTROL.test(target.uri)) return undefined;
  const space = spaces.covering(target.origin, target.pathname);
  const session = space?.session;
  // Another scheme object may have other options: then the challenge has to be seen again.
  if (!space || !session || !rules.schemes.includes(session.choice.scheme)) return undefined;
  // Another request of this client, in another memory, has heard that the credential is refused.
  if (session.approved && !session.reputation.isProven) return undefined;
  if (weakening(session.choice, session.use?.strongest) && !rules.allowsInsecure(space.origin)) {
    space.drop(session);
    return knownFor({ rules, spaces }, target, isExposed);
  }
  const { scheme, bindsConnection } = session.choice;
  if ((scheme.clearText || bindsConnection) && objectionTo(rules, session, space.origin, isExposed?.() ?? false))
    return undefined;
  if (isOutOfDate(rules, session)) return undefined;
  return { space, session, lane: session.lane, target, borrowed: true, doubts: session.doubts };
}

/** Policy may differ from request to request, and so may the way. */
function objectionTo({ allowsInsecure, mutual }: Rules, session: Session, origin: string, isExposed: boolean): boolean {
  const standing = { origin, isExposed, strongest: undefined, allowed: allowsInsecure(origin), mutual };
  return objection(session.choice, standing) !== undefined;
}
