/** Asks the providers for a credential: those that need nobody first, a person last. */

import { memberOf } from '../../base/own.js';
import type { Provider } from '../../model.js';
import type { Choice } from '../challenge/select.js';
import type { Candidate } from '../memory/session.js';
import { isInteractive } from './ask.js';
import type { Lookup } from './lookup.js';
import { isAmbient, isCandidate, ProviderSearch } from './provider-search.js';

/** The first usable credential; `undefined` when no provider has one. Never rejects: a broken provider is passed over. */
export async function lookUp(lookup: Lookup): Promise<Candidate | undefined> {
  const providers = flatten(lookup.providers);
  const search = new ProviderSearch(lookup);
  const silent = lookup.whom === 'people' ? [] : providers.filter((provider) => !isInteractive(provider));
  for (const choice of lookup.choices) {
    for (const provider of isAmbient(choice) ? ownProvider(choice, lookup) : silent) {
      if (lookup.request.signal?.aborted) return undefined;
      const answer = await search.ask(provider, choice);
      if (isCandidate(answer)) return answer;
    }
  }
  return lookup.whom === 'silent' ? undefined : askPeople(lookup, search, providers.filter(isInteractive));
}

/** Each is asked for what people hold, a password where one will do; and for the other kind if it gives none of that. */
async function askPeople(
  { choices, request }: Lookup,
  search: ProviderSearch,
  providers: readonly Provider[],
): Promise<Candidate | undefined> {
  const isForPassword = ({ scheme }: Choice) => scheme.credential === 'password';
  const held = choices.filter((choice) => !isAmbient(choice));
  const inOrder = [...held.filter(isForPassword), ...held.filter((choice) => !isForPassword(choice))];
  for (const provider of providers) {
    for (const choice of inOrder) {
      if (request.signal?.aborted || search.isLeft) return undefined;
      const answer = await search.insist(provider, choice);
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
