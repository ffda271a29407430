import type { Clock } from '../port/clock.js';
import { type AuthEvent, type Happening, type Trace, urlOf } from './events.js';

/** What a recorder needs to know of the target of a request. */
export interface Place {
  readonly method: string;
  readonly origin: string;
  readonly pathname: string;
}

/** What a recorder is made of. */
export interface Recording {
  /** Where the request goes; asked for when it matters. */
  readonly place: () => Place;
  readonly clock: Pick<Clock, 'now' | 'epoch'>;
  /** When the exchange began, by the clock. */
  readonly began: number;
  readonly listener: ((event: AuthEvent) => void) | undefined;
  /** Whether the caller authorizes what we do not. */
  readonly isCallers: boolean;
}

/** What authorized a send, as a record shows it. */
export type Described = Pick<
  Extract<Happening, { type: 'send' }>,
  'username' | 'nonce' | 'nc' | 'assumed' | 'byConnection' | 'begins' | 'remark'
> & {
  readonly scheme: string;
};

/** The response of a send. */
type Answer = Pick<Extract<Happening, { type: 'reply' }>, 'status' | 'milliseconds'>;

let exchanges = 0;

/** The record of one exchange while it is written. */
export class Recorder {
  readonly #recording: Recording;
  readonly #happenings: Happening[] = [];
  /** When each happened. */
  readonly #times: number[] = [];
  /** A first send that is written down when there is more to say. */
  #isNoted = false;
  /** When it was written down to leave. */
  #left: number | undefined;
  #isAnswered = false;
  #answer: Answer | undefined;
  #sent: Described | undefined;
  #number: number | undefined;
  #place: Place | undefined;
  #sends = 0;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  get isCallers(): boolean {
    return this.#recording.isCallers;
  }

  get trace(): Trace {
    this.#writeNoted();
    const answer = this.#answer;
    if (answer && this.#isAnswered && this.#happenings.length === 2)
      this.#writeEnd(answer.status, this.#times[1] as number);
    const { clock, began } = this.#recording;
    const events = this.#happenings.map((_, index) => this.#eventAt(index));
    const { method } = this.#where();
    return { exchange: this.#exchange, began: clock.epoch + began, method, url: urlOf(this.#where()), events };
  }

  /** Counts the sends, those of redirects included. */
  nextSend(): number {
    this.#sends += 1;
    return this.#sends;
  }

  /** The first send went without an authorization of ours, or was let in with one; without an answer it is leaving now. */
  first(answer?: Answer, sent?: Described): void {
    this.#isNoted = true;
    this.#answer = answer;
    this.#sent = sent;
    this.#sends = 1;
    if (this.#recording.listener || this.#happenings.length > 0) this.#writeNoted();
  }

  /** `time`: when it happened, where that is known; what follows from the last event at once has its time. */
  record(happening: Happening, time?: number): void {
    this.#writeNoted();
    const last = followsAtOnce(happening) ? this.#times.at(-1) : undefined;
    this.#write(happening, time ?? last ?? this.#recording.clock.now());
  }

  /** Nobody asked for anything: written when somebody wants to know. */
  close(status: number): void {
    if (this.#recording.listener || this.#happenings.length > 0) this.record(unasked(status));
  }

  /** There is no response. */
  fail({ code: failure, reason }: { readonly code: string | undefined; readonly reason: string }): void {
    if (this.#happenings.at(-1)?.type !== 'end') this.record({ type: 'end', failure, reason });
  }

  get #exchange(): number {
    if (this.#number === undefined) {
      exchanges += 1;
      this.#number = exchanges;
    }
    return this.#number;
  }

  #writeNoted(): void {
    if (!this.#isNoted) return;
    const { began, clock } = this.#recording;
    const answer = this.#answer;
    if (this.#left === undefined) {
      // What was asked before it left is written down already.
      this.#left = this.#happenings.length === 0 ? began : clock.now();
      this.#write(this.#firstSend(), this.#left);
    }
    if (!answer || this.#isAnswered) return;
    this.#isAnswered = true;
    this.#write({ type: 'reply', send: 1, ...answer }, this.#left + answer.milliseconds);
  }

  #firstSend(): Happening {
    const authorized = this.#sent ?? (this.isCallers && { callers: true as const });
    const place = this.#where();
    const preemptive = this.#sent !== undefined;
    return { type: 'send', send: 1, method: place.method, url: urlOf(place), ...authorized, preemptive };
  }

  #writeEnd(status: number, time: number): void {
    if (this.#sent) this.#write({ type: 'verdict', verdict: 'accepted', reason: `${status}` }, time);
    this.#write(this.#sent ? { type: 'end', status, reason: NOT_CHALLENGED } : unasked(status), time);
  }

  #write(happening: Happening, time: number): void {
    this.#happenings.push(happening);
    this.#times.push(time);
    if (this.#recording.listener) this.#tell(this.#eventAt(this.#happenings.length - 1));
  }

  #eventAt(index: number): AuthEvent {
    const at = (this.#times[index] as number) - this.#recording.began;
    return Object.freeze({ exchange: this.#exchange, at, ...(this.#happenings[index] as Happening) });
  }

  #tell(event: AuthEvent): void {
    // The listener is the caller's: its faults must not change what happens to the request.
    try {
      Promise.resolve(this.#recording.listener?.(event)).catch(() => {});
    } catch {}
  }

  #where(): Place {
    try {
      this.#place ??= this.#recording.place();
    } catch {
      // A URL or a serializer that throws is axios's to report.
      this.#place = { method: '', origin: '', pathname: '' };
    }
    return this.#place;
  }
}

/** To ask for the time is not free, and a warm request is told in four events. */
function followsAtOnce(happening: Happening): boolean {
  if (happening.type === 'end') return happening.status !== undefined && happening.code === undefined;
  return happening.type === 'verdict' || happening.type === 'passedOver' || happening.type === 'permitted';
}

/** Why a response that asks for nothing ends an exchange. */
export const NOT_CHALLENGED = 'the response is not a 401';

function unasked(status: number): Happening {
  return { type: 'end', status, reason: 'nobody asked for a credential' };
}
