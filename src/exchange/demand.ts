/** What a 401 asks for, and which of its challenges may be answered. */

import type { AuthErrorCode } from '../errors.js';
import type { Challenge } from '../model.js';
import { type Conversation, decline } from './conversation.js';
import { type Objection, objection, type Standing } from './policy.js';
import { realmText } from './realm.js';
import { type Choice, select } from './select.js';
import type { Space } from './space.js';
import type { Reply, Target } from './wire.js';

/** A 401 that can be answered. */
export interface Demand {
  readonly target: Target;
  readonly reply: Reply<unknown>;
  readonly space: Space;
  /** The strongest of each kind of credential, the strongest first; never empty. */
  readonly choices: readonly Choice[];
}

/** Reads the challenges of a 401; `undefined`, with the reason recorded, when none may be answered. */
export function readDemand(
  conversation: Conversation,
  target: Target,
  reply: Reply<unknown>,
  challenges: readonly Challenge[],
): Demand | undefined {
  const { recorder, rules, spaces, challenger } = conversation;
  const { choices, passedOver, labels } = select(challenges, rules.schemes);
  const main = choices.find(({ scheme }) => scheme.credential === 'password') ?? choices[0];
  const realm = realmText((main?.challenge ?? challenges[0])?.params.realm ?? '');
  const asker = challenger.proxy ? { proxy: true as const } : {};
  recorder.record({ type: 'challenged', realm, challenges: labels, ...asker });
  for (const { label, reason } of passedOver) recorder.record({ type: 'passedOver', challenge: label, reason });
  if (!main) return decline(conversation, 'ERR_AUTH_CHALLENGE', nothingToAnswer(challenges, reply));
  const space = spaces.of(target.origin, main.challenge);
  space.offered(main, target.url);
  const strongest = spaces.challenged(space, target.pathname, main);
  return permitted(conversation, { target, reply, space, choices }, strongest);
}

function nothingToAnswer(challenges: readonly Challenge[], { challenges: field }: Reply<unknown>): string {
  if (field === undefined || field.length === 0) return 'it came without a challenge';
  return challenges.length === 0 ? 'its challenge cannot be read' : 'none of its challenges can be answered';
}

function permitted(conversation: Conversation, demand: Demand, strongest: Standing['strongest']): Demand | undefined {
  const choices: Choice[] = [];
  const objections: Objection[] = [];
  for (const choice of demand.choices) {
    const against = object(conversation, demand, choice, strongest);
    if (against) objections.push(against);
    else choices.push(choice);
    record(conversation, choice.label, against, object(conversation, demand, choice, strongest, false));
  }
  const [first] = objections;
  if (choices.length === 0 && first) return decline(conversation, first.code, first.reason);
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
  { rules, challenger }: Conversation,
  { space: { origin }, reply: { isExposed } }: Demand,
  choice: Choice,
  strongest: Standing['strongest'],
  allowed = rules.allowsInsecure(origin),
): Objection | undefined {
  if (choice.scheme.name === challenger.sentScheme) return OWN_CREDENTIAL_REFUSED;
  return objection(choice, { origin, isExposed, strongest, allowed, mutual: rules.mutual });
}

const OWN_CREDENTIAL_REFUSED: { readonly code: AuthErrorCode; readonly reason: string } = {
  code: 'ERR_AUTH_REFUSED',
  reason: 'the credential that the caller gave was refused: of config.auth, of config.proxy.auth, or of the URL',
};
