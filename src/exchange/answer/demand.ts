/** What a 401 asks for, and which of its challenges may be answered. */

import { memberOf } from '../../base/own.js';
import type { AuthErrorCode } from '../../errors.js';
import { type Objection, objection, type Standing } from '../challenge/policy.js';
import { realmText } from '../challenge/realm.js';
import { type Choice, isChoice, type PassedOver, type Reading, select } from '../challenge/select.js';
import type { ChallengedAt } from '../memory/offers.js';
import type { Session } from '../memory/session.js';
import type { Space } from '../memory/space.js';
import { type Conversation, decline } from '../party/conversation.js';
import type { Reply, Target } from '../port/transport.js';

/** A 401 that can be answered. */
export interface Demand {
  readonly target: Target;
  readonly reply: Reply<unknown>;
  readonly space: Space;
  /** The strongest of each kind of credential, the strongest first; never empty. */
  readonly choices: readonly Choice[];
}

/** Reads the challenges of a 401. @throws Declined when none may be answered */
export function readDemand(
  conversation: Conversation,
  target: Target,
  reply: Reply<unknown>,
  readings: readonly Reading[],
): Demand {
  const { recorder, spaces, challenger } = conversation;
  const { choices, passedOver, labels } = select(readings.map((one) => withObstacle(conversation, target, one)));
  const main = mainOf(choices);
  const realm = realmText((main ?? readings[0])?.challenge.params.realm ?? '');
  const asker = challenger.proxy ? { proxy: true as const } : {};
  const source = readings.some(({ isAssumed }) => isAssumed) ? { assumed: true as const } : {};
  recorder.record({ type: 'challenged', realm, challenges: labels, ...asker, ...source });
  for (const { label, reason } of passedOver) recorder.record({ type: 'passedOver', challenge: label, reason });
  if (!main) decline(conversation, 'ERR_AUTH_CHALLENGE', nothingToAnswer(readings, reply, passedOver));
  const space = spaces.of(target.origin, main.challenge);
  space.offered(main, target.url);
  spaces.challenged(space, target.pathname);
  const isForPassword = main.scheme.credential === 'password';
  const { offers } = spaces.stores;
  const place = placeOf(space, target);
  const strongest = isForPassword ? offers.offered(place, main) : undefined;
  const taken = strongest && strippedFrom(readings, offers.ambientAt(place));
  return permitted(conversation, { target, reply, space, choices }, taken ?? strongest);
}

/** What let a request in before, without a password, and is offered no more; a ticket that has run out takes nothing away. */
function strippedFrom(readings: readonly Reading[], ambient: Standing['strongest']): Standing['strongest'] {
  // A client without the scheme has no label for it.
  const name = ambient?.label.toLowerCase();
  return readings.some(({ challenge }) => challenge.scheme === name) ? undefined : ambient;
}

/** The challenge that names the space: the one for a password where there is one. */
export function mainOf(choices: readonly Choice[]): Choice | undefined {
  return choices.find(({ scheme }) => scheme.credential === 'password') ?? choices[0];
}

/** Where a challenge stands, for the memory of what was offered. */
export function placeOf({ origin, realm }: Space, { pathname }: Target): ChallengedAt {
  return { origin, realm, pathname };
}

/** The challenge for the scheme of a session. */
export function choiceFor({ choices }: Pick<Demand, 'choices'>, { choice: { scheme } }: Session): Choice | undefined {
  return choices.find((choice) => choice.scheme.name === scheme.name);
}

/** Whether a session answers what a challenge asks for: another algorithm or another qop is another answer. */
export function isFor({ choice: { label, strength } }: Session, choice: Choice): boolean {
  return choice.label === label && choice.strength === strength;
}

function nothingToAnswer(
  readings: readonly Reading[],
  { challenges: field }: Reply<unknown>,
  passedOver: readonly PassedOver[],
): string {
  if (field === undefined || field.length === 0) return 'it came without a challenge';
  const bound = readings.findIndex(isChoice);
  const [hindered] = bound < 0 ? [] : passedOver.slice(bound);
  if (hindered) return `${hindered.label} ${hindered.reason}`;
  return readings.length === 0 ? 'its challenge cannot be read' : 'none of its challenges can be answered';
}

function permitted(conversation: Conversation, demand: Demand, strongest: Standing['strongest']): Demand {
  const choices: Choice[] = [];
  const objections: Objection[] = [];
  for (const choice of demand.choices) {
    const against = object(conversation, demand, choice, strongest);
    if (against) objections.push(against);
    else choices.push(choice);
    record(conversation, choice.label, against, object(conversation, demand, choice, strongest, false));
  }
  const [first] = objections;
  if (choices.length === 0 && first) decline(conversation, first.code, first.reason);
  return { ...demand, choices };
}

/** What policy says of a challenge, and what it would say without `allowInsecure`. */
function record(
  { recorder }: Conversation,
  challenge: string,
  against: Objection | undefined,
  waived: Objection | undefined,
): void {
  if (against) recorder.record({ type: 'passedOver', challenge, ...against });
  else if (waived) recorder.record({ type: 'permitted', challenge, code: waived.code });
}

function object(
  { rules, challenger, wire }: Conversation,
  { space: { origin }, reply: { isExposed } }: Demand,
  choice: Choice,
  strongest: Standing['strongest'],
  allowed = rules.allowsInsecure(origin),
): Objection | undefined {
  // The client sends it to whom the caller addressed, and to no other.
  const isWhereItWent = challenger.proxy || origin === wire.target.origin;
  if (isWhereItWent && choice.scheme.name === challenger.sentScheme) return OWN_CREDENTIAL_REFUSED;
  return objection(choice, { origin, isExposed, strongest, allowed, mutual: rules.mutual });
}

/** A challenge whose handshake needs a connection that cannot be had is passed over, and the next one is answered. */
function withObstacle({ challenger, wire }: Conversation, target: Target, reading: Reading): Reading {
  if (!isChoice(reading) || !reading.bindsConnection) return reading;
  const reason =
    challenger.proxy && reading.scheme.credential === 'ambient'
      ? FOR_ORIGINS
      : hindrance(wire, target, challenger.proxy);
  if (reason === undefined) return reading;
  const { challenge, label, nonce, isAssumed } = reading;
  return { challenge, label, nonce, isAssumed, reason, refusalOf: undefined };
}

const FOR_ORIGINS =
  'is answered for origins, and not for a proxy: its ticket could be one that lets the proxy act for you';

function hindrance(wire: Conversation['wire'], target: Target, isProxy: boolean): string | undefined {
  const pinning = memberOf(wire, 'pinning');
  const why = pinning ? pinning.obstacle(target, isProxy) : 'this client cannot keep one';
  return why === undefined ? undefined : `needs a connection of its own, and ${why}`;
}

const OWN_CREDENTIAL_REFUSED: { readonly code: AuthErrorCode; readonly reason: string } = {
  code: 'ERR_AUTH_REFUSED',
  reason: 'the credential that the caller gave was refused: of config.auth, of config.proxy.auth, or of the URL',
};
