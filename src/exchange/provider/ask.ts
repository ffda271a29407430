/** Asks one provider, and waits for it no longer than is reasonable. */

import { Abandoned, follow } from '../../base/abort.js';
import { memberOf } from '../../base/own.js';
import { AuthError } from '../../errors.js';
import type { Credential, CredentialRequest, Provider, UsernameHint } from '../../model.js';
import type { Clock } from '../port/clock.js';

/** What a provider may give. */
export type Given = Credential | UsernameHint | undefined;

// Long enough for a store that waits for a finger on a sensor.
const PROVIDER_TIMEOUT_MS = 60_000;
// What a timer holds; more would be at once.
const LONGEST = 2 ** 31 - 1;

/** One question to one provider. `request` is the object to go on with: its signal says when the answer is too late. */
export interface Inquiry {
  readonly request: CredentialRequest;
  /** Rejects as the provider does, and with ERR_AUTH_PROVIDER when it is not waited for any longer. */
  readonly answer: Promise<Given>;
}

/** Asks. Whoever is cut off is told so by the signal of its request, as it is when the caller leaves. */
export function inquire(provider: Provider, request: CredentialRequest, clock: Clock): Inquiry {
  // A person takes the time that a person takes.
  if (isInteractive(provider)) return { request, answer: given(provider, request) };
  const { signal, abort, release } = follow(request.signal);
  const asked: CredentialRequest = Object.assign(Object.create(null), request, { signal });
  return { request: asked, answer: inTime(provider, asked, clock, abort).finally(release) };
}

/** Whether a person answers. */
export function isInteractive(provider: Provider): boolean {
  return memberOf(provider, 'interactive') === true;
}

async function given(provider: Provider, request: CredentialRequest): Promise<Given> {
  return provider.get(request);
}

async function inTime(provider: Provider, request: CredentialRequest, clock: Clock, cut: () => void): Promise<Given> {
  const milliseconds = timeoutOf(provider);
  const answered = given(provider, request).then((answer) => ({ answer }));
  const outcome = await clock.within(milliseconds, answered, request.signal).catch((error: unknown) => {
    throw error instanceof Abandoned ? notWaitedFor('nobody waits for it any more') : error;
  });
  if (outcome !== 'timeout') return outcome.answer;
  cut();
  throw notWaitedFor(`no answer within ${milliseconds} ms`);
}

/** What sits on Object.prototype is no limit (SEC-28). */
function timeoutOf(provider: Provider): number {
  const own = memberOf(provider, 'timeout');
  return own !== undefined && own > 0 ? Math.min(own, LONGEST) : PROVIDER_TIMEOUT_MS;
}

function notWaitedFor(reason: string): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', reason);
}
