/** What the server asks of every auth-scheme: make a challenge, and judge the answer. */

import type { Authorization } from './authorization.js';
import type { Draft } from './received-request.js';

/** Why an answer was not believed. */
export interface Refusal {
  /** In words, for the body of the 401. It never holds a secret. */
  readonly reason: string;
  /** Say that only the nonce was wrong (RFC 7616 §3.3). */
  readonly stale?: boolean;
  /** The nonce that was refused. */
  readonly nonce?: string;
}

/** Who came in. */
export interface Acceptance {
  readonly user?: string;
  /** The value of `Authentication-Info` (RFC 7615), given the body of our response. */
  readonly authenticationInfo?: (responseBody: Buffer) => string | undefined;
  /** That value depends on the body of our response (qop `auth-int`). */
  readonly coversBody?: boolean;
}

/** The outcome of one answer. */
export type Verdict = { readonly accepted: Acceptance } | { readonly refused: Refusal };

/** One challenge of the server, and the judgement of the answers to it. */
export interface Judge {
  /** The auth-scheme in lower case; undefined when no answer is ever believed. */
  readonly scheme?: string;
  /** The field values to send, one field line each; `refusal` when this judge has just refused. */
  challenge(refusal?: Refusal): readonly string[];
  /** Whether the answer is to a challenge of this judge, right or wrong. */
  isMine(authorization: Authorization): boolean;
  /** Judges an answer, notes in `received` whose it is; throws a Violation when it breaks the RFCs. */
  judge(authorization: Authorization, received: Draft): Verdict;
}
