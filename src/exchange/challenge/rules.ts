/** What an exchange goes by: the caller's options, made definite. */

import type { Provider, Scheme } from '../../model.js';
import type { Target } from '../port/transport.js';
import type { AuthEvent } from '../trace/events.js';

/** The rules of one request. */
export interface Rules {
  readonly schemes: readonly Scheme[];
  readonly providers: readonly Provider[];
  /** Whether a password or a token may travel in clear text to the origin, and whether a weaker offer is taken there. */
  allowsInsecure(origin: string): boolean;
  /** Whether a challenge of this origin is answered when a redirect led there from another. */
  trustsOrigin(origin: string): boolean;
  readonly preemptive: boolean;
  readonly maxCredentials: number;
  readonly mutual: 'verify' | 'require' | 'off';
  /** What the caller says for servers that do not say what they want; `undefined`: nothing. */
  readonly assumption: Assumption | undefined;
  readonly onEvent: ((event: AuthEvent) => void) | undefined;
}

/** The caller's word for the challenge that a server leaves out. */
export interface Assumption {
  /** The challenge of an origin, where it is known before the origin has answered. */
  known(origin: string): string | undefined;
  /** The challenge that a response stands for; whatever the caller's function gives, or throws. */
  of(response: Mute): unknown;
  /** Whether other responses than a 401 may stand for one, too. */
  readonly isForEveryStatus: boolean;
}

/** A response that names no challenge. */
export interface Mute {
  readonly target: Target;
  readonly status: number;
  /** As the client has it. */
  readonly response: unknown;
}
