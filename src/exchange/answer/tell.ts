/** Tells the providers what a response says of the credential that one of them gave. */

import { usernameOf } from '../../model.js';
import type { Attempt, Conversation } from '../party/conversation.js';
import { credentialRequest } from '../provider/credential-request.js';
import { tellVerdict } from '../provider/notify.js';

// How long a request is held up by a provider that hears a verdict: longer if it asks a person whether to save.
const NOTIFY_TIMEOUT_MS = 5000;
const SAVE_TIMEOUT_MS = 120_000;

export async function tell(conversation: Conversation, attempt: Attempt, verdict: 'approve' | 'reject'): Promise<void> {
  const { rules, recorder, wire, clock, challenger } = conversation;
  const { space, session, target } = attempt;
  const { given, provider, realm, choice } = session;
  const { scheme, challenge } = choice;
  // No store is to keep what the operating system holds.
  if (scheme.credential === 'ambient') return;
  const refusal = verdict === 'reject' ? space.refusal : undefined;
  const { refusals } = conversation.tallyBefore ?? space.tally;
  const refused = Math.max(0, space.tally.refusals - refusals);
  const username = usernameOf(given);
  const { proxy } = challenger;
  const { name, credential: kind } = scheme;
  const asked = { space, target, refused, proxy, realm, scheme: name, kind, challenge, refusal };
  const request = credentialRequest({ ...asked, username, signal: wire.signal });
  const record = recorder.record.bind(recorder);
  const wait = <T>(hearing: Promise<T>, isStore: boolean) =>
    clock.within(isStore ? SAVE_TIMEOUT_MS : NOTIFY_TIMEOUT_MS, hearing, wire.signal);
  await tellVerdict({ verdict, credential: given, provider, request, providers: rules.providers, wait, record });
}
