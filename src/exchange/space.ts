/** A protection space: a realm of an origin, and what is remembered of it (RFC 9110 §11.5). */

import type { Answer, Challenge, Credential, Provider, Scheme } from '../model.js';
import { Flight } from './flight.js';
import type { Found } from './lookup.js';
import type { Choice } from './select.js';

/** The credential of a space, in use. */
export interface Session {
  readonly credential: Credential;
  readonly provider: Provider;
  readonly scheme: Scheme;
  /** The realm of the challenge, as received; it may differ from the space's where a response names several. */
  readonly realm: string;
  /** `Digest SHA-256` */
  readonly label: string;
  /** The answer to the newest challenge. */
  answer: Answer;
  /** Whether the server has accepted the credential. Until then one request tries it and the others wait. */
  proven: boolean;
  /** Settles when the request that tries it knows more. */
  trial: Promise<void> | undefined;
}

// Enough for every nonce that is alive at once; a server that makes up more is answered all the same.
const MAX_ANSWERS = 64;
const MAX_REFUSED = 64;
const MAX_PREFIXES = 64;

/** What is remembered of one protection space. */
export class Space {
  session: Session | undefined;
  /** How many credentials the server has refused since it last accepted one. */
  refusals = 0;
  /** The strongest challenge offered for a password. */
  strongest: { readonly label: string; readonly strength: number } | undefined;
  /** The path prefixes it covers. */
  prefixes: readonly string[] = [];
  /** The lookup under way: one for all who wait. */
  readonly lookup = new Flight<Found | undefined>();
  readonly #refused: Credential[] = [];
  readonly #answers = new Map<string, Answer>();

  constructor(
    readonly origin: string,
    /** As received. */
    readonly realm: string,
  ) {}

  covers(pathname: string): boolean {
    return this.prefixes.some((prefix) => covers(prefix, pathname));
  }

  /** Learns what a challenge for `url` says about the space. */
  offered({ challenge, scheme, label, strength }: Choice, url: string): void {
    this.prefixes = merge(this.prefixes, scheme.space(challenge, url));
    if (scheme.credential !== 'password') return;
    if (!this.strongest || strength > this.strongest.strength) this.strongest = { label, strength };
  }

  /** Puts a credential to use. */
  open({ credential, provider, choice }: Found): Session {
    const { challenge, scheme, label } = choice;
    const answer = scheme.answer(challenge, credential);
    this.#answers.clear();
    this.#remember(answer);
    const realm = challenge.params.realm ?? '';
    this.session = { credential, provider, scheme, realm, label, answer, proven: false, trial: undefined };
    return this.session;
  }

  /**
   * The answer to a challenge with the credential of `session`. The same nonce gets the same answer, whoever was
   * challenged with it: it counts its nc for all of them.
   */
  answerTo(challenge: Challenge, session: Session): Answer {
    const { nonce } = challenge.params;
    const known = nonce === undefined ? undefined : this.#answers.get(nonce);
    if (known) return known;
    const answer = session.scheme.answer(challenge, session.credential, session.answer);
    this.#remember(answer);
    return answer;
  }

  /** Moves the session on, unless it has moved already: a late response does not move it back. */
  move(session: Session, from: Answer, to: Answer): void {
    this.#remember(to);
    if (session.answer === from) session.answer = to;
  }

  /** Says whether the acceptance is news. */
  accept(session: Session): boolean {
    const isNews = !session.proven;
    session.proven = true;
    this.refusals = 0;
    return isNews;
  }

  /** Drops the session if it is still the one in use; says whether the refusal is news. */
  refuse(session: Session): boolean {
    if (this.session === session) this.session = undefined;
    if (this.hasRefused(session.credential)) return false;
    this.#refused.push(session.credential);
    if (this.#refused.length > MAX_REFUSED) this.#refused.shift();
    this.refusals += 1;
    return true;
  }

  /** Whether the server has refused this credential: it is never sent to the space again (account lock-out). */
  hasRefused(credential: Credential): boolean {
    return this.#refused.some((one) => sameCredential(one, credential));
  }

  #remember(answer: Answer): void {
    if (answer.nonce === undefined) return;
    this.#answers.set(answer.nonce, answer);
    if (this.#answers.size > MAX_ANSWERS) this.#answers.delete(this.#answers.keys().next().value as string);
  }
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

/** Equality of what a person holds, case-sensitive (SEC-33). */
export function sameCredential(a: Credential, b: Credential): boolean {
  if ('token' in a || 'token' in b) return 'token' in a && 'token' in b && a.token === b.token;
  return a.username === b.username && a.password === b.password;
}
