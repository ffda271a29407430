/** A credential for a space: the one in use, or one from the providers, tried by one request at a time. */

import type { CredentialRequest } from '../model.js';
import { type Conversation, decline, holdTrial, patienceOf } from './conversation.js';
import type { Demand } from './demand.js';
import { GIVEN_UP, orGiveUp } from './flight.js';
import { type Found, type Heard, lookUp, type Searched } from './lookup.js';
import { credentialRequest } from './request.js';
import type { Session } from './space.js';

/** The session to answer with; `undefined`, with the reason recorded, when there is no credential. */
export async function acquire(
  conversation: Conversation,
  demand: Demand,
): Promise<Session | undefined | typeof GIVEN_UP> {
  const { wire, clock } = conversation;
  conversation.refusalsBefore ??= demand.space.refusals;
  const { refusalsBefore } = conversation;
  for (;;) {
    if (wire.signal?.aborted) return GIVEN_UP;
    const session = usable(demand);
    if (session?.admitted) return session;
    if (session && !session.trial) return beginTrial(conversation, session);
    if (session?.trial) {
      const { trial } = session;
      if (trial === conversation.trial) return session;
      // Who tries may be waiting for the nonce that this request was after.
      conversation.endRenewal();
      await orGiveUp(demand.reply.free(), wire.signal);
      const waited = await clock.within(patienceOf(conversation), trial, wire.signal);
      if (waited === GIVEN_UP) return GIVEN_UP;
      // It takes too long: one of those who wait tries next to it.
      if (waited === 'timeout' && session.trial === trial) return beginTrial(conversation, session);
    } else {
      await orGiveUp(demand.reply.free(), wire.signal);
      // Another request may have found one meanwhile, or the caller has given up.
      if (usable(demand) || wire.signal?.aborted) continue;
      const found = await find(conversation, demand, demand.space.refusals - refusalsBefore);
      if (found === GIVEN_UP || found === undefined) return found;
    }
  }
}

/** The session of the space, if it fits what is asked for now. */
function usable({ space: { session }, choices }: Demand): Session | undefined {
  return choices.some(({ scheme }) => scheme.name === session?.scheme.name) ? session : undefined;
}

function beginTrial(conversation: Conversation, session: Session): Session {
  let settle = () => {};
  const trial = new Promise<void>((resolve) => {
    settle = resolve;
  });
  session.trial = trial;
  holdTrial(conversation, trial, () => {
    if (session.trial === trial) session.trial = undefined;
    settle();
  });
  return session;
}

async function find(
  conversation: Conversation,
  demand: Demand,
  refused: number,
): Promise<Found | undefined | typeof GIVEN_UP> {
  const { rules, wire } = conversation;
  const { space, choices } = demand;
  const remaining = rules.maxCredentials - refused;
  if (remaining <= 0)
    return decline(conversation, 'ERR_AUTH_REFUSED', `${refused} refused, and no more may be tried (maxCredentials)`);
  let isOurs = false;
  const search = (signal: AbortSignal) => {
    isOurs = true;
    return searchFor(conversation, demand, refused, remaining, signal);
  };
  const searched = await space.lookupFor(choices).join(search, wire.signal);
  if (searched === GIVEN_UP) return searched;
  if (!isOurs) for (const one of searched.heard) conversation.recorder.record({ ...one, shared: true });
  if (searched.found) return searched.found;
  if (refused === 0) return decline(conversation, 'ERR_AUTH_NONE', 'no provider has a credential');
  return decline(conversation, 'ERR_AUTH_REFUSED', 'the server refused the credential, and no provider has another');
}

async function searchFor(
  { rules, recorder, clock, wire, challenger }: Conversation,
  { space, target, choices }: Demand,
  refused: number,
  remaining: number,
  signal: AbortSignal,
): Promise<Searched> {
  const { username, proxy } = challenger;
  const heard: Heard[] = [];
  // A redirect chose a trusted origin: what names no origin belongs to the one that the caller addressed (SEC-29).
  const isElsewhere = !proxy && space.origin !== wire.target.origin;
  const baseOrigin = challenger.baseOrigin ?? (isElsewhere ? wire.target.origin : undefined);
  const request: Omit<CredentialRequest, 'scheme'> = credentialRequest({
    space,
    target,
    refused,
    proxy,
    baseOrigin,
    username,
    signal,
  });
  const found = await lookUp({
    providers: rules.providers,
    choices,
    request,
    remaining,
    hasRefused: (credential) => space.hasRefused(credential, clock.now()),
    refusedUsername: space.refusedUsername,
    clock,
    record: (one) => {
      heard.push(one);
      recorder.record(one);
    },
  });
  if (!found || signal.aborted) return { found: undefined, heard };
  // Put to use before anyone who waits goes on: all of them find the same session.
  space.open(found);
  return { found, heard };
}
