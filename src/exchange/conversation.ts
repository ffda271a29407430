/** What one exchange keeps while it goes on, of each of those who may ask for a credential. */

import type { AuthErrorCode } from '../errors.js';
import type { Authorization } from '../model.js';
import type { Lane } from './lane.js';
import type { Recorder } from './recorder.js';
import type { Challenger, Clock, Rules } from './rules.js';
import type { Session, Space } from './space.js';
import type { Spaces } from './spaces.js';
import type { Verdict } from './trace.js';
import type { Target, Wire } from './wire.js';

/** What an exchange works with. */
export interface Context<Outcome = unknown> {
  readonly wire: Wire<Outcome>;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly origin: Challenger;
  /** The proxy on the way, as far as one is known; asked for when it matters. */
  proxy(): Challenger | undefined;
}

/** One answer on its way. */
export interface Attempt {
  readonly space: Space;
  readonly session: Session;
  readonly lane: Lane;
  readonly target: Target;
  /** Whether the nonce came from elsewhere than the 401 that is being answered. */
  readonly borrowed: boolean;
}

/** An authorization on its way. */
export interface Pass {
  readonly attempt: Attempt;
  /** Of the very send. */
  readonly target: Target;
  readonly authorization: Authorization;
  /** Whether it was seen after all: a redirect came, and the hop that it led to was stopped. */
  readonly isSpent?: boolean;
}

/** The state of one exchange with the origin, or with the proxy; every file that takes part gets it as its first argument. */
export class Conversation<Outcome = unknown> {
  readonly wire: Wire<Outcome>;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly challenger: Challenger;
  readonly rules: Rules;
  readonly spaces: Spaces;
  /** The answer in use. */
  attempt: Attempt | undefined;
  /** What went out and was not seen by whom it is for: a proxy stood in the way. */
  unseen: Pass | undefined;
  /** The nonces used so far. */
  readonly nonces: Array<string | undefined> = [];
  /** How often a challenge was answered; the hops of a redirect do not count. */
  answers = 0;
  /** How many of them were for another nonce, or written otherwise. */
  renewals = 0;
  /** How many of them met a challenge about something else. */
  detours = 0;
  /** `space.refusals` when this request first asked for a credential. */
  refusalsBefore: number | undefined;
  /** The trial that this request holds. */
  trial: Promise<void> | undefined;
  /** Lets the others try the credential that this request was the first to try. */
  endTrial: () => void = nothing;
  /** Tells those who wait for a nonce that this request has one again, or none. */
  endRenewal: () => void = nothing;

  constructor({ wire, clock, recorder }: Omit<Context<Outcome>, 'origin' | 'proxy'>, challenger: Challenger) {
    this.wire = wire;
    this.clock = clock;
    this.recorder = recorder;
    this.challenger = challenger;
    this.rules = challenger.rules;
    this.spaces = challenger.spaces;
  }
}

function nothing(): void {}

/** Gives up a nonce that the server no longer takes; `endRenewal` says when there is another. */
export function closeLane(conversation: Conversation, { session, lane }: Attempt): void {
  const { lanes } = session;
  if (!lanes) return;
  lanes.close(lane);
  conversation.endRenewal = () => {
    conversation.endRenewal = nothing;
    lanes.renewed();
  };
}

// How long a request waits for another one of the same space: for its verdict on a credential, for its nonce. Each wrong
// password counts towards a lock-out, so one at a time; but a server may also take its time over an answer.
const PATIENCE = 5000;

/** How long this request waits for another one, in milliseconds: no longer than its caller would for a send. */
export function patienceOf({ wire: { timeout } }: Conversation): number {
  return timeout > 0 ? Math.min(timeout, PATIENCE) : PATIENCE;
}

/** This request is the one that tries the credential, until it says `endTrial`. */
export function holdTrial(conversation: Conversation, trial: Promise<void>, end: () => void): void {
  conversation.endTrial();
  conversation.trial = trial;
  conversation.endTrial = () => {
    conversation.endTrial = nothing;
    conversation.trial = undefined;
    end();
  };
}

/** Leaves the 401 or 407 to the caller, and notes why. */
export function decline({ recorder, challenger }: Conversation, code: AuthErrorCode, reason: string): undefined {
  recorder.record({ type: 'end', status: challenger.status, code, reason });
}

/** Notes what a response says of a credential. */
export function noteVerdict({ recorder, challenger }: Conversation, verdict: Verdict, reason: string): void {
  recorder.record({ type: 'verdict', verdict, reason, ...(challenger.proxy && { proxy: true }) });
}
