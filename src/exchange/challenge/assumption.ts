/** What a response stands for that names no challenge which can be read: the caller's word for it (SEC-68). */

import type { Challenge } from '../../model.js';
import { parseChallenges } from '../../syntax/challenge.js';
import { wordsOf } from '../../syntax/said.js';
import type { Reply, Target } from '../port/transport.js';
import { isPrivate } from './policy.js';
import type { Assumption, Rules } from './rules.js';

/** What the caller's word comes to. */
export interface Assumed {
  /** `[]`: it is not gone by. */
  readonly challenges: readonly Challenge[];
  /** Why it is not gone by. */
  readonly reason: string | undefined;
}

/** Whether the space of an origin is known before it has asked. */
export function isForeseen(rules: Pick<Rules, 'preemptive' | 'assumption'>, origin: string): boolean {
  return rules.preemptive && rules.assumption?.known(origin) !== undefined;
}

/** Whether the space of some origin is known before it has asked. */
export function foresees({ preemptive, assumption }: Pick<Rules, 'preemptive' | 'assumption'>): boolean {
  return preemptive && assumption !== undefined && !assumption.isForEveryStatus;
}

/** The challenges that are known of an origin before it has answered. */
export function assumedBefore({ assumption }: Pick<Rules, 'assumption'>, origin: string): readonly Challenge[] {
  const text = assumption?.known(origin);
  return text === undefined ? [] : parseChallenges(text);
}

/** The challenges that a response stands for; `undefined`: it says itself what it wants, or the caller says nothing. */
export function assumedIn(
  { assumption }: Pick<Rules, 'assumption'>,
  addressed: Target,
  reply: Reply<unknown>,
): Assumed | undefined {
  const { status, target, response } = reply;
  if (!assumption || !mayStandForAnother(assumption, reply)) return undefined;
  if (!target || target.origin !== addressed.origin || isLedAway(addressed, reply)) return undefined;
  if (!isPrivate(target.origin) || parseChallenges(reply.challenges ?? []).length > 0) return undefined;
  try {
    return meant(assumption.of({ target, status, response }));
  } catch (error) {
    return objected(wordsOf(error));
  }
}

/** A success is none, and neither is a proxy's 407 or what a cache has kept. */
function mayStandForAnother({ isForEveryStatus }: Assumption, { status, isKept }: Reply<unknown>): boolean {
  if (status < 400 || status === 407 || isKept) return false;
  return status === 401 || isForEveryStatus;
}

function isLedAway({ origin }: Target, { visited }: Reply<unknown>): boolean {
  return visited.some((one) => one !== origin);
}

function meant(given: unknown): Assumed | undefined {
  if (given === undefined || given === null) return undefined;
  const challenges = typeof given === 'string' ? parseChallenges(given) : [];
  const reason = objectionToAssumed(challenges);
  return reason === undefined ? { challenges, reason } : objected(reason);
}

/** Why these challenges cannot be assumed. */
export function objectionToAssumed(challenges: readonly Challenge[]): string | undefined {
  if (challenges.length === 0) return 'it is no challenge';
  // RFC 7616 §3.3: the nonce is the server's.
  return challenges.some(({ scheme }) => scheme === 'digest') ? 'only the server can begin a Digest' : undefined;
}

function objected(reason: string): Assumed {
  return { challenges: [], reason };
}
