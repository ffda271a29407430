/** How an exchange ends: thrown from wherever that shows, and written down in one place (`exchange.ts`). */

import type { AuthError } from '../../errors.js';
import type { Happening } from '../trace/events.js';

/** The last event of a record. */
export type Ending = Omit<Extract<Happening, { type: 'end' }>, 'type'>;

/** The 401 or 407 at hand is the caller's. It never leaves the exchange. */
export class Declined extends Error {
  constructor(readonly ending: Ending) {
    super(ending.reason);
  }
}

/** The server did not prove that it knows the password: the caller gets `error` instead of the response. */
export class Unproven extends Error {
  constructor(
    readonly ending: Ending,
    readonly error: AuthError,
  ) {
    super(ending.reason);
  }
}
