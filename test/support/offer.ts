/** What a scheme reads in a challenge, where the test needs it to be answerable, and answered at once. */

import { type Choice, isChoice, read } from '../../src/exchange/challenge/select.js';
import type {
  Answer,
  Authorization,
  AuthorizedRequest,
  Challenge,
  Credential,
  Offer,
  Scheme,
} from '../../src/model.js';

/** An answer that computes its authorizations while it is asked, as those of this package do. */
export interface PromptAnswer extends Answer {
  authorize(request: AuthorizedRequest): Authorization;
}

interface PromptOffer extends Offer {
  answer(credential: Credential, previous?: Answer): PromptAnswer;
}

export function offerOf(scheme: Scheme, challenge: Challenge): PromptOffer {
  return choiceOf(scheme, challenge).offer as PromptOffer;
}

/** The same, as an exchange chooses it. */
export function choiceOf(scheme: Scheme, challenge: Challenge): Choice {
  const [choice] = read([challenge], [scheme], { origin: scheme.origins?.[0] });
  if (!choice || !isChoice(choice)) throw new Error('it is not answerable');
  return choice;
}
