/** The words of the record of an exchange: its events, from which `trace()`, `onEvent` and `explain()` are derived. */

import type { AuthErrorCode } from '../../errors.js';
import type { TokenFacts } from './jwt.js';

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
      /** Whether the connection authorizes it, on which `scheme` has let `username` in: it carries nothing itself. */
      readonly byConnection?: true;
      /** Whether it is a message of a handshake that the server is sure to answer with another, and has nothing secret in it. */
      readonly begins?: true;
      /** What the scheme says of it, in a few words. */
      readonly remark?: string;
      /** What authorized it to the proxy on its way. */
      readonly proxy?: {
        readonly scheme: string;
        readonly username?: string | undefined;
        readonly nonce?: string | undefined;
        readonly nc?: number | undefined;
      };
      /** Whether it was authorized before any challenge came. */
      readonly preemptive: boolean;
      /** Whether it answers a challenge that the caller has assumed, and the server has not sent. */
      readonly assumed?: true;
    }
  /** Its response came. */
  | { readonly type: 'reply'; readonly send: number; readonly status: number; readonly milliseconds: number }
  /** The challenges of a 401, or of a proxy's 407, in the order of the field; or those that the caller assumes (`assume`). */
  | {
      readonly type: 'challenged';
      readonly realm: string;
      readonly challenges: readonly string[];
      readonly proxy?: true;
      /** Whether the server has not sent them, and the caller says so in its place. */
      readonly assumed?: true;
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
      /** What a token says of its dates and its audience, if it is a JSON Web Token. */
      readonly token?: TokenFacts;
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

/** A URL as it may be shown: no userinfo, no query (tokens travel there), no fragment. */
export function urlOf({ origin, pathname }: { readonly origin: string; readonly pathname: string }): string {
  return `${origin}${pathname}`;
}
