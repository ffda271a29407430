/** Who may ask for a credential: the origin, or a proxy on the way to it. */

import type { Provider } from '../../model.js';
import type { Rules } from '../challenge/rules.js';
import type { Spaces } from '../memory/spaces.js';

/** Who may ask for a credential: the origin with 401, or the proxy on the way with 407 (RFC 9110 §11.6, §11.7). */
export interface Challenger {
  readonly status: 401 | 407;
  readonly proxy: boolean;
  readonly rules: Rules;
  /** The proxy's are others than the origin's: neither sees what the other was given (SEC-06). */
  readonly spaces: Spaces;
  /** Gives the caller's own credential (`config.auth`, userinfo): asked alone at the origin that was addressed, and nowhere else. */
  readonly callers?: Provider | undefined;
  /** The account that the caller named (userinfo), at the origin that was addressed. */
  readonly username: string | undefined;
  /** The origin of the client's base URL, if it has one. */
  readonly baseOrigin: string | undefined;
  /** The scheme with which the client itself sends the caller's own credential (`config.auth`, userinfo): not to be tried again. */
  readonly sentScheme: string | undefined;
  /** Why nothing is answered: the caller does that. */
  readonly handsOff: string | undefined;
}
