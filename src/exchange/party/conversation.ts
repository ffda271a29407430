/** What one exchange keeps while it goes on, of each of those who may ask for a credential. */

import type { AuthErrorCode } from '../../errors.js';
import type { Authorization } from '../../model.js';
import type { Rules } from '../challenge/rules.js';
import type { Lane } from '../memory/lane.js';
import type { Reputation, Trial } from '../memory/reputation.js';
import type { Session } from '../memory/session.js';
import type { Space, Tally } from '../memory/space.js';
import type { Spaces } from '../memory/spaces.js';
import type { Clock } from '../port/clock.js';
import type { Target, Wire } from '../port/transport.js';
import type { Verdict } from '../trace/events.js';
import type { Recorder } from '../trace/recorder.js';
import type { Challenger } from './challenger.js';
import { Declined } from './ending.js';
import { BEGINNING } from './state.js';

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
  /** The doubts about the session when the attempt began. */
  readonly doubts: number;
  /** Whether its connection is authenticated already, so that the request carries nothing. */
  readonly isBare?: true;
}

/** Whether it carries nothing, because its connection is authenticated: by an own property (SEC-28). */
export function isByConnection(attempt: Attempt): boolean {
  return Object.hasOwn(attempt, 'isBare');
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
  /** Of the response at hand, which is the caller's if it is not answered. */
  status: number;
  /** The answer in use. */
  attempt: Attempt | undefined;
  /** An authorization that a proxy's 407 kept from reaching the origin; its nc is still unused. */
  unseen: Pass | undefined;
  /** The nonces used so far. */
  readonly nonces: Array<string | undefined> = [];
  /** How far it has come. */
  state = BEGINNING;
  /** `space.tally` when this request first asked for a credential. */
  tallyBefore: Tally | undefined;
  /** The trial that this request holds. */
  trial: Trial | undefined;
  /** Redirects led from where these were sent to a 401 of somebody else: whether they were let in is not known yet. */
  readonly strays: Reputation[] = [];
  /** Lets the others try the credential that this request was the first to try. */
  endTrial: () => void = nothing;
  /** Tells those who wait for a nonce that this request has one again, or none. */
  endRenewal: () => void = nothing;

  constructor({ wire, clock, recorder }: Omit<Context<Outcome>, 'origin' | 'proxy'>, challenger: Challenger) {
    this.wire = wire;
    this.clock = clock;
    this.recorder = recorder;
    this.challenger = challenger;
    this.status = challenger.status;
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

/** This request is the one that tries the credential, until it says `endTrial`. */
export function holdTrial(conversation: Conversation, reputation: Reputation): void {
  conversation.endTrial();
  const trial = reputation.begin();
  conversation.trial = trial;
  conversation.endTrial = () => {
    conversation.endTrial = nothing;
    conversation.trial = undefined;
    reputation.end(trial, conversation.clock.now());
  };
}

/** Leaves the 401 or 407 to the caller. @throws Declined */
export function decline({ status }: Conversation, code: AuthErrorCode, reason: string): never {
  throw new Declined({ status, code, reason });
}

/** Notes what a response says of a credential. */
export function noteVerdict({ recorder, challenger }: Conversation, verdict: Verdict, reason: string): void {
  recorder.record({ type: 'verdict', verdict, reason, ...(challenger.proxy && { proxy: true }) });
}
