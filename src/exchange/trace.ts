/** The record of one exchange: events, from which `trace()`, `onEvent` and `explain()` are derived. */

import type { AuthErrorCode } from '../errors.js';

/** One thing that happened while a request was authenticated. It never holds a password, a token or a header value. */
export type AuthEvent =
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
      readonly nc?: number | undefined;
      /** What authorized it to the proxy on its way. */
      readonly proxy?: {
        readonly scheme: string;
        readonly username?: string | undefined;
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
  /** A challenge that is not answered. */
  | { readonly type: 'passedOver'; readonly challenge: string; readonly reason: string }
  /** What a provider said when asked. */
  | {
      readonly type: 'provider';
      readonly provider: string;
      readonly outcome: 'found' | 'absent' | 'unusable' | 'failed';
      readonly username?: string | undefined;
      readonly reason?: string | undefined;
      readonly milliseconds: number;
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
  /** The exchange is over. */
  | { readonly type: 'end'; readonly status?: number; readonly code?: AuthErrorCode; readonly reason: string };

/** What a response says of the credential that it answers. */
export type Verdict = 'accepted' | 'refused' | 'silent';

/** The ordered record of one exchange. */
export interface Trace {
  readonly method: string;
  /** Without userinfo, query and fragment. */
  readonly url: string;
  readonly events: readonly AuthEvent[];
}

/** What a recorder needs to know of the target of a request. */
export interface Place {
  readonly method: string;
  readonly origin: string;
  readonly pathname: string;
}

/** Writes a trace and tells the listener. Most requests are never challenged, and cost no more than two numbers. */
export class Recorder implements Trace {
  #events: AuthEvent[] | undefined;
  #first: { readonly status: number; readonly milliseconds: number } | undefined;
  #place: Place | undefined;
  #sends = 0;

  constructor(
    private readonly find: () => Place,
    private readonly listener: ((event: AuthEvent) => void) | undefined,
    /** Whether the caller authorizes what we do not. */
    readonly isCallers = false,
  ) {}

  get method(): string {
    return this.#where().method;
  }

  get url(): string {
    return urlOf(this.#where());
  }

  get events(): readonly AuthEvent[] {
    return this.#events ?? this.#firstEvents();
  }

  /** Counts the sends, those of redirects included. */
  nextSend(): number {
    this.#sends += 1;
    return this.#sends;
  }

  /** The first send went without an authorization of ours; `undefined`: it is leaving now. */
  first(reply?: { readonly status: number; readonly milliseconds: number }): void {
    this.#first = reply;
    this.#sends = 1;
    if (!this.listener) return;
    const [send, answer] = this.#firstEvents();
    const event = reply ? answer : send;
    if (event) this.#tell(event);
  }

  record(event: AuthEvent): void {
    this.#events ??= this.#first ? this.#firstEvents() : [];
    this.#events.push(event);
    if (this.listener) this.#tell(event);
  }

  #firstEvents(): AuthEvent[] {
    const { method } = this.#where();
    const callers = this.isCallers && { callers: true as const };
    const send = { type: 'send', send: 1, method, url: this.url, ...callers, preemptive: false } as const;
    return this.#first ? [send, { type: 'reply', send: 1, ...this.#first }] : [send];
  }

  #tell(event: AuthEvent): void {
    // The listener is the caller's: its faults must not change what happens to the request.
    try {
      Promise.resolve(this.listener?.(Object.freeze(event))).catch(() => {});
    } catch {}
  }

  #where(): Place {
    try {
      this.#place ??= this.find();
    } catch {
      // A URL or a serializer that throws is axios's to report.
      this.#place = { method: '', origin: '', pathname: '' };
    }
    return this.#place;
  }
}

/** A URL as it may be shown: no userinfo, no query (tokens travel there), no fragment. */
export function urlOf({ origin, pathname }: Omit<Place, 'method'>): string {
  return `${origin}${pathname}`;
}
