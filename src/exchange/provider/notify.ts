/** Tells the providers the verdict: whoever gave the credential, and the stores when a person gave it. */

import { Abandoned } from '../../base/abort.js';
import { memberOf } from '../../base/own.js';
import { type Credential, type CredentialRequest, type Provider, usernameOf } from '../../model.js';
import { nameOf } from '../../syntax/said.js';
import type { Happening } from '../trace/events.js';
import { flatten } from './find.js';
import { reasonOf } from './provider-error.js';

/** A verdict to be told. */
export interface Notification {
  readonly verdict: 'approve' | 'reject';
  readonly credential: Credential;
  /** Who gave it. */
  readonly provider: Provider;
  readonly request: CredentialRequest;
  readonly providers: readonly Provider[];
  /** Waits for a provider as long as is reasonable: longer for a store, which may ask a person whether to save. */
  wait<T>(hearing: Promise<T>, isStore: boolean): Promise<T | 'timeout'>;
  record(event: Happening): void;
}

/** Never rejects: a provider that cannot hear the verdict is recorded. */
export async function tellVerdict(told: Notification): Promise<void> {
  const { verdict, provider, providers } = told;
  await tell(provider, told.request, told, false);
  if (verdict === 'reject' || !memberOf(provider, 'interactive')) return;
  const interactiveSource = nameOf(provider);
  for (const store of flatten(providers)) {
    if (!memberOf(store, 'store') || store === provider) continue;
    const request = Object.assign(Object.create(null), told.request, { interactiveSource });
    await tell(store, request, told, true);
  }
}

async function tell(
  provider: Provider,
  request: CredentialRequest,
  told: Notification,
  isStore: boolean,
): Promise<void> {
  const { verdict, credential } = told;
  if (!memberOf(provider, verdict)) return;
  const failure = await failureIn(told.wait(hear(provider, request, told), isStore));
  const event = { type: 'told', provider: nameOf(provider), verdict, username: usernameOf(credential) } as const;
  told.record(failure === undefined ? event : { ...event, failure });
}

/** What kept the provider from hearing it, if anything did. */
async function hear(
  provider: Provider,
  request: CredentialRequest,
  { verdict, credential }: Notification,
): Promise<Hearing> {
  try {
    await memberOf(provider, verdict)?.call(provider, request, credential);
    return { failure: undefined };
  } catch (error) {
    return { failure: reasonOf(error, credential) };
  }
}

interface Hearing {
  readonly failure: string | undefined;
}

async function failureIn(hearing: Promise<Hearing | 'timeout'>): Promise<string | undefined> {
  try {
    const outcome = await hearing;
    return outcome === 'timeout' ? 'it took too long' : outcome.failure;
  } catch (error) {
    if (error instanceof Abandoned) return 'the caller left before it had ended';
    throw error;
  }
}
