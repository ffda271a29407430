/** Asks the providers for a credential: those that need nobody first, a person last. */

import { memberOf } from '../../base/own.js';
import type { Answer, Credential, CredentialRequest, Provider } from '../../model.js';
import type { Choice } from '../challenge/select.js';
import type { Candidate, ProviderEvent } from '../memory/session.js';
import type { Clock } from '../port/clock.js';
import { isInteractive } from './ask.js';
import type { Unusable } from './provider-error.js';
import { isAmbient, isCandidate, Question } from './question.js';

/** What is looked for. */
export interface Lookup {
  readonly providers: readonly Provider[];
  /** The challenges that could be answered, the strongest first. */
  readonly choices: readonly Choice[];
  /** What every provider is told; `scheme` and `username` are filled in on the way. */
  readonly request: Omit<CredentialRequest, 'scheme'>;
  /** The answer to an earlier challenge of the space: its parts that are still valid are reused. */
  readonly previous: Answer | undefined;
  /** What the space holds against a credential: it has refused it before, or never answered. */
  hasRefused(credential: Credential): Unusable | false;
  /** Why the account of a credential is too good for a challenge; left out where nothing is remembered. */
  weakening?(credential: Credential, choice: Choice): Unusable | undefined;
  /** The user name that the space refused last: a person is offered it, most mistype only the password. */
  readonly refusedUsername: string | undefined;
  /** How many more credentials may be tried. */
  readonly remaining: number;
  readonly whom: Whom;
  readonly clock: Clock;
  record(heard: ProviderEvent): void;
}

/** Which providers are asked: all, those that need no person, or the interactive providers. */
export type Whom = 'all' | 'silent' | 'people';

/** The first usable credential; `undefined` when no provider has one. Never rejects: a broken provider is passed over. */
export async function lookUp(lookup: Lookup): Promise<Candidate | undefined> {
  const providers = flatten(lookup.providers);
  const question = new Question(lookup);
  const silent = lookup.whom === 'people' ? [] : providers.filter((provider) => !isInteractive(provider));
  for (const choice of lookup.choices) {
    for (const provider of isAmbient(choice) ? ownProvider(choice, lookup) : silent) {
      if (lookup.request.signal?.aborted) return undefined;
      const answer = await question.ask(provider, choice);
      if (isCandidate(answer)) return answer;
    }
  }
  return lookup.whom === 'silent' ? undefined : askPeople(lookup, question, providers.filter(isInteractive));
}

/** Each is asked for what people hold, a password where one will do; and for the other kind if it gives none of that. */
async function askPeople(
  { choices, request }: Lookup,
  question: Question,
  providers: readonly Provider[],
): Promise<Candidate | undefined> {
  const isForPassword = ({ scheme }: Choice) => scheme.credential === 'password';
  const held = choices.filter((choice) => !isAmbient(choice));
  const inOrder = [...held.filter(isForPassword), ...held.filter((choice) => !isForPassword(choice))];
  for (const provider of providers) {
    for (const choice of inOrder) {
      if (request.signal?.aborted || question.isLeft) return undefined;
      const answer = await question.insist(provider, choice);
      if (isCandidate(answer)) return answer;
      // Who was asked and gave something else, or left the question, is not asked another one.
      if (answer !== 'nothing') break;
    }
  }
  return undefined;
}

function ownProvider({ scheme }: Choice, { whom }: Lookup): readonly Provider[] {
  const own = memberOf(scheme, 'provider');
  return own && whom !== 'people' ? [own] : [];
}

/** The providers that a list really holds, chains taken apart. */
export function flatten(providers: readonly Provider[]): readonly Provider[] {
  return providers.flatMap((provider) => {
    const parts = memberOf(provider, 'providers');
    return parts ? flatten(parts) : [provider];
  });
}
