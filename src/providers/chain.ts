/** Several providers in order, in place of one provider. */

import { memberOf } from '../base/own.js';
import type { Credential, CredentialRequest, Provider, UsernameHint } from '../model.js';

/**
 * Groups `providers`. A client asks each of them as if they stood in its own list: in order, the interactive providers
 * last. A provider that throws is skipped, a user name alone is passed on to the next provider, and the verdict goes to
 * the provider that gave the credential. Throws nothing.
 *
 * @param providers - in the order in which they are asked
 * @returns a provider. Its own `get`, for a program that asks it directly or wraps it, tries each provider in turn.
 * @example
 * installAuth(client, { providers: [chain(env(), keychain(), prompt())] });
 */
export function chain(...providers: readonly Provider[]): Provider & { readonly providers: readonly Provider[] } {
  const parts = providers.flatMap(partsOf).sort((one, other) => Number(isPerson(one)) - Number(isPerson(other)));
  const givers = new WeakMap<Credential, Provider>();
  const get: Provider['get'] = async (request) => {
    let hint: UsernameHint | undefined;
    for (const provider of parts) {
      if (request.signal?.aborted) break;
      const given = await askQuietly(provider, Object.assign(Object.create(null), hint, request));
      if (isCredential(given)) {
        givers.set(given, provider);
        return given;
      }
      hint ??= given;
    }
    return hint;
  };
  const tell = (verdict: 'approve' | 'reject'): NonNullable<Provider['approve']> => {
    return async (request, credential) => {
      const giver = givers.get(credential);
      if (giver) await memberOf(giver, verdict)?.call(giver, request, credential);
    };
  };
  const whole = { name: 'chain', get, approve: tell('approve'), reject: tell('reject') };
  // A person is given the time that a person takes, also where the chain is wrapped.
  return withParts(parts.length > 0 && parts.every(isPerson) ? { ...whole, interactive: true } : whole, parts);
}

/**
 * Lets `parts` be asked in place of `provider`. The property is not enumerable: `{ ...provider, get }` is another
 * provider, whose `get` must be asked.
 */
export function withParts<Whole extends Provider>(provider: Whole, parts: readonly Provider[]) {
  return Object.defineProperty(provider, 'providers', { value: parts, enumerable: false, writable: false }) as Whole & {
    providers: readonly Provider[];
  };
}

function partsOf(provider: Provider): readonly Provider[] {
  return memberOf(provider, 'providers')?.flatMap(partsOf) ?? [provider];
}

function isPerson(provider: Provider): boolean {
  return memberOf(provider, 'interactive') === true;
}

async function askQuietly(provider: Provider, request: CredentialRequest) {
  try {
    return (await provider.get(request)) ?? undefined;
  } catch {
    return undefined;
  }
}

function isCredential(given: Credential | UsernameHint | undefined): given is Credential {
  return given !== undefined && (Object.hasOwn(given, 'token') || typeof (given as UsernameHint).password === 'string');
}
