/** A credential for a space: the one in use, or one from the providers, tried by one request at a time. */

import { Abandoned, unlessAborted } from '../../base/abort.js';
import { weakening } from '../challenge/policy.js';
import type { Choice } from '../challenge/select.js';
import { isExpiring, type Session } from '../memory/session.js';
import type { Tally } from '../memory/space.js';
import { type Conversation, decline, holdTrial } from '../party/conversation.js';
import type { Clock } from '../port/clock.js';
import { choiceFor, type Demand, isFor } from './demand.js';
import { type Asked, search } from './search.js';

/** The session to answer with. @throws Declined when there is no credential */
export async function acquire(conversation: Conversation, demand: Demand): Promise<Session> {
  const { wire } = conversation;
  conversation.tallyBefore ??= demand.space.tally;
  const { tallyBefore } = conversation;
  closeOvertaken(conversation, demand);
  for (;;) {
    if (wire.signal?.aborted) throw new Abandoned();
    const session = fitting(conversation, demand);
    if (session) {
      const standing = await stand(conversation, demand, session);
      if (standing === 'undecided') decline(conversation, 'ERR_AUTH_REFUSED', UNDECIDED);
      if (standing !== 'ask again') return standing;
    } else {
      await unlessAborted(demand.reply.free(), wire.signal);
      // Another request may have found one meanwhile, or the caller has given up.
      if (usable(demand) || wire.signal?.aborted) continue;
      await find(conversation, demand, since(tallyBefore, demand.space.tally));
    }
  }
}

/** A session is of no more use when its account has answered a stronger challenge, or when its token has run out. */
function closeOvertaken({ rules, clock }: Conversation, { space }: Demand): void {
  const { session, origin } = space;
  if (!session) return;
  const isWeaker = weakening(session.choice, session.use?.strongest) && !rules.allowsInsecure(origin);
  if (isWeaker || isExpiring(session, clock)) space.drop(session);
}

/** The session of the space, if its scheme is asked for now. */
export function usable(demand: Asked): Session | undefined {
  const { session } = demand.space;
  return session && choiceFor(demand, session) && session;
}

/** The usable session; if it answers another algorithm or qop, its credential in a new one. */
function fitting({ trial, clock }: Conversation, demand: Demand): Session | undefined {
  const session = usable(demand);
  const choice = session && choiceFor(demand, session);
  if (!choice || isFor(session, choice)) return session;
  // A trial of another request says first whether the credential is right.
  const other = session.reputation.trial(clock.now());
  const isTried = other !== undefined && other !== trial && !session.admitted;
  return isTried ? session : reopen(demand, session, choice, clock);
}

/** Takes the credential of a session for another challenge; the provider has been told of it already. */
function reopen({ space }: Demand, session: Session, choice: Choice, clock: Clock): Session {
  const { approved, isRefused } = session;
  space.drop(session);
  const answer = choice.offer.answer(session.credential, space.former);
  return Object.assign(space.open({ ...session, choice, answer }, clock), { approved, isRefused });
}

/** Whether a session may be used: at once if it was let in, else by one request at a time. `ask again`: more is known now; `undecided`: it is not waited for longer. */
export async function stand(
  conversation: Conversation,
  { space, reply }: Asked & { readonly reply: Demand['reply'] | undefined },
  session: Session,
): Promise<Session | 'ask again' | 'undecided'> {
  const { wire, clock } = conversation;
  const { reputation } = session;
  if (reputation.objection(clock.now())) {
    space.drop(session);
    return 'ask again';
  }
  // Another provider gave the same, and it was accepted.
  if (reputation.isProven && !session.approved) session.admitted = true;
  if (session.admitted) return session;
  const trial = reputation.trial(clock.now());
  if (trial === undefined) return beginTrial(conversation, session);
  if (trial === conversation.trial) return session;
  // Release our renewal first: the request that tries the credential may be waiting for it.
  conversation.endRenewal();
  if (reply) await unlessAborted(reply.free(), wire.signal);
  const waited = await clock.within(waitOf(conversation), trial.over, wire.signal);
  if (waited !== 'timeout' || reputation.trial(clock.now()) !== trial) return 'ask again';
  // It takes too long: one of those who wait tries next to it, if that is not one too many.
  if (reputation.account.mayTry(clock.now())) return beginTrial(conversation, session);
  return wire.timeout > 0 ? 'undecided' : 'ask again';
}

const UNDECIDED = 'the credential was sent before, and the server has not yet said whether it is right';

function beginTrial(conversation: Conversation, session: Session): Session {
  holdTrial(conversation, session.reputation);
  return session;
}

function since(before: Tally, now: Tally): Tally {
  return { refusals: now.refusals - before.refusals, kept: now.kept - before.kept };
}

/** Opens a session with a credential of a provider. @throws Declined */
async function find(conversation: Conversation, demand: Demand, { refusals: refused, kept }: Tally): Promise<void> {
  const { maxCredentials } = conversation.rules;
  // A person did not mistype an outdated entry of a store.
  const remaining = maxCredentials - (refused - kept);
  const isOver = refused >= maxCredentials;
  const isOverForAll = () =>
    decline(conversation, 'ERR_AUTH_REFUSED', `${refused} refused, and no more may be tried (maxCredentials)`);
  if (remaining <= 0) isOverForAll();
  const tries = { refused, remaining, whom: isOver ? 'people' : 'all', beyond: undefined } as const;
  const { found, heard } = await search(conversation, demand, tries);
  if (found) return;
  if (isOver && heard.length === 0) isOverForAll();
  const weaker = heard.find(({ code }) => code === 'ERR_AUTH_DOWNGRADE');
  if (weaker?.reason !== undefined) decline(conversation, 'ERR_AUTH_DOWNGRADE', weaker.reason);
  if (heard.some(({ code }) => code === 'ERR_AUTH_CANCELLED'))
    decline(conversation, 'ERR_AUTH_CANCELLED', 'the person left the question');
  if (refused === 0) decline(conversation, 'ERR_AUTH_NONE', 'no provider has a credential');
  decline(conversation, 'ERR_AUTH_REFUSED', 'the server refused the credential, and no provider has another');
}

// How long a request waits for another one of the same space: for its verdict on a credential, for its nonce. Each wrong
// password counts towards a lock-out, so one at a time; but a server may also take its time over an answer.
const TRIAL_WAIT_MS = 5000;

/** How long this request waits for another one, in milliseconds: no longer than its caller would for a send. */
export function waitOf({ wire: { timeout } }: Conversation): number {
  return timeout > 0 ? Math.min(timeout, TRIAL_WAIT_MS) : TRIAL_WAIT_MS;
}
