/** The authorization of each hop of a redirect. */

import { memberOf } from '../../base/own.js';
import type { Authorization } from '../../model.js';
import type { Attempt } from '../party/conversation.js';
import type { Target } from '../port/transport.js';

/** What a hop of a redirect is sent with. */
export function authorizeHop(attempt: Attempt | undefined, target: Target | undefined): Authorization | undefined {
  // Another hop is another connection, or one that is authenticated by now (SEC-34).
  if (!attempt || !target || attempt.session.choice.bindsConnection) return undefined;
  const { space, lane } = attempt;
  const { answer } = lane;
  if (target.origin !== space.origin || !space.covers(target.pathname) || answer.needsBody) return undefined;
  const authorization = answer.authorize(target);
  if (!isPending(authorization)) return authorization;
  // The client cannot wait at a hop: its 401 is answered.
  authorization.catch(() => {});
  return undefined;
}

/** Whether an authorization is still being computed. */
export function isPending(
  authorization: Authorization | Promise<Authorization>,
): authorization is Promise<Authorization> {
  // An own value is told faster than the absence of a `then`.
  return (
    !Object.hasOwn(authorization, 'value') && memberOf(authorization as Promise<Authorization>, 'then') !== undefined
  );
}
