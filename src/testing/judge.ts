/** The interface of every auth-scheme in the server: write a challenge, and judge the authorization. */

import type { Authorization } from './authorization.js';
import type { Draft } from './received-request.js';

/** Why an authorization was refused. */
export interface Refusal {
  /** The text for the body of the 401 or 407. It never contains a secret. */
  readonly reason: string;
  /** Send `stale=true`: only the nonce was wrong (RFC 7616 §3.3). */
  readonly stale?: boolean;
  /** The nonce that was refused. */
  readonly nonce?: string;
  /** The server's message of a handshake, which the challenge carries. */
  readonly message?: string;
}

/** The accepted user, and the proof for the client. */
export interface Acceptance {
  readonly user?: string;
  /** The value of `Authentication-Info` (RFC 7615), given the body of our response. */
  readonly authenticationInfo?: (responseBody: Buffer) => string | undefined;
  /** Whether `authenticationInfo` depends on the body of our response (qop `auth-int`). */
  readonly coversBody?: boolean;
}

/** The outcome of judging one authorization. */
export type Verdict = { readonly accepted: Acceptance } | { readonly refused: Refusal };

/** A connection, told apart from every other by being itself. */
export type Connection = object;

/** Writes one challenge of the server, and judges the authorizations that answer it. */
export interface Judge {
  /** The auth-scheme in lower case; undefined when the judge refuses every authorization. */
  readonly scheme?: string;
  /** The field values to send, one field line each; `refusal` if this judge has just refused an authorization. */
  challenge(refusal?: Refusal): readonly string[];
  /** Whether the authorization answers a challenge of this judge, correctly or not. */
  isMine(authorization: Authorization): boolean;
  /** Whether it is written as this judge's challenge wants it, where several judges have one realm and algorithm. */
  isClosest?(authorization: Authorization): boolean;
  /** Judges an authorization and notes its user in `received`; throws a Violation when it breaks the RFCs. */
  judge(authorization: Authorization, received: Draft, connection: Connection): Verdict;
  /** The user that the connection is authorized for: its requests then need no authorization. */
  holds?(connection: Connection): string | undefined;
}
