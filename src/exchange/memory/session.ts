/** The credential of a protection space in use, and what a search for one gives. */

import { memberOf } from '../../base/own.js';
import type { Answer, Credential, Provider } from '../../model.js';
import type { Rules } from '../challenge/rules.js';
import type { Choice } from '../challenge/select.js';
import type { Clock } from '../port/clock.js';
import type { Happening } from '../trace/events.js';
import type { Lane, Lanes } from './lane.js';
import type { Use } from './offers.js';
import type { Reputation } from './reputation.js';

/** The credential of a space, in use. */
export interface Session {
  readonly credential: Credential;
  /** The same as the provider gave it, to be handed back to it. */
  readonly given: Credential;
  readonly provider: Provider;
  /** The challenge that it was opened for. */
  readonly choice: Choice;
  /** The realm of the challenge, as received; it may differ from the space's where a response names several. */
  readonly realm: string;
  /** What the account was used with at the origin, by this session or any other; `undefined` for a token. */
  readonly use: Use | undefined;
  /** How long the longest challenge was that it answered. */
  text: number;
  /** The newest nonce, for as many requests as come. */
  lane: Lane;
  /** By nonce: the same nonce is the same lane, whoever was challenged with it. */
  readonly byNonce: Map<string, Lane>;
  /** The nonces of a server that wants them one request at a time; `undefined` until it is known to be one. */
  lanes: Lanes | undefined;
  /** Whether the server lets the credential in, as far as is known. Until then one request tries it and the others wait. */
  admitted: boolean;
  /** Whether it was proven right, and the provider told so. */
  approved: boolean;
  /** Whether an `Authentication-Info` named another nonce or covered the body: an exchange reads the next ones. */
  informs: boolean;
  /** Whether every authorization so far was there at once, and not a promise. */
  isSynchronous: boolean;
  /** Until when it is used before the providers are asked again, in milliseconds since 1970: a token may run out. */
  goodUntil: number;
  /** How the credential stands here, with whoever else holds it. */
  readonly reputation: Reputation;
  /** How often in a row a 401 came to it that names no challenge of this space, since it was last let in. */
  doubts: number;
  /** Whether its provider is to hear of a refusal no more. */
  isRefused: boolean;
}

/** Whether the providers are to be asked for another token before the next send. */
export function isExpiring({ goodUntil }: Session, clock: Pick<Clock, 'date'>): boolean {
  return goodUntil !== Number.POSITIVE_INFINITY && goodUntil <= clock.date();
}

/** Whether the answer in use was given when nobody asked for proof: none that is new can come to it. */
export function isOutOfDate({ mutual }: Pick<Rules, 'mutual'>, { lane }: Session): boolean {
  return mutual === 'require' && memberOf(lane.answer, 'isReplayable') === true;
}

/** What a provider said. */
export type ProviderEvent = Extract<Happening, { type: 'provider' }>;

/** What came of a search: all who waited for it hear what the providers said. */
export interface SearchResult {
  readonly found: Candidate | undefined;
  readonly heard: readonly ProviderEvent[];
}

/** A credential, who gave it, and the challenge it is for. */
export interface Candidate {
  readonly credential: Credential;
  /** The same as the provider gave it. */
  readonly given: Credential;
  readonly provider: Provider;
  readonly choice: Choice;
  /** The first answer to it. */
  readonly answer: Answer;
}
