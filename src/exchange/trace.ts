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
      /** What authorized it: `Digest SHA-256`. Absent: nothing of ours. */
      readonly scheme?: string;
      readonly username?: string;
      readonly nc?: number;
      /** Whether it was authorized before any challenge came. */
      readonly preemptive: boolean;
    }
  /** Its response came. */
  | { readonly type: 'reply'; readonly send: number; readonly status: number; readonly milliseconds: number }
  /** The challenges of a 401, in the order of the field. */
  | { readonly type: 'challenged'; readonly realm: string; readonly challenges: readonly string[] }
  /** The challenge to be answered. */
  | { readonly type: 'chosen'; readonly challenge: string }
  /** A challenge that is not answered. */
  | { readonly type: 'passedOver'; readonly challenge: string; readonly reason: string }
  /** What a provider said when asked. */
  | {
      readonly type: 'provider';
      readonly provider: string;
      readonly outcome: 'found' | 'absent' | 'unusable' | 'failed';
      readonly username?: string;
      readonly reason?: string;
      readonly milliseconds: number;
    }
  /** What a response says of the credential. */
  | { readonly type: 'verdict'; readonly verdict: Verdict; readonly reason: string }
  /** A provider was told the verdict. */
  | {
      readonly type: 'told';
      readonly provider: string;
      readonly verdict: 'approve' | 'reject';
      readonly username?: string;
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

/** Writes a trace and tells the listener. A listener that throws is not heard again by anyone. */
export class Recorder implements Trace {
  readonly events: AuthEvent[] = [];
  readonly url: string;

  constructor(
    readonly method: string,
    url: string,
    private readonly listener?: (event: AuthEvent) => void,
  ) {
    this.url = bareUrl(url);
  }

  record(event: AuthEvent): void {
    this.events.push(event);
    if (!this.listener) return;
    try {
      this.listener(Object.freeze(event));
    } catch {
      // The listener is the caller's: its faults must not change what happens to the request.
    }
  }
}

/** A URL as it may be shown: no userinfo, no query (tokens travel there), no fragment. */
export function bareUrl(url: string): string {
  if (!URL.canParse(url)) return '';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
