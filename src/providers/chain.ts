/** Several providers asked as one, in order. */

import { AuthError } from '../errors.js';
import { memberOf } from '../member.js';
import type { Credential, CredentialRequest, Provider, UsernameHint } from '../model.js';

/**
 * Asks `providers` in order, those with a person behind them last, until one gives a credential. A provider that
 * throws is passed over, a user name alone is handed to the next, and the verdict goes to the provider that gave.
 * Throws nothing.
 *
 * @param providers - in the order in which they are asked
 * @returns a provider
 * @example
 * installAuth(client, { providers: [chain(env(), keychain(), prompt())] });
 */
export function chain(...providers: readonly Provider[]): Provider & { readonly providers: readonly Provider[] } {
  const flat = providers.flatMap(leaves);
  const givers = new WeakMap<Credential, Provider>();
  const passedOver = new WeakMap<CredentialRequest, readonly string[]>();
  return {
    name: 'chain',
    providers: flat,
    get: async (request) => {
      const { giver, answer, reasons } = await firstOf(flat, request);
      passedOver.set(request, reasons);
      if (giver && isCredential(answer)) givers.set(answer, giver);
      return answer;
    },
    absence: (request) => passedOver.get(request)?.join('; ') || undefined,
    approve: async (request, credential) => {
      const giver = givers.get(credential);
      if (giver) await tellAll(approvals(flat, giver, request), credential);
    },
    reject: async (request, credential) => {
      const giver = givers.get(credential);
      if (giver) await memberOf(giver, 'reject')?.call(giver, request, credential);
    },
  };
}

function leaves(provider: Provider): readonly Provider[] {
  return memberOf(provider, 'providers')?.flatMap(leaves) ?? [provider];
}

interface First {
  readonly giver?: Provider;
  readonly answer?: Credential | UsernameHint;
  /** One line without secrets for each provider that had none, or threw. */
  readonly reasons: readonly string[];
}

async function firstOf(providers: readonly Provider[], request: CredentialRequest): Promise<First> {
  const reasons: string[] = [];
  let hint: UsernameHint | undefined;
  for (const giver of inOrder(providers)) {
    if (request.signal?.aborted) break;
    const answer = await attempt(
      giver,
      hint ? Object.assign(Object.create(null), request, { username: hint.username }) : request,
      reasons,
    );
    if (isCredential(answer)) return { giver, answer, reasons };
    hint = answer ?? hint;
  }
  return hint ? { answer: hint, reasons } : { reasons };
}

function inOrder(providers: readonly Provider[]): readonly Provider[] {
  return [
    ...providers.filter((provider) => !memberOf(provider, 'interactive')),
    ...providers.filter((provider) => memberOf(provider, 'interactive')),
  ];
}

async function attempt(
  provider: Provider,
  request: CredentialRequest,
  reasons: string[],
): Promise<Credential | UsernameHint | undefined> {
  try {
    const answer = await provider.get(request);
    const absence = answer === undefined ? memberOf(provider, 'absence')?.call(provider, request) : undefined;
    if (absence) reasons.push(`${provider.name}: ${absence}`);
    return answer;
  } catch (error) {
    reasons.push(lineOf(provider.name, error));
    return undefined;
  }
}

/** Only our own messages are known to hold no secret. */
function lineOf(name: string, error: unknown): string {
  if (!(error instanceof AuthError)) return `${name}: failed (${error instanceof Error ? error.name : typeof error})`;
  return error.message.startsWith(`${name}: `) ? error.message : `${name}: ${error.message}`;
}

function isCredential(answer: Credential | UsernameHint | undefined): answer is Credential {
  if (answer === undefined) return false;
  return (
    Object.hasOwn(answer, 'token') ||
    (Object.hasOwn(answer, 'password') && (answer as UsernameHint).password !== undefined)
  );
}

type Approval = readonly [Provider, CredentialRequest];

/** The giver hears it; the stores are offered what a person typed. */
function approvals(providers: readonly Provider[], giver: Provider, request: CredentialRequest): readonly Approval[] {
  if (!memberOf(giver, 'interactive')) return [[giver, request]];
  const offered = Object.assign(Object.create(null), request, { interactiveSource: giver.name });
  const stores = providers.filter((provider) => memberOf(provider, 'store') && provider !== giver);
  return [[giver, request], ...stores.map((store): Approval => [store, offered])];
}

/** Every one hears it, even after one that fails; the first failure is thrown then. */
async function tellAll(told: readonly Approval[], credential: Credential): Promise<void> {
  const failures: unknown[] = [];
  for (const [provider, request] of told) {
    try {
      await memberOf(provider, 'approve')?.call(provider, request, credential);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
