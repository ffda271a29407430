/** A credential for a space: the one in use, or one from the providers, tried by one request at a time. */

import type { CredentialRequest } from '../model.js';
import { type Conversation, decline } from './conversation.js';
import type { Demand } from './demand.js';
import { GIVEN_UP } from './flight.js';
import { type Found, lookUp } from './lookup.js';
import { realmText } from './realm.js';
import type { Session, Space } from './space.js';
import { urlOf } from './trace.js';

// How long a request waits while another one tries a credential. Each wrong try counts towards a lock-out, so one at
// a time; but a server may also take its time over the first answer.
const PATIENCE = 5000;

/** The session to answer with; `undefined`, with the reason recorded, when there is no credential. */
export async function acquire(
  conversation: Conversation,
  demand: Demand,
): Promise<Session | undefined | typeof GIVEN_UP> {
  const { space } = demand;
  conversation.refusalsBefore ??= space.refusals;
  for (;;) {
    const session = usable(space, demand);
    if (session?.proven) return session;
    if (session?.trial) {
      const waited = await conversation.clock.within(PATIENCE, session.trial, conversation.wire.signal);
      if (waited === GIVEN_UP) return GIVEN_UP;
      if (waited === 'timeout') return session;
    } else if (session) {
      return beginTrial(conversation, session);
    } else {
      const found = await find(conversation, demand);
      if (found === GIVEN_UP || found === undefined) return found;
    }
  }
}

/** The session of the space, if it fits what is asked for now. */
function usable({ session }: Space, { choices }: Demand): Session | undefined {
  return choices.some(({ scheme }) => scheme.name === session?.scheme.name) ? session : undefined;
}

function beginTrial(conversation: Conversation, session: Session): Session {
  let settle = () => {};
  session.trial = new Promise((resolve) => {
    settle = resolve;
  });
  conversation.endTrial = () => {
    session.trial = undefined;
    settle();
    conversation.endTrial = () => {};
  };
  return session;
}

async function find(conversation: Conversation, demand: Demand): Promise<Found | undefined | typeof GIVEN_UP> {
  const { rules, wire } = conversation;
  const { space } = demand;
  const refused = space.refusals - (conversation.refusalsBefore ?? 0);
  const remaining = rules.maxCredentials - refused;
  if (remaining <= 0) return decline(conversation, 'ERR_AUTH_REFUSED', `the server refused ${refused} credentials`);
  const found = await space.lookup.join(
    (signal) => search(conversation, demand, refused, remaining, signal),
    wire.signal,
  );
  if (found) return found;
  const reason =
    refused > 0 ? 'the server refused the credential, and no provider has another' : 'no provider has a credential';
  return decline(conversation, refused > 0 ? 'ERR_AUTH_REFUSED' : 'ERR_AUTH_NONE', reason);
}

async function search(
  { rules, recorder, clock, wire }: Conversation,
  { space, target, choices }: Demand,
  refused: number,
  remaining: number,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const request: Omit<CredentialRequest, 'scheme'> = {
    origin: space.origin,
    realm: realmText(space.realm),
    proxy: false,
    url: urlOf(target),
    ...(wire.baseOrigin === undefined ? {} : { baseOrigin: wire.baseOrigin }),
    ...(wire.username === undefined ? {} : { username: wire.username }),
    refused,
    signal,
  };
  const found = await lookUp({
    providers: rules.providers,
    choices,
    request,
    remaining,
    hasRefused: (credential) => space.hasRefused(credential),
    now: () => clock.now(),
    record: (event) => recorder.record(event),
  });
  // Put to use before anyone who waits goes on: all of them find the same session.
  if (found) space.open(found);
  return found;
}
