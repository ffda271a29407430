/** Which challenge of a response to answer: the strongest that a scheme accepts (RFC 7616 §3.7, RFC 9110 §11.6.1). */

import type { Acceptance, Challenge, CredentialKind, Scheme } from '../model.js';

/** A challenge that can be answered. */
export interface Choice {
  readonly challenge: Challenge;
  readonly scheme: Scheme;
  /** `Digest SHA-256` */
  readonly label: string;
  readonly strength: number;
}

/** A challenge that is not answered, and why. */
export interface PassedOver {
  readonly label: string;
  readonly reason: string;
}

/** What a response offers. */
export interface Selection {
  /** At most one for each kind of credential, the strongest first. */
  readonly choices: readonly Choice[];
  readonly passedOver: readonly PassedOver[];
  /** Every label, in the order of the field. */
  readonly labels: readonly string[];
}

/** Sorts the challenges of a response into what is answered and what is passed over. */
export function select(challenges: readonly Challenge[], schemes: readonly Scheme[]): Selection {
  const judged = challenges.map((challenge) => judge(challenge, schemes));
  const answerable = judged.filter(isChoice).sort((a, b) => b.strength - a.strength);
  const best = new Map<CredentialKind, Choice>();
  for (const choice of answerable) {
    if (!best.has(choice.scheme.credential)) best.set(choice.scheme.credential, choice);
  }
  const choices = [...best.values()];
  return {
    choices,
    passedOver: judged.flatMap((one) => passedOver(one, best)),
    labels: judged.map(({ label }) => label),
  };
}

function judge(challenge: Challenge, schemes: readonly Scheme[]): Choice | PassedOver {
  const scheme = schemes.find(({ name }) => name === challenge.scheme);
  if (!scheme) return { label: visibleScheme(challenge.scheme), reason: 'no scheme of this client answers it' };
  const acceptance: Acceptance = scheme.accepts(challenge);
  if (isRefusal(acceptance)) return acceptance;
  return { challenge, scheme, ...acceptance };
}

function isRefusal(acceptance: Acceptance): acceptance is Extract<Acceptance, { reason: string }> {
  return Object.hasOwn(acceptance, 'reason');
}

function isChoice(one: Choice | PassedOver): one is Choice {
  return Object.hasOwn(one, 'scheme');
}

function passedOver(one: Choice | PassedOver, best: ReadonlyMap<CredentialKind, Choice>): PassedOver[] {
  if (!isChoice(one)) return [one];
  const winner = best.get(one.scheme.credential);
  if (winner === one) return [];
  return [{ label: one.label, reason: winner && winner.strength > one.strength ? 'weaker' : 'the same again' }];
}

/** A scheme name comes from the server, and a long one is no name. */
function visibleScheme(scheme: string): string {
  const name = scheme.length > 32 ? `${scheme.slice(0, 31)}…` : scheme;
  return name.charAt(0).toUpperCase() + name.slice(1);
}
