/** A send to a known space before there is an exchange: most are let in, and then there is nothing to say. */

import type { Authorization } from '../model.js';
import { preempt } from './attempt.js';
import type { Attempt, Conversation } from './conversation.js';
import type { Described, Recorder } from './recorder.js';
import type { Clock } from './rules.js';
import { authorizeHop, described, recordSend } from './send.js';
import type { Authorizations, Hop, Sending, Target } from './wire.js';

/** The send, when the answer to the challenge is known, proven, and waits for nothing. */
export function knownSend(
  { rules, spaces }: Pick<Conversation, 'rules' | 'spaces'>,
  target: Target,
  clock: Pick<Clock, 'now'>,
): KnownSend | undefined {
  const attempt = rules.preemptive ? preempt({ rules, spaces }, target) : undefined;
  if (!attempt) return undefined;
  const { approved, lanes, informs } = attempt.session;
  return approved && !lanes && !informs && !attempt.lane.answer.needsBody ? new KnownSend(attempt, clock) : undefined;
}

/** An authorized send on its way. */
export class KnownSend implements Sending {
  readonly target: Target;
  readonly authorizations: Authorizations;
  readonly #authorization: Authorization;
  readonly #hops: Array<{ readonly target: Target; readonly toOrigin: Described | undefined; readonly time: number }> =
    [];

  constructor(
    readonly attempt: Attempt,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    const { lane, target } = attempt;
    this.target = target;
    this.#authorization = lane.answer.authorize(target);
    this.authorizations = { origin: this.#authorization, proxy: undefined };
    lane.enter();
  }

  readonly authorizeHop = ({ target }: Hop): Authorizations => {
    const origin = authorizeHop(this.attempt, target);
    const toOrigin = described(this.attempt, origin);
    if (target && toOrigin) this.#hops.push({ target, toOrigin, time: this.clock.now() });
    return { origin, proxy: undefined };
  };

  /** The response is here, or none will come. */
  end(): void {
    this.attempt.lane.leave();
  }

  /** Whether a response to it says only that it was let in, as before; then that is noted. */
  isLetIn(status: number, authenticationInfo: string | undefined): boolean {
    const { space, session } = this.attempt;
    if (authenticationInfo !== undefined) session.informs = true;
    if (status >= 400 || session.informs || session.lanes) return false;
    space.admit(session, this.#authorization.nc);
    return true;
  }

  get described(): Described | undefined {
    return described(this.attempt, this.#authorization);
  }

  /** Writes it down, with the hops of its redirects, and gives its number. */
  record(recorder: Recorder, time: number): number {
    const send = recordSend(recorder, { target: this.target, toOrigin: this.described, toProxy: undefined, time });
    for (const hop of this.#hops) recordSend(recorder, { ...hop, toProxy: undefined });
    return send;
  }
}
