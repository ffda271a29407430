/** The record of one exchange: events, from which `trace()`, `onEvent` and `explain()` are derived. */

import type { AuthErrorCode } from '../errors.js';
import type { Clock } from './rules.js';

/** One thing that happened while a request was authenticated. It never holds a password, a token or a header value. */
export type AuthEvent = Stamp & Happening;

/** Which exchange an event belongs to, and when it happened. */
export interface Stamp {
  /** One number for all events of an exchange, and no other in this process. */
  readonly exchange: number;
  /** Milliseconds since the exchange began. */
  readonly at: number;
}

/** What happened, by `type`. */
export type Happening =
  /** A request left, for the `send`-th time. */
  | {
      readonly type: 'send';
      readonly send: number;
      readonly method: string;
      /** Without userinfo, query and fragment. */
      readonly url: string;
      /** Whether the caller has authorized it: with an `Authorization` of its own, `config.auth` or userinfo. */
      readonly callers?: true;
      /** What authorized it: `Digest SHA-256`. Absent: nothing of ours. */
      readonly scheme?: string | undefined;
      readonly username?: string | undefined;
      /** Of Digest: the server's nonce, and how often it has been used. */
      readonly nonce?: string | undefined;
      readonly nc?: number | undefined;
      /** What authorized it to the proxy on its way. */
      readonly proxy?: {
        readonly scheme: string;
        readonly username?: string | undefined;
        readonly nonce?: string | undefined;
        readonly nc?: number | undefined;
      };
      /** Whether it was authorized before any challenge came. */
      readonly preemptive: boolean;
    }
  /** Its response came. */
  | { readonly type: 'reply'; readonly send: number; readonly status: number; readonly milliseconds: number }
  /** The challenges of a 401, or of a proxy's 407, in the order of the field. */
  | {
      readonly type: 'challenged';
      readonly realm: string;
      readonly challenges: readonly string[];
      readonly proxy?: true;
    }
  /** The challenge to be answered. */
  | { readonly type: 'chosen'; readonly challenge: string }
  /** A challenge that is not answered; with a code when policy forbids it. */
  | {
      readonly type: 'passedOver';
      readonly challenge: string;
      readonly code?: AuthErrorCode | undefined;
      readonly reason: string;
    }
  /** A challenge that is answered because `allowInsecure` permits what policy would forbid. */
  | { readonly type: 'permitted'; readonly challenge: string; readonly code: AuthErrorCode }
  /** What a provider said when asked. */
  | {
      readonly type: 'provider';
      readonly provider: string;
      readonly outcome: 'found' | 'absent' | 'unusable' | 'failed';
      readonly username?: string | undefined;
      readonly code?: AuthErrorCode | undefined;
      readonly reason?: string | undefined;
      readonly milliseconds: number;
      /** Another request had asked, and this one waited for the answer. */
      readonly shared?: true;
    }
  /** What a response says of the credential. */
  | { readonly type: 'verdict'; readonly verdict: Verdict; readonly reason: string; readonly proxy?: true }
  /** A provider was told the verdict. */
  | {
      readonly type: 'told';
      readonly provider: string;
      readonly verdict: 'approve' | 'reject';
      readonly username?: string | undefined;
      /** Why it failed to hear it. */
      readonly failure?: string;
    }
  /** The exchange is over: the last event of each. */
  | {
      readonly type: 'end';
      /** Of the response that the caller gets; absent when there was none. */
      readonly status?: number | undefined;
      /** Why a challenge was not answered, or the request was failed. */
      readonly code?: AuthErrorCode | undefined;
      /** The code of the error that axios gave in place of a response: `ECONNREFUSED`, `ERR_CANCELED`. */
      readonly failure?: string | undefined;
      readonly reason: string;
    };

/** What a response says of the credential that it answers. */
export type Verdict = 'accepted' | 'refused' | 'silent';

/** The ordered record of one exchange. Plain data: it can be written as JSON. */
export interface Trace {
  /** The number that its events bear. */
  readonly exchange: number;
  /** When it began, in milliseconds since 1970, as `Date.now()` counts. */
  readonly began: number;
  /** The method of the first send. */
  readonly method: string;
  /** Without userinfo, query and fragment. */
  readonly url: string;
  /** In the order in which they happened; the last is `end`. */
  readonly events: readonly AuthEvent[];
}

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

/** The response of a send. */
type Answer = Pick<Extract<Happening, { type: 'reply' }>, 'status' | 'milliseconds'>;

let exchanges = 0;

/** Writes a trace and tells the listener. Most requests are never challenged, and cost no more than a few numbers. */
export class Recorder {
  readonly #recording: Recording;
  readonly #happenings: Happening[] = [];
  /** When each happened. */
  readonly #times: number[] = [];
  /** A first send without an authorization of ours, which is written down when there is more to say. */
  #isNoted = false;
  #answer: Answer | undefined;
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
    if (answer && this.#happenings.length === 2) this.#write(unasked(answer.status), this.#times[1] as number);
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

  /** The first send went without an authorization of ours; `undefined`: it is leaving now. */
  first(answer?: Answer): void {
    this.#isNoted = true;
    this.#answer = answer;
    this.#sends = 1;
    if (this.#recording.listener) this.#writeNoted();
  }

  /** `time`: when it happened, where that is known; what follows from the last event at once has its time. */
  record(happening: Happening, time?: number): void {
    this.#writeNoted();
    const last = followsAtOnce(happening) ? this.#times.at(-1) : undefined;
    this.#write(happening, time ?? last ?? this.#recording.clock.now());
  }

  /** Nobody asked for anything: written when somebody wants to know. */
  close(status: number): void {
    if (this.#recording.listener) this.record(unasked(status));
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
    const { began } = this.#recording;
    const answer = this.#answer;
    if (this.#happenings.length === 0) this.#write(this.#firstSend(), began);
    if (!answer || this.#happenings.length > 1) return;
    this.#write({ type: 'reply', send: 1, ...answer }, began + answer.milliseconds);
  }

  #firstSend(): Happening {
    const callers = this.isCallers && { callers: true as const };
    const place = this.#where();
    return { type: 'send', send: 1, method: place.method, url: urlOf(place), ...callers, preemptive: false };
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

function unasked(status: number): Happening {
  return { type: 'end', status, reason: 'nobody asked for a credential' };
}

/** A URL as it may be shown: no userinfo, no query (tokens travel there), no fragment. */
export function urlOf({ origin, pathname }: Omit<Place, 'method'>): string {
  return `${origin}${pathname}`;
}
