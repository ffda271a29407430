/** Which connection a request gets for a credential, and whether that credential is still the one to use. */

import { unlessAborted } from '../../base/abort.js';
import { memberOf } from '../../base/own.js';
import { isChoice, type Reading } from '../challenge/select.js';
import type { Session } from '../memory/session.js';
import type { Space } from '../memory/space.js';
import type { Attempt, Conversation } from '../party/conversation.js';
import type { Bond, Pinned, Pinning } from '../port/pinning.js';
import type { Wire } from '../port/transport.js';

/** What the client can do about connections; `undefined`: nothing. */
export function pinningOf(wire: Wire<unknown>): Pinning | undefined {
  return memberOf(wire, 'pinning');
}

/** `undefined`: none of these challenges asks for a connection. */
export function preparePinning(wire: Wire<unknown>, readings: readonly Reading[]): Promise<void> | undefined {
  const isAsked = readings.some((one) => isChoice(one) && one.bindsConnection);
  return isAsked ? memberOf(wire, 'preparePinning')?.call(wire) : undefined;
}

/** What the connection of an attempt is authenticated with. */
export function bondOf(
  { challenger }: Pick<Conversation, 'challenger'>,
  { space, session }: Pick<Attempt, 'space' | 'session'>,
): Bond {
  const { origin, realm } = space;
  return { origin, isProxy: challenger.proxy, realm, scheme: session.choice.scheme, credential: session.credential };
}

/** The channel binding for a message: the TLS connection of a tunnel ends at the origin, and the proxy has none. */
export function bindingFor({ challenger, wire }: Pick<Conversation, 'challenger' | 'wire'>): Uint8Array | undefined {
  return challenger.proxy ? undefined : pinningOf(wire)?.binding;
}

/** Keeps the sends from now on together. @throws Abandoned */
export async function pin(
  conversation: Conversation,
  { space, session, target }: Pick<Attempt, 'space' | 'session' | 'target'>,
  hasLapsed: boolean,
): Promise<Pinned> {
  const { wire, rules } = conversation;
  // Only the handshake brings a proof, and this request wants to see one.
  const isNew = hasLapsed || rules.mutual === 'require';
  return (await pinningOf(wire)?.pin(bondOf(conversation, { space, session }), target, isNew)) ?? 'absent';
}

/** Gives the connection back: who asks has no use for it any more. */
export function unpin({ challenger, wire }: Pick<Conversation, 'challenger' | 'wire'>): void {
  pinningOf(wire)?.unpin(challenger.proxy);
}

/** Makes the message of an attempt; says why there is none. */
export async function whyUnready(
  conversation: Conversation,
  { lane: { answer }, target }: Attempt,
): Promise<string | undefined> {
  const making = memberOf(answer, 'prepare')?.call(answer, { ...target, binding: bindingFor(conversation) });
  return making && unlessAborted(making, conversation.wire.signal);
}

/** Whether a credential is still used, after a wait in which other requests may have learnt that it is wrong. */
export function isInUse({ clock }: Conversation, space: Space, session: Session): boolean {
  return space.session === session && session.reputation.objection(clock.now()) === undefined;
}
