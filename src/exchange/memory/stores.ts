/** What outlives a session, whoever drops it: refusals, offers, due proofs, and the budget of all that is kept. */

import { Budget } from './budget.js';
import { DueProofs } from './due.js';
import { Offers } from './offers.js';
import { Refusals } from './refusals.js';

/** The stores that the memories of one client share. */
export interface Stores {
  readonly refusals: Refusals;
  /** Of the process: a challenge is not weaker because another client heard it. */
  readonly offers: Offers;
  readonly due: DueProofs;
  readonly budget: Budget;
}

/** `nameOf` gives the name under which a credential is remembered as refused. */
export function newStores(offers = new Offers(), nameOf: (text: string) => string = String): Stores {
  return { refusals: new Refusals(nameOf), offers, due: new DueProofs(), budget: new Budget() };
}
