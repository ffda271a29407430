/** Which challenge of a response to answer: the strongest that a scheme can (RFC 7616 §3.7, RFC 9110 §11.6.1). */

import { memberOf } from '../../base/own.js';
import type { Answer, Challenge, CredentialKind, Offer, Refusal, Scheme, Unanswerable } from '../../model.js';

/** A challenge that can be answered. */
export interface Choice extends Strength {
  readonly challenge: Challenge;
  readonly scheme: Scheme;
  /** What the scheme has read in it. */
  readonly offer: Offer;
  readonly nonce: string | undefined;
  /** Why an old proof could be replayed for it. */
  readonly replayable: string | undefined;
  /** Whether its answers are messages of a handshake on one connection. */
  readonly bindsConnection: boolean;
  /** Whether the caller says so, and not the server. */
  readonly isAssumed: boolean;
}

/** A challenge that is not answered, and why. */
export interface PassedOver {
  readonly label: string;
  readonly reason: string;
}

/** What the schemes of this client make of one challenge. */
export type Reading = Choice | Unread;

/** A challenge that cannot be answered, and what it may say about an earlier answer. */
interface Unread extends PassedOver {
  readonly challenge: Challenge;
  readonly nonce: string | undefined;
  readonly refusalOf: ((previous: Answer) => Refusal) | undefined;
  readonly isAssumed: boolean;
}

/** What a response offers. */
export interface Selection {
  /** At most one for each kind of credential, the strongest first. */
  readonly choices: readonly Choice[];
  readonly passedOver: readonly PassedOver[];
  /** Every label, in the order of the field. */
  readonly labels: readonly string[];
}

/** Reads the challenges of a response, each of them once. */
export function read(
  challenges: readonly Challenge[],
  schemes: readonly Scheme[],
  { origin, isAssumed = false }: Asker = {},
): readonly Reading[] {
  return challenges.map((challenge) => readOne(challenge, schemes, origin, isAssumed));
}

/** Who sent the challenges. */
export interface Asker {
  readonly origin?: string | undefined;
  /** Whether the caller says so, and not the server. */
  readonly isAssumed?: boolean;
}

/** Sorts the challenges of a response into what is answered and what is passed over. */
export function select(readings: readonly Reading[]): Selection {
  const answerable = readings.filter(isChoice).sort((a, b) => b.strength - a.strength);
  const best = new Map<CredentialKind, Choice>();
  for (const choice of answerable) {
    if (!best.has(choice.scheme.credential)) best.set(choice.scheme.credential, choice);
  }
  const choices = [...best.values()];
  return {
    choices,
    passedOver: readings.flatMap((one) => passedOver(one, best)),
    labels: readings.map(({ label }) => label),
  };
}

function readOne(
  challenge: Challenge,
  schemes: readonly Scheme[],
  origin: string | undefined,
  isAssumed: boolean,
): Reading {
  const scheme = schemes.find(({ name }) => name === challenge.scheme);
  if (!scheme) return unread(challenge, strange(challenge, 'no scheme of this client answers it'), isAssumed);
  const origins = memberOf(scheme, 'origins');
  if (origins && !origins.some((one) => one === origin))
    return unread(challenge, strange(challenge, `\`origins\` of the scheme does not name ${origin}`), isAssumed);
  const offer = scheme.read(challenge);
  if (isUnanswerable(offer)) return unread(challenge, offer, isAssumed);
  const { label, strength } = offer;
  const [nonce, replayable] = [memberOf(offer, 'nonce'), memberOf(offer, 'replayable')];
  const bindsConnection = memberOf(scheme, 'bindsConnection') === true;
  return { challenge, scheme, offer, label, strength, nonce, replayable, bindsConnection, isAssumed };
}

function strange({ scheme }: Challenge, reason: string): Unanswerable {
  return { label: visibleScheme(scheme), reason };
}

function unread(challenge: Challenge, unanswerable: Unanswerable, isAssumed: boolean): Unread {
  const { label, reason } = unanswerable;
  const refusalOf = memberOf(unanswerable, 'refusalOf')?.bind(unanswerable);
  return { challenge, label, reason, nonce: memberOf(unanswerable, 'nonce'), refusalOf, isAssumed };
}

/** What a challenge says about an earlier answer of its scheme; `undefined`: nothing. */
export function refusalIn(reading: Reading, previous: Answer): Refusal | undefined {
  return isChoice(reading) ? reading.offer.refusalOf(previous) : reading.refusalOf?.(previous);
}

function isUnanswerable(read: Offer | Unanswerable): read is Unanswerable {
  return Object.hasOwn(read, 'reason');
}

/** Whether a challenge can be answered. */
export function isChoice(reading: Reading): reading is Choice {
  return Object.hasOwn(reading, 'scheme');
}

function passedOver(one: Reading, best: ReadonlyMap<CredentialKind, Choice>): PassedOver[] {
  if (!isChoice(one)) return [{ label: one.label, reason: one.reason }];
  const winner = best.get(one.scheme.credential) as Choice;
  if (winner === one) return [];
  return [{ label: one.label, reason: winner.strength > one.strength ? 'weaker' : 'the same again' }];
}

/** A scheme name comes from the server, and a long one is no name. */
function visibleScheme(scheme: string): string {
  const name = scheme.length > 32 ? `${scheme.slice(0, 31)}…` : scheme;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** How strong a challenge is, and what it is called. */
export interface Strength {
  /** `Digest SHA-256` */
  readonly label: string;
  readonly strength: number;
}
