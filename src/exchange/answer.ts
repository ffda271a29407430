/** What is done about a challenge: the answer in use again, another credential, or nothing, with the reason. */

import { parseChallenges } from '../syntax/challenge.js';
import { acquire } from './acquire.js';
import { attemptWith, isRenewable, renew } from './attempt.js';
import { type Attempt, type Conversation, decline } from './conversation.js';
import { readDemand } from './demand.js';
import { GIVEN_UP } from './flight.js';
import { crossing } from './policy.js';
import { type Judgement, judge } from './verdict.js';
import type { Reply, Target } from './wire.js';

// A nonce may run out while a request is on its way, and again; a server that always says so is not followed further.
const MAX_RENEWALS = 3;
// A redirect may lead from one space to another. A realm that is a new one each time would have a wrong password sent
// again and again, which locks the account.
const SPACES = 2;

/** The answer to a challenge; `undefined`, with the reason recorded, where there is none. */
export async function attemptFor(
  conversation: Conversation,
  reply: Reply<unknown>,
): Promise<Attempt | undefined | typeof GIVEN_UP> {
  const { wire, rules, attempt, challenger } = conversation;
  if (challenger.handsOff !== undefined) return leaveAlone(conversation, challenger.handsOff);
  const challenges = parseChallenges(reply.challenges ?? []);
  const judgement = attempt && (await judge(conversation, attempt, reply, challenges));
  conversation.attempt = undefined;
  const target = addressed(conversation, reply);
  const demand = target && readDemand(conversation, target, reply, challenges);
  if (!demand) return undefined;
  if (isFinal(judgement)) return decline(conversation, 'ERR_AUTH_REFUSED', judgement.final);
  // A CONNECT has no body; the request that waits for its tunnel has.
  const consumed = wire.consumed(challenger.proxy ? wire.target : target);
  if (consumed !== undefined) return decline(conversation, 'ERR_AUTH_BODY', consumed);
  conversation.answers += 1;
  if (conversation.answers > rules.maxCredentials + MAX_RENEWALS) {
    return decline(conversation, 'ERR_AUTH_REFUSED', `${conversation.answers - 1} answers were enough`);
  }
  if (judgement === 'elsewhere') conversation.detours += 1;
  else if (judgement) conversation.renewals += 1;
  if (conversation.detours >= Math.max(rules.maxCredentials, SPACES)) {
    return decline(conversation, 'ERR_AUTH_REFUSED', `${conversation.detours} answers led from realm to realm`);
  }
  if (conversation.renewals > MAX_RENEWALS) {
    return decline(conversation, 'ERR_AUTH_STALE', `the server called ${conversation.renewals} nonces stale`);
  }
  if (attempt && isRenewable(conversation, attempt, judgement)) return renew(conversation, attempt, demand, judgement);
  const session = await acquire(conversation, demand);
  return session && session !== GIVEN_UP ? attemptWith(conversation, demand, session) : session;
}

function leaveAlone({ recorder, challenger: { status } }: Conversation, reason: string): undefined {
  recorder.record({ type: 'end', status, reason });
}

/** Who asks, if it is whom the caller addressed, or trusts (SEC-02). */
function addressed(conversation: Conversation, { target, visited }: Reply<unknown>): Target | undefined {
  const { wire, rules, challenger } = conversation;
  if (!target) return decline(conversation, 'ERR_AUTH_ORIGIN', 'the client does not tell who answered');
  if (challenger.proxy) return target;
  const reason = crossing(wire.target.origin, [...visited, target.origin], rules);
  return reason === undefined ? target : decline(conversation, 'ERR_AUTH_ORIGIN', reason);
}

function isFinal(judgement: Judgement): judgement is Extract<Judgement, { final: string }> {
  return typeof judgement === 'object' && Object.hasOwn(judgement, 'final');
}
