/** Looks at the challenges of a URL without answering any. */

import { trace } from '../axios/record.js';
import { defaultSchemes } from '../defaults.js';
import { objection } from '../exchange/policy.js';
import { realmText } from '../exchange/realm.js';
import { type Choice, select } from '../exchange/select.js';
import type { Challenge } from '../model.js';
import { parseChallenges } from '../syntax/challenge.js';
import { type Address, addressOf } from './address.js';
import type { Given } from './command.js';
import { fieldLines } from './field-lines.js';
import { type Opinion, opinionsOf } from './opinions.js';
import { accountOf } from './options.js';
import { send } from './send.js';
import { quietSources } from './sources.js';

const TIMEOUT = 30_000;

/** What `probe` finds. No secret is in it: nonces are not. */
export interface Survey {
  readonly url: string;
  readonly status: number;
  readonly challenges: readonly Judged[];
  readonly providers: readonly Opinion[];
  /** Whether a challenge would be answered, by a provider or by a person. */
  readonly answerable: boolean;
}

/** A challenge, and what would become of it. */
export interface Judged extends Challenge {
  /** `Digest SHA-256` */
  readonly label: string;
  readonly wouldAnswer: boolean;
  /** Why not. */
  readonly reason?: string;
}

/** @throws Stop when there is no response */
export async function survey(given: Given, leaving: AbortSignal): Promise<Survey> {
  const address = addressOf(given.url ?? '');
  const account = accountOf('probe', given, address);
  const allowed = given.has('allow-insecure');
  const challenge = { providers: [], allowInsecure: allowed };
  const response = await send({ address, signal: leaving, timeout: TIMEOUT, challenge });
  response.data.on('error', () => {}).destroy();
  const { status } = response;
  if (status !== 401) return { url: address.shown, status, challenges: [], providers: [], answerable: false };
  const challenges = parseChallenges(fieldLines(response, 'www-authenticate'));
  const { judged, choices } = judge(challenges, address, { allowed, against: foreign(response) });
  const realm = realmText((choices[0]?.challenge ?? challenges[0])?.params.realm ?? '');
  const asked = { sources: quietSources(given, address, account), choices, realm, address, signal: leaving };
  const providers = await opinionsOf(asked);
  const answerable = providers.some(({ outcome }) => outcome === 'found' || outcome === 'would ask');
  return { url: address.shown, status, challenges: judged, providers, answerable };
}

interface Standing {
  readonly allowed: boolean;
  /** Why no challenge of this response is answered. */
  readonly against: string | undefined;
}

/** As an exchange does, which chooses among what is left after this. */
function judge(challenges: readonly Challenge[], { origin }: Address, { allowed, against }: Standing) {
  const { choices, passedOver, labels } = select(challenges, defaultSchemes());
  const reasons = passedOver.map(({ reason }) => reason);
  const permitted: Choice[] = [];
  const reasonOf = (challenge: Challenge): string | undefined => {
    const choice = choices.find((one) => one.challenge === challenge);
    if (!choice) return reasons.shift();
    const standing = { origin, allowed, strongest: undefined, mutual: 'verify' } as const;
    const reason = against ?? objection(choice, standing)?.reason;
    if (reason === undefined) permitted.push(choice);
    return reason;
  };
  const judged = challenges.map((challenge, index): Judged => {
    const reason = reasonOf(challenge);
    const label = labels[index] ?? challenge.scheme;
    return { ...challenge, label, wouldAnswer: reason === undefined, ...(reason !== undefined && { reason }) };
  });
  // The strongest first.
  return { judged, choices: choices.filter((choice) => permitted.includes(choice)) };
}

/** SEC-02: who was not addressed is not answered. The client that was sent with has found out. */
function foreign(response: object): string | undefined {
  const end = trace(response)?.events.find((event) => event.type === 'end');
  return end?.type === 'end' && end.code === 'ERR_AUTH_ORIGIN' ? end.reason : undefined;
}
