/** Asks one provider after another for a credential that answers a challenge, and records what each of them gives. */

import { memberOf } from '../../base/own.js';
import type { Answer, Credential, CredentialKind, CredentialRequest, Provider } from '../../model.js';
import { credentialKind, expiryOf, usernameOf } from '../../model.js';
import { absenceOf, nameOf } from '../../syntax/said.js';
import type { Choice } from '../challenge/select.js';
import { REFUSED_BEFORE } from '../memory/reputation.js';
import type { Candidate, ProviderEvent } from '../memory/session.js';
import type { TokenFacts } from '../trace/jwt.js';
import { inquire, isInteractive } from './ask.js';
import { credentialIn, factsOf, isHint } from './given.js';
import type { Lookup } from './lookup.js';
import { objectionOf, type Unusable } from './provider-error.js';

/** Why a provider gave no credential that can be used: `nothing` of this kind, though it may have one of the other. */
export type Miss = 'nothing' | 'no use' | 'refused before';

/** The questions of one search: a user name that a provider gives is told to the next ones. */
export class ProviderSearch {
  #username: string | undefined;
  #isLeft = false;

  constructor(private readonly lookup: Lookup) {
    this.#username = lookup.request.username;
  }

  /** Whether the person has left: no other question is asked. */
  get isLeft(): boolean {
    return this.#isLeft;
  }

  /** A person who repeats a refused answer is told so, and asked again. */
  async insist(provider: Provider, choice: Choice): Promise<Candidate | Miss> {
    for (let again = 0; again < this.lookup.remaining; again += 1) {
      const answer = await this.ask(provider, choice, again);
      if (answer !== 'refused before') return answer;
    }
    return 'refused before';
  }

  async ask(provider: Provider, choice: Choice, again = 0): Promise<Candidate | Miss> {
    const { lookup } = this;
    const { clock } = lookup;
    const [start, name] = [clock.now(), nameOf(provider)];
    const record = (outcome: Outcome, { reason, code }: Unusable = {}, username?: string, token?: TokenFacts) => {
      const milliseconds = clock.now() - start;
      const facts = token && { token };
      lookup.record({ type: 'provider', provider: name, outcome, username, code, reason, milliseconds, ...facts });
    };
    try {
      const { request, answer } = inquire(provider, this.#request(provider, choice, again), clock);
      const given = await answer;
      if (given === undefined || given === null) {
        const reason = absenceOf(provider, request);
        if (reason !== '') record('absent', { reason });
        return 'nothing';
      }
      if (isHint(given) && !isAmbient(choice)) {
        this.#username ??= given.username;
        record('absent', { reason: 'has a user name and no password' }, given.username);
        return 'no use';
      }
      const credential = credentialIn(given);
      const objection = this.#objection(credential, choice);
      const first: First = objection ? { answer: undefined, objection } : this.#answer(credential, choice);
      record(first.objection ? 'unusable' : 'found', first.objection, usernameOf(credential), factsOf(credential));
      if (first.answer) return { credential, given: given as Credential, provider, choice, answer: first.answer };
      if (objection === REFUSED_BEFORE) return 'refused before';
      return credentialKind(credential) === choice.scheme.credential ? 'no use' : 'nothing';
    } catch (error) {
      const failure = objectionOf(error);
      if (failure.code === 'ERR_AUTH_CANCELLED') this.#isLeft = true;
      record('failed', failure);
      return 'no use';
    }
  }

  #request(provider: Provider, choice: Choice, again: number): CredentialRequest {
    const { request, refusedUsername } = this.lookup;
    const username = this.#username ?? (isInteractive(provider) ? refusedUsername : undefined);
    const named = username === undefined ? undefined : { username };
    const { scheme, challenge } = choice;
    const { name, credential: kind } = scheme;
    const asked = { scheme: name, kind, refused: request.refused + again, challenge };
    return Object.assign(Object.create(null), request, named, asked);
  }

  /** The account that the caller named in the URL is the only one (SEC-09). */
  #isAnothers(credential: Credential): boolean {
    const { username } = this.lookup.request;
    const given = usernameOf(credential);
    return username !== undefined && given !== undefined && given !== username;
  }

  /** Why a credential is no use here. */
  #objection(credential: Credential, choice: Choice): Unusable | undefined {
    const kind: CredentialKind = credentialKind(credential);
    if (kind !== choice.scheme.credential)
      return { reason: `gave a ${kind}, and ${choice.label} needs a ${choice.scheme.credential}` };
    if (this.#isAnothers(credential)) return { reason: 'gave another user name than the one that was asked for' };
    if ((expiryOf(credential) ?? Number.POSITIVE_INFINITY) <= this.lookup.clock.date()) return RUN_OUT;
    const before = this.lookup.hasRefused(credential);
    if (before) return before;
    return memberOf(this.lookup, 'weakening')?.(credential, choice);
  }

  /** The answer to the challenge; the scheme may object to the credential, too. */
  #answer(credential: Credential, choice: Choice): First {
    try {
      return { answer: choice.offer.answer(credential, this.lookup.previous), objection: undefined };
    } catch (error) {
      return { answer: undefined, objection: objectionOf(error, credential) };
    }
  }
}

const RUN_OUT: Unusable = { reason: 'gave a token that has run out' };

/** Both are own members: what sits on Object.prototype is neither (SEC-28). */
type First =
  | { readonly answer: Answer; readonly objection: undefined }
  | { readonly answer: undefined; readonly objection: Unusable };

type Outcome = ProviderEvent['outcome'];

export function isCandidate(answer: Candidate | Miss): answer is Candidate {
  return typeof answer === 'object';
}

/** Whether the operating system holds its credential, and no provider of the client. */
export function isAmbient({ scheme }: Choice): boolean {
  return scheme.credential === 'ambient';
}
