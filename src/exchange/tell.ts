/** Tells the providers the verdict: whoever gave the credential, and the stores when a person gave it. */

import { type Credential, type CredentialRequest, type Provider, usernameOf } from '../model.js';
import { flatten } from './lookup.js';
import { reasonOf } from './reason.js';
import type { Happening } from './trace.js';

/** A verdict to be told. */
export interface Told {
  readonly verdict: 'approve' | 'reject';
  readonly credential: Credential;
  /** Who gave it. */
  readonly provider: Provider;
  readonly request: CredentialRequest;
  readonly providers: readonly Provider[];
  /** Waits for a provider as long as is reasonable: longer for a store, which may ask a person whether to save. */
  wait(hearing: Promise<void>, isStore: boolean): Promise<unknown>;
  record(event: Happening): void;
}

/** Never rejects: a provider that cannot hear the verdict is recorded. */
export async function tellVerdict(told: Told): Promise<void> {
  const { verdict, provider, providers } = told;
  await told.wait(tell(provider, told.request, told), false);
  if (verdict === 'reject' || !provider.interactive) return;
  const interactiveSource = provider.name;
  for (const store of flatten(providers)) {
    if (!store.store || store === provider) continue;
    const request = Object.assign(Object.create(null), told.request, { interactiveSource });
    await told.wait(tell(store, request, told), true);
  }
}

async function tell(provider: Provider, request: CredentialRequest, told: Told): Promise<void> {
  const { verdict, credential } = told;
  if (!provider[verdict]) return;
  const username = usernameOf(credential);
  const event = { type: 'told', provider: provider.name, verdict, username } as const;
  try {
    await provider[verdict](request, credential);
    told.record(event);
  } catch (error) {
    told.record({ ...event, failure: reasonOf(error, credential) });
  }
}
