/** Tells the providers the verdict: whoever gave the credential, and the stores when a person gave it. */

import { type Credential, type CredentialRequest, type Provider, usernameOf } from '../model.js';
import { flatten, reasonOf } from './lookup.js';
import type { AuthEvent } from './trace.js';

/** A verdict to be told. */
export interface Told {
  readonly verdict: 'approve' | 'reject';
  readonly credential: Credential;
  /** Who gave it. */
  readonly provider: Provider;
  readonly request: CredentialRequest;
  readonly providers: readonly Provider[];
  record(event: AuthEvent): void;
}

/** Never rejects: a provider that cannot hear the verdict is recorded. */
export async function tellVerdict(told: Told): Promise<void> {
  const { verdict, provider, providers } = told;
  await tell(provider, told.request, told);
  if (verdict === 'reject' || !provider.interactive) return;
  const interactiveSource = provider.name;
  for (const store of flatten(providers)) {
    if (store.store && store !== provider) await tell(store, { ...told.request, interactiveSource }, told);
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
    told.record({ ...event, failure: reasonOf(error) });
  }
}
