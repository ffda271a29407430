/** A protection space: a realm of an origin, and what is remembered of it (RFC 9110 §11.5). */

import { type Answer, type Challenge, type Credential, type Provider, type Scheme, usernameOf } from '../model.js';
import { Flight } from './flight.js';
import { Lane, Lanes } from './lane.js';
import type { Found, Searched } from './lookup.js';
import type { Choice } from './select.js';

/** The credential of a space, in use. */
export interface Session {
  readonly credential: Credential;
  /** The same as the provider gave it, to be handed back to it. */
  readonly given: Credential;
  readonly provider: Provider;
  readonly scheme: Scheme;
  /** The realm of the challenge, as received; it may differ from the space's where a response names several. */
  readonly realm: string;
  readonly challenge: Challenge;
  /** `Digest SHA-256` */
  readonly label: string;
  readonly strength: number;
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
  /** Whether responses come with an `Authentication-Info`, so that each of them has to be read. */
  informs: boolean;
  /** Settles when the request that tries it knows more. */
  trial: Promise<void> | undefined;
}

// Enough for every nonce that is alive at once; a server that makes up more is answered all the same.
const MAX_LANES = 64;
// Two may be chance. A nonce that served this often did not run out early.
const ENOUGH_SUSPICIONS = 3;
const LONG_LIVED = 100;
const MAX_REFUSED = 64;
// In milliseconds. Directories lock an account after a few wrong passwords within minutes.
const LONG_MEMORY = 15 * 60_000;
const SHORT_MEMORY = 60_000;
const MAX_PREFIXES = 64;

interface Refused {
  readonly credential: Credential;
  readonly until: number;
}

/** What is remembered of one protection space. */
export class Space {
  session: Session | undefined;
  /** How many credentials the server has refused. */
  refusals = 0;
  /** The strongest challenge offered for a password. */
  strongest: { readonly label: string; readonly strength: number } | undefined;
  /** The path prefixes it covers. */
  prefixes: readonly string[] = [];
  readonly #lookups = new Map<string, Flight<Searched>>();
  readonly #refused: Refused[] = [];
  /** The first of the session before: nc counts on, whoever sends. */
  #former: Answer | undefined;
  /** Nonces in a row that ran out early while several requests used them. */
  #suspicions = 0;

  constructor(
    readonly origin: string,
    /** As received. */
    readonly realm: string,
  ) {}

  covers(pathname: string): boolean {
    return this.prefixes.some((prefix) => covers(prefix, pathname));
  }

  /** Learns what a challenge for `url` says about the space. */
  offered({ challenge, scheme }: Choice, url: string): void {
    this.prefixes = merge(this.prefixes, scheme.space(challenge, url));
  }

  /** The lookup for these challenges: one for all who wait. */
  lookupFor(choices: readonly Choice[]): Flight<Searched> {
    const key = choices.map(({ scheme }) => scheme.name).join();
    const lookup = this.#lookups.get(key) ?? new Flight();
    this.#lookups.set(key, lookup);
    return lookup;
  }

  /** Puts a credential to use. */
  open({ credential, given, provider, choice }: Found): Session {
    const { challenge, scheme, label, strength } = choice;
    const lane = new Lane(scheme.answer(challenge, credential, this.#former));
    if (lane.answer.nonce !== undefined) this.#former = lane.answer;
    const realm = challenge.params.realm ?? '';
    const nonces = { lane, byNonce: new Map<string, Lane>(), lanes: undefined };
    const standing = { admitted: false, approved: false, informs: false, trial: undefined };
    this.session = { credential, given, provider, challenge, scheme, realm, label, strength, ...nonces, ...standing };
    remember(this.session, lane);
    return this.session;
  }

  /** The lane of a challenge's nonce: one that is known counts its nc for all who were challenged with it. */
  laneOf(challenge: Challenge, session: Session): Lane {
    const { nonce } = challenge.params;
    if (nonce !== undefined && nonce === session.lane.answer.nonce) return session.lane;
    const known = nonce === undefined ? undefined : session.byNonce.get(nonce);
    if (known) return known;
    return remember(session, new Lane(session.scheme.answer(challenge, session.credential, session.lane.answer)));
  }

  /** Takes the lane of a trial into use for everybody. */
  adopt(session: Session, lane: Lane): void {
    if (!session.admitted) session.lane = lane;
  }

  /** Moves the session on, unless it has moved already: a late response does not move it back. */
  move(session: Session, from: Lane, to: Lane): void {
    remember(session, to);
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
    if (nc !== undefined && nc > LONG_LIVED) this.#suspicions = 0;
  }

  /** Uses a session no longer; who waits for one of its nonces goes on without. */
  drop(session: Session): void {
    if (this.session === session) this.session = undefined;
    session.lanes?.dissolve();
  }

  /** Drops the session if it is still the one in use; says whether the refusal is news. */
  refuse(session: Session, now: number): boolean {
    this.drop(session);
    if (this.hasRefused(session.credential, now)) return false;
    // A credential that was right may be right again: a directory that is down refuses everybody.
    const until = now + (session.approved ? SHORT_MEMORY : LONG_MEMORY);
    this.#refused.push({ credential: session.credential, until });
    if (this.#refused.length > MAX_REFUSED) this.#refused.shift();
    this.refusals += 1;
    return true;
  }

  /** Whether the server has refused this credential of late: it is not sent to the space again (account lock-out). */
  hasRefused(credential: Credential, now: number): boolean {
    return this.#refused.some((one) => now < one.until && sameCredential(one.credential, credential));
  }

  /** Whose credential was refused last. */
  get refusedUsername(): string | undefined {
    const last = this.#refused.at(-1);
    return last && usernameOf(last.credential);
  }
}

function remember({ byNonce }: Session, lane: Lane): Lane {
  const { nonce } = lane.answer;
  if (nonce === undefined) return lane;
  byNonce.set(nonce, lane);
  if (byNonce.size > MAX_LANES) byNonce.delete(byNonce.keys().next().value as string);
  return lane;
}

/** Whether a path lies under a prefix, at a segment border: `/docs` covers `/docs/a`, not `/docs2`. */
export function covers(prefix: string, pathname: string): boolean {
  if (pathname === prefix) return true;
  return pathname.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

/** The prefixes of both, without those that another one covers. Basic learns a directory at a time (RFC 7617 §2.2). */
function merge(known: readonly string[], told: readonly string[]): readonly string[] {
  const all = [...new Set([...known, ...told])];
  const outer = all.filter((one) => !all.some((other) => other !== one && covers(other, one)));
  return outer.slice(-MAX_PREFIXES);
}

/** Equality of what a person holds, case-sensitive (SEC-33), by own properties (SEC-28). */
export function sameCredential(a: Credential, b: Credential): boolean {
  const [one, other] = [ownParts(a), ownParts(b)];
  return one.every((part, index) => part === other[index]);
}

function ownParts(credential: Credential): readonly unknown[] {
  const { username, password, token } = Object.assign(Object.create(null), credential);
  return [username, password, token];
}
