/** Authorizes the first send where the caller has said what the origin asks for: before it asks (SEC-68). */

import { mainOf, placeOf } from '../answer/demand.js';
import { inAdvance } from '../answer/refresh.js';
import { assumedBefore } from '../challenge/assumption.js';
import { objection } from '../challenge/policy.js';
import { realmText } from '../challenge/realm.js';
import type { Rules } from '../challenge/rules.js';
import { type Choice, read, type Selection, select } from '../challenge/select.js';
import type { Space } from '../memory/space.js';
import type { Attempt, Conversation } from '../party/conversation.js';
import type { Target } from '../port/transport.js';

// Providers that had nothing are asked no more before each send, but only after each 401.
const VAIN_MS = 60_000;

/** The answer to a challenge that the caller has foretold; `undefined`: there is none, or nobody has a credential for it. */
export async function foresee(conversation: Conversation, target: Target): Promise<Attempt | undefined> {
  const { rules, spaces, clock } = conversation;
  const selection = select(
    read(assumedBefore(rules, target.origin), rules.schemes, { origin: target.origin, isAssumed: true }),
  );
  const main = mainOf(selection.choices);
  if (!main) return undefined;
  const space = spaces.of(target.origin, main.challenge);
  if (space.ceded.has(target.pathname) || clock.now() < space.vainUntil || isOthers(rules, space)) return undefined;
  const choices = permittedOf(conversation, space, target, selection.choices);
  if (choices.length === 0) return undefined;
  note(conversation, main, selection);
  const session = await inAdvance(conversation, { space, target, choices, reply: undefined }, 'silent');
  if (session === 'undecided') return undefined;
  if (!session) {
    space.vainUntil = clock.now() + VAIN_MS;
    return undefined;
  }
  space.offered(main, target.url);
  conversation.recorder.record({ type: 'chosen', challenge: session.choice.label });
  return { space, session, lane: session.lane, target, borrowed: true, doubts: session.doubts };
}

/** Another scheme object may have other options: then the challenge has to be seen again. */
function isOthers({ schemes }: Rules, { session }: Space): boolean {
  return session !== undefined && !schemes.includes(session.choice.scheme);
}

/** A handshake begins with a challenge. */
function permittedOf(
  { rules, wire, spaces }: Conversation,
  space: Space,
  target: Target,
  choices: readonly Choice[],
): readonly Choice[] {
  const { origin } = space;
  const standing = {
    origin,
    isExposed: wire.isExposed === true,
    allowed: rules.allowsInsecure(origin),
    mutual: rules.mutual,
  };
  return choices.filter((choice) => {
    const isForPassword = choice.scheme.credential === 'password';
    const strongest = isForPassword ? spaces.stores.offers.offered(placeOf(space, target), choice) : undefined;
    return !choice.bindsConnection && objection(choice, { ...standing, strongest }) === undefined;
  });
}

function note({ recorder }: Conversation, main: Choice, { labels, passedOver }: Selection): void {
  const realm = realmText(main.challenge.params.realm ?? '');
  recorder.record({ type: 'challenged', realm, challenges: labels, assumed: true });
  for (const { label, reason } of passedOver) recorder.record({ type: 'passedOver', challenge: label, reason });
}
