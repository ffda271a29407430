/** A first send to a space whose answer is known. */

import { memberOf } from '../../base/own.js';
import type { Authorization } from '../../model.js';
import { isForeseen } from '../challenge/assumption.js';
import { isExpiring } from '../memory/session.js';
import type { Attempt, Conversation } from '../party/conversation.js';
import { preempt } from '../party/preempt.js';
import type { Clock } from '../port/clock.js';
import type { Authorizations, Hop, Sending, Target } from '../port/transport.js';
import type { Described, Recorder } from '../trace/recorder.js';
import { authorizeHop, isPending } from './hop.js';
import { described, recordSend } from './recorded.js';

/** A first send that needs no exchange; without `known` it carries nothing of ours. */
export interface DirectSend {
  readonly known: KnownSend | undefined;
}

type Party = Pick<Conversation, 'rules' | 'spaces'> & { readonly isExposed?: () => boolean };

/** How a request begins without an exchange; `undefined`: it may have to wait, or its body has to be read. */
export function directSend(party: Party, target: Target, clock: Pick<Clock, 'now' | 'date'>): DirectSend | undefined {
  if (isUnknown(party, target.origin)) return { known: undefined };
  const known = knownSend(party, target, clock);
  return known && { known };
}

/** Whether nothing is known of an origin, and nothing is foretold. */
export function isUnknown({ rules, spaces }: Party, origin: string): boolean {
  return !spaces.remembers(origin) && !isForeseen(rules, origin);
}

/** The send, when the answer to the challenge is known, proven, and waits for nothing. */
function knownSend(
  { rules, spaces, isExposed }: Party,
  target: Target,
  clock: Pick<Clock, 'now' | 'date'>,
): KnownSend | undefined {
  const attempt = rules.preemptive ? preempt({ rules, spaces }, target, isExposed) : undefined;
  if (!attempt) return undefined;
  const { approved, lanes, informs, isSynchronous } = attempt.session;
  const { answer } = attempt.lane;
  if (!approved || lanes || informs || !isSynchronous || answer.needsBody) return undefined;
  if (isExpiring(attempt.session, clock)) return undefined;
  const authorization = answer.authorize(target);
  if (!isPending(authorization)) return new KnownSend(attempt, authorization, clock);
  attempt.session.isSynchronous = false;
  authorization.catch(() => {});
  return undefined;
}

/**
 * Whether `Authentication-Info` brings a proof that is right, or none that can be checked, and no other nonce. A proof that
 * covers the body is read by an exchange.
 */
function isAsExpected(authorization: Authorization, authenticationInfo: string): boolean {
  let coversBody = false;
  const noteBody = () => {
    coversBody = true;
    return undefined;
  };
  const said = memberOf(authorization, 'confirm')?.(authenticationInfo, noteBody);
  return !coversBody && said?.mutual !== false && said?.next === undefined;
}

/** An authorized send on its way. */
export class KnownSend implements Sending {
  readonly target: Target;
  readonly authorizations: Authorizations;
  #hops:
    | Array<{ readonly target: Target; readonly toOrigin: Described | undefined; readonly time: number }>
    | undefined;

  constructor(
    readonly attempt: Attempt,
    private readonly authorization: Authorization,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    this.target = attempt.target;
    this.authorizations = { origin: authorization, proxy: undefined };
    attempt.lane.enter();
  }

  authorizeHop({ target }: Hop): Authorizations {
    const origin = authorizeHop(this.attempt, target);
    const toOrigin = described(this.attempt, origin);
    this.#hops ??= [];
    if (target && toOrigin) this.#hops.push({ target, toOrigin, time: this.clock.now() });
    return { origin, proxy: undefined };
  }

  /** The response is here, or none will come. */
  end(): void {
    this.attempt.lane.leave();
  }

  /** Notes that a response to it only lets it in, as before; false where the response says more, for an exchange to read. */
  letIn(status: number, authenticationInfo: string | undefined): boolean {
    const { space, session } = this.attempt;
    if (authenticationInfo !== undefined && !isAsExpected(this.authorization, authenticationInfo))
      session.informs = true;
    if (status >= 400 || session.informs || session.lanes) return false;
    space.admit(session, this.authorization.nc);
    return true;
  }

  get described(): Described | undefined {
    return described(this.attempt, this.authorization);
  }

  /** Writes it down, with the hops of its redirects, and gives its number. */
  record(recorder: Recorder, time: number): number {
    const send = recordSend(recorder, { target: this.target, toOrigin: this.described, toProxy: undefined, time });
    for (const hop of this.#hops ?? []) recordSend(recorder, { ...hop, toProxy: undefined });
    return send;
  }
}
