/** Tells the providers the verdict: whoever gave the credential, and the stores when a person gave it. */

import { memberOf } from '../member.js';
import { type Credential, type CredentialRequest, type Provider, usernameOf } from '../model.js';
import { GIVEN_UP } from './flight.js';
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
  wait<T>(hearing: Promise<T>, isStore: boolean): Promise<T | 'timeout' | typeof GIVEN_UP>;
  record(event: Happening): void;
}

/** Never rejects: a provider that cannot hear the verdict is recorded. */
export async function tellVerdict(told: Told): Promise<void> {
  const { verdict, provider, providers } = told;
  await tell(provider, told.request, told, false);
  if (verdict === 'reject' || !memberOf(provider, 'interactive')) return;
  const interactiveSource = provider.name;
  for (const store of flatten(providers)) {
    if (!memberOf(store, 'store') || store === provider) continue;
    const request = Object.assign(Object.create(null), told.request, { interactiveSource });
    await tell(store, request, told, true);
  }
}

async function tell(provider: Provider, request: CredentialRequest, told: Told, isStore: boolean): Promise<void> {
  const { verdict, credential } = told;
  if (!memberOf(provider, verdict)) return;
  const failure = reasonFor(await told.wait(hear(provider, request, told), isStore));
  const event = { type: 'told', provider: provider.name, verdict, username: usernameOf(credential) } as const;
  told.record(failure === undefined ? event : { ...event, failure });
}

/** What kept the provider from hearing it, if anything did. */
async function hear(provider: Provider, request: CredentialRequest, { verdict, credential }: Told): Promise<Heard> {
  try {
    await memberOf(provider, verdict)?.call(provider, request, credential);
    return { failure: undefined };
  } catch (error) {
    return { failure: reasonOf(error, credential) };
  }
}

interface Heard {
  readonly failure: string | undefined;
}

function reasonFor(outcome: Heard | 'timeout' | typeof GIVEN_UP): string | undefined {
  if (outcome === 'timeout') return 'it took too long';
  return outcome === GIVEN_UP ? 'the caller left before it had ended' : outcome.failure;
}
