/** Looks for a credential with which challenges of a space can be answered: one search for all who wait. */

import { memberOf } from '../../base/own.js';
import { type Challenge, type Credential, type CredentialRequest, type Provider, usernameOf } from '../../model.js';
import { type Objection, weakening } from '../challenge/policy.js';
import type { Choice } from '../challenge/select.js';
import type { ProviderEvent, SearchResult } from '../memory/session.js';
import { sameCredential } from '../memory/space.js';
import type { Conversation } from '../party/conversation.js';
import { credentialRequest } from '../provider/credential-request.js';
import { flatten, lookUp } from '../provider/find.js';
import type { Whom } from '../provider/lookup.js';
import type { Demand } from './demand.js';

/** The challenges of a space that a credential is looked for. */
export type Asked = Pick<Demand, 'space' | 'target' | 'choices'>;

/** How many credentials were refused in this request, and how many more it may try. */
interface Tries {
  readonly refused: number;
  readonly remaining: number;
  readonly whom: Whom;
  /** The credential that grants too little, and the challenge that says so. */
  readonly beyond: { readonly credential: Credential; readonly refusal: Challenge } | undefined;
}

/** Joins the search under way, or begins one; each who waits for it records what the providers said. */
export async function search(conversation: Conversation, asked: Asked, tries: Tries): Promise<SearchResult> {
  const { recorder, wire } = conversation;
  let isOurs = false;
  const run = (signal: AbortSignal) => {
    isOurs = true;
    return searchFor(conversation, asked, tries, signal);
  };
  const searched = await asked.space.lookupFor(asked.choices, groupOf(tries)).join(run, wire.signal);
  if (!isOurs) for (const one of searched.heard) recorder.record({ ...one, shared: true });
  return searched;
}

/** A search that asks fewer providers is another one. */
function groupOf({ beyond, whom }: Tries): Whom | 'more' {
  return beyond ? 'more' : whom;
}

async function searchFor(
  conversation: Conversation,
  asked: Asked,
  { refused, remaining, whom, beyond }: Tries,
  signal: AbortSignal,
): Promise<SearchResult> {
  const { rules, recorder, clock, wire, challenger } = conversation;
  const { space, target, choices } = asked;
  const { callers, proxy } = challenger;
  const heard: ProviderEvent[] = [];
  // A redirect chose a trusted origin: what names no origin belongs to the one that the caller addressed (SEC-29, SEC-45).
  const isElsewhere = !proxy && space.origin !== wire.target.origin;
  const username = isElsewhere ? undefined : challenger.username;
  const baseOrigin = challenger.baseOrigin ?? (isElsewhere ? wire.target.origin : undefined);
  const request: Omit<CredentialRequest, 'scheme'> = credentialRequest({
    space,
    target,
    refused,
    refusal: beyond?.refusal ?? (refused > 0 ? space.refusal : undefined),
    proxy,
    baseOrigin,
    username,
    signal,
  });
  const isCallers = callers !== undefined && !isElsewhere;
  const all = { providers: isCallers ? [callers] : rules.providers };
  const found = await lookUp({
    providers: beyond ? steppers(all.providers) : all.providers,
    // The caller has named an account, and it is the only one.
    choices: isCallers ? choices.filter(({ scheme }) => scheme.credential !== 'ambient') : choices,
    request,
    remaining,
    whom,
    previous: space.former,
    hasRefused: (credential) =>
      beyond && sameCredential(credential, beyond.credential)
        ? SAME_AGAIN
        : (space.objectionTo(credential, clock.now()) ?? false),
    weakening: (credential, choice) => weakeningOf(conversation, asked, credential, choice),
    refusedUsername: space.refusedUsername,
    clock,
    record: (one) => {
      heard.push(one);
      recorder.record(one);
    },
  });
  if (!found || signal.aborted) return { found: undefined, heard };
  // Put to use before anyone who waits goes on: all of them find the same session.
  space.open(found, clock);
  return { found, heard };
}

const SAME_AGAIN = { reason: 'gave the token that grants too little' };

/** The providers that say they can get a token that grants more. */
export function steppers(providers: readonly Provider[]): readonly Provider[] {
  return flatten(providers).filter((provider) => memberOf(provider, 'stepUp') === true);
}

/** Why a credential is not used with a challenge: its account has answered a stronger one here. */
function weakeningOf(
  { rules, spaces }: Conversation,
  { space: { origin } }: Asked,
  credential: Credential,
  choice: Choice,
): Objection | undefined {
  const username = usernameOf(credential);
  if (username === undefined || rules.allowsInsecure(origin)) return undefined;
  return weakening(choice, spaces.stores.offers.strongestOf(origin, username));
}
