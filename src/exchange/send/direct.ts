/**
 * The beginning of an exchange that most requests never leave: a first send to a place of which nothing is known, or to a
 * space whose answer is known. An exchange begins only if the response needs it, because creating it costs more than all
 * else that a request pays here.
 */

import type { Rules } from '../challenge/rules.js';
import type { DirectSend } from './known.js';

/** The first send to a place of which nothing is known. */
export const UNKNOWN: DirectSend = { known: undefined };

/** The response to a direct send. */
export interface DirectReply {
  readonly status: number;
  readonly authenticationInfo: string | undefined;
  /** Whether a redirect led away from the target. */
  readonly hasMoved: boolean;
}

/**
 * Whether the response to a direct send begins an exchange: it asks for a credential, it has to prove something, or it
 * says more of a known credential than that it was let in, as before.
 */
export function needsExchange(
  { known }: DirectSend,
  reply: DirectReply,
  rules: Pick<Rules, 'mutual' | 'assumption'>,
): boolean {
  const { mutual, assumption } = rules;
  const { status, authenticationInfo, hasMoved } = reply;
  if (mutual === 'require' || status === 401 || status === 407) return true;
  if (status >= 400 && assumption?.isForEveryStatus) return true;
  return known !== undefined && (hasMoved || !known.letIn(status, authenticationInfo));
}
