/** A protection space: a realm of an origin, and what is remembered of it (RFC 9110 §11.5). */

import { memberOf } from '../../base/own.js';
import { SingleFlight } from '../../base/single-flight.js';
import { type Answer, type Challenge, type Credential, expiryOf, usernameOf } from '../../model.js';
import { covers, merge, Places } from '../challenge/paths.js';
import type { Choice } from '../challenge/select.js';
import type { Clock } from '../port/clock.js';
import { textLength } from './budget.js';
import { Lane, Lanes } from './lane.js';
import { partsOf } from './refusals.js';
import type { Caution } from './reputation.js';
import type { Candidate, SearchResult, Session } from './session.js';
import type { Stores } from './stores.js';

// Enough for every nonce that is alive at once; a server that makes up more is answered all the same.
const MAX_LANES = 64;
// Two may be chance. A nonce that served this often did not run out early.
const ENOUGH_SUSPICIONS = 3;
const LONG_LIVED = 100;
// An application behind the space may have a 401 of its own; a password that was changed has nothing else.
const ENOUGH_DOUBTS = 3;
// Characters that its nonces keep in all.
const MAX_LANE_TEXT = 131_072;
// What a space, and a nonce, cost beside their text.
const OWN_COST = 512;
const LANE_COST = 256;

/** How many credentials were refused, and how many of these a store had kept: the person did not mistype them. */
export interface Tally {
  readonly refusals: number;
  readonly kept: number;
}

/** What is remembered of one protection space. */
export class Space {
  session: Session | undefined;
  /** The credentials that the server has refused. */
  tally: Tally = { refusals: 0, kept: 0 };
  /** The path prefixes it covers. */
  prefixes: readonly string[] = [];
  readonly #lookups = new Map<string, SingleFlight<SearchResult>>();
  /** Where another realm answered to a credential of this one: not sent there unasked until this one challenges there. */
  readonly ceded = new Places();
  /** Whose credential was refused last. */
  refusedUsername: string | undefined;
  /** The first answer of the session before: a new session goes on with its nonce counts. */
  former: Answer | undefined;
  /** The challenge that came with that. */
  refusal: Challenge | undefined;
  /** How much it keeps of what the server said, in characters. */
  length: number;
  /** Until when providers are not asked before a send, because they had nothing. */
  vainUntil = 0;
  /** Nonces in a row that ran out early while several requests used them. */
  #suspicions = 0;

  constructor(
    readonly origin: string,
    /** As received. */
    readonly realm: string,
    private readonly stores: Stores,
    private readonly grown: () => void = () => {},
  ) {
    this.length = OWN_COST + realm.length;
  }

  covers(pathname: string): boolean {
    return this.prefixes.some((prefix) => covers(prefix, pathname));
  }

  /** Learns what a challenge for `url` says about the space. */
  offered({ offer }: Choice, url: string): void {
    this.prefixes = merge(this.prefixes, offer.space(url));
    this.ceded.delete(url);
    this.#measure();
  }

  /** The lookup for these challenges: one for all who wait. One that asks fewer providers is another. */
  lookupFor(choices: readonly Choice[], whom: 'all' | 'silent' | 'people' | 'more'): SingleFlight<SearchResult> {
    const key = [...choices.map(({ scheme }) => scheme.name), whom].join();
    const lookup = this.#lookups.get(key) ?? new SingleFlight();
    this.#lookups.set(key, lookup);
    return lookup;
  }

  /** Puts a credential to use. */
  open({ credential, given, provider, choice, answer }: Candidate, clock: Pick<Clock, 'now' | 'date'>): Session {
    const { challenge } = choice;
    const lane = new Lane(answer);
    if (lane.answer.nonce !== undefined) this.former = lane.answer;
    const realm = challenge.params.realm ?? '';
    const nonces = { lane, text: textLength(challenge.params), byNonce: new Map<string, Lane>(), lanes: undefined };
    const { refusals, offers } = this.stores;
    const reputation = refusals.of(this, credential, clock.now());
    const username = usernameOf(credential);
    const use = username === undefined ? undefined : offers.use(this.origin, username);
    const standing = { use, reputation, admitted: false, approved: false, doubts: 0, isRefused: false };
    const habits = { informs: false, isSynchronous: true, goodUntil: goodUntil(credential, clock.date()) };
    this.session = { credential, given, provider, choice, realm, ...nonces, ...standing, ...habits };
    this.#remember(this.session, lane);
    return this.session;
  }

  /** The lane of a challenge's nonce: one that is known counts its nc for all who were challenged with it. */
  laneOf({ challenge, offer, nonce }: Choice, session: Session): Lane {
    if (nonce !== undefined && nonce === session.lane.answer.nonce) return session.lane;
    const known = nonce === undefined ? undefined : session.byNonce.get(nonce);
    if (known) return known;
    session.text = Math.max(session.text, textLength(challenge.params));
    const answer = offer.answer(session.credential, session.lane.answer);
    return this.#remember(session, new Lane(answer));
  }

  /** Takes the lane of a trial into use for everybody. */
  adopt(session: Session, lane: Lane): void {
    if (!session.admitted) session.lane = lane;
  }

  /** Moves the session on, unless it has moved already: a late response does not move it back. */
  move(session: Session, from: Lane, to: Lane): void {
    this.#remember(session, to);
    if (session.lane === from) session.lane = to;
  }

  /**
   * A nonce was refused. When several requests were on their way with it, the server may want nc in order, which no
   * network keeps. It gets them in order if it says so by a plain 401, if it refuses a nonce that it has just given
   * (`own`), or if nonces keep running out early.
   */
  suspect(session: Session, lane: Lane, { stale, own }: { readonly stale: boolean; readonly own: boolean }): void {
    if (!lane.overlapped || session.lanes) return;
    this.#suspicions += 1;
    if (!stale || own || this.#suspicions >= ENOUGH_SUSPICIONS) session.lanes = new Lanes();
    lane.overlapped = false;
  }

  /** The server let the credential in, whatever it then said. */
  admit(session: Session, nc: number | undefined): void {
    session.admitted = true;
    session.doubts = 0;
    if (nc !== undefined && nc > LONG_LIVED) this.#suspicions = 0;
  }

  /** Uses a session no longer; who waits for one of its nonces goes on without. */
  drop(session: Session): void {
    if (this.session === session) this.session = undefined;
    session.lanes?.dissolve();
  }

  /** The server refused the credential; says whether its provider has yet to hear of it. */
  refuse(session: Session, refusal: Challenge, now: number): boolean {
    this.disbelieve(session, now);
    this.refusal = refusal;
    this.#measure();
    if (session.isRefused) return false;
    session.isRefused = true;
    const { refusals, kept } = this.tally;
    this.tally = { refusals: refusals + 1, kept: kept + (memberOf(session.provider, 'store') === true ? 1 : 0) };
    this.refusedUsername = usernameOf(session.credential);
    return true;
  }

  /** Sends the credential no more for a while, on less than proof: a provider is not told (SEC-25, SEC-36). */
  disbelieve(session: Session, now: number): void {
    this.drop(session);
    session.reputation.refuse(now, session.approved);
  }

  /** What was let in is disbelieved after a few doubts; those who were on their way together have one. */
  doubt(session: Session, doubtsBefore: number, now: number): void {
    if (session.doubts !== doubtsBefore) return;
    session.doubts += 1;
    if (session.doubts >= ENOUGH_DOUBTS) this.disbelieve(session, now);
  }

  /** Why a credential is not to be sent to the space now (account lock-out). */
  objectionTo(credential: Credential, now: number): Caution | undefined {
    return this.stores.refusals.of(this, credential, now).objection(now);
  }

  #remember(session: Session, lane: Lane): Lane {
    const { nonce } = lane.answer;
    const { byNonce } = session;
    if (nonce === undefined) return lane;
    byNonce.set(nonce, lane);
    while (byNonce.size > MAX_LANES || (byNonce.size > 1 && textOfLanes(session) > MAX_LANE_TEXT))
      byNonce.delete(byNonce.keys().next().value as string);
    this.#measure();
    return lane;
  }

  #measure(): void {
    const { prefixes, realm, session, refusal } = this;
    const prefixText = prefixes.reduce((sum, prefix) => sum + prefix.length, 0);
    const refusalText = refusal ? textLength(refusal.params) : 0;
    this.length = OWN_COST + realm.length + prefixText + refusalText + (session ? textOfLanes(session) : 0);
    this.grown();
  }
}

// A token that runs out on its way is refused.
const MARGIN = 60_000;

/** A token is replaced a minute early; one that was given later than that is used to its end. */
function goodUntil(credential: Credential, date: number): number {
  const expires = expiryOf(credential) ?? Number.POSITIVE_INFINITY;
  return expires - MARGIN > date ? expires - MARGIN : expires;
}

/** A lane keeps the nonce by itself, in what it sends, and in its count, and the rest of the challenge twice. */
function textOfLanes({ byNonce, text }: Session): number {
  let length = (byNonce.size + 1) * (2 * text + LANE_COST);
  for (const nonce of byNonce.keys()) length += 3 * nonce.length;
  return length;
}

/** Equality of what a person holds, case-sensitive (SEC-33), by own properties (SEC-28). */
export function sameCredential(a: Credential, b: Credential): boolean {
  const [one, other] = [partsOf(a), partsOf(b)];
  return one.every((part, index) => part === other[index]);
}
