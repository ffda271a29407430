/** Messages of a handshake that are sure to be followed by another. */

import { memberOf } from '../../base/own.js';
import { type Attempt, isByConnection } from '../party/conversation.js';
import type { Wire } from '../port/transport.js';

/** Whether the answer is a message of a handshake that has nothing of the credential in it yet. */
export function isPartial({ session, lane }: Pick<Attempt, 'session' | 'lane'>): boolean {
  return session.choice.bindsConnection && memberOf(lane.answer, 'isPartial') === true;
}

/**
 * Whether the body stays behind: the answer is a message of a handshake that is sure to be followed by another. What
 * waits for a tunnel goes with its body, because who lets the CONNECT in has not seen the message's request.
 */
export function isUnfinished(wire: Pick<Wire<unknown>, 'isBodyless'>, attempt: Attempt): boolean {
  const { lane, target } = attempt;
  if (isByConnection(attempt) || memberOf(lane.answer, 'isPartial') !== true || target.method === 'CONNECT')
    return false;
  return wire.isBodyless?.(target) !== true;
}
