/** Asks the providers for a credential: those that need nobody first, a person last. */

import { memberOf } from '../../base/own.js';
import { AuthError } from '../../errors.js';
import type {
  Answer,
  Credential,
  CredentialKind,
  CredentialRequest,
  Provider,
  TokenCredential,
  UsernameHint,
} from '../../model.js';
import { credentialKind, expiryOf, usernameOf } from '../../model.js';
import { absenceOf, nameOf } from '../../syntax/said.js';
import type { Choice } from '../challenge/select.js';
import { REFUSED_BEFORE } from '../memory/reputation.js';
import type { Candidate, ProviderEvent } from '../memory/session.js';
import type { Clock } from '../port/clock.js';
import { type TokenFacts, tokenFacts } from '../trace/jwt.js';
import { inquire, isInteractive } from './ask.js';
import { objectionOf, type Unusable } from './provider-error.js';

/** What is looked for. */
export interface Lookup {
  readonly providers: readonly Provider[];
  /** The challenges that could be answered, the strongest first. */
  readonly choices: readonly Choice[];
  /** What every provider is told; `scheme` and `username` are filled in on the way. */
  readonly request: Omit<CredentialRequest, 'scheme'>;
  /** The answer to an earlier challenge of the space: its parts that are still valid are reused. */
  readonly previous: Answer | undefined;
  /** What the space holds against a credential: it has refused it before, or never answered. */
  hasRefused(credential: Credential): Unusable | false;
  /** Why the account of a credential is too good for a challenge; left out where nothing is remembered. */
  weakening?(credential: Credential, choice: Choice): Unusable | undefined;
  /** The user name that the space refused last: a person is offered it, most mistype only the password. */
  readonly refusedUsername: string | undefined;
  /** How many more credentials may be tried. */
  readonly remaining: number;
  readonly whom: Whom;
  readonly clock: Clock;
  record(heard: ProviderEvent): void;
}

/** Which providers are asked: all, those that need no person, or the interactive providers. */
export type Whom = 'all' | 'silent' | 'people';

/** The first usable credential; `undefined` when no provider has one. Never rejects: a broken provider is passed over. */
export async function lookUp(lookup: Lookup): Promise<Candidate | undefined> {
  const providers = flatten(lookup.providers);
  const question = new Question(lookup);
  const silent = lookup.whom === 'people' ? [] : providers.filter((provider) => !isInteractive(provider));
  for (const choice of lookup.choices) {
    for (const provider of isAmbient(choice) ? ownProvider(choice, lookup) : silent) {
      if (lookup.request.signal?.aborted) return undefined;
      const answer = await question.ask(provider, choice);
      if (isCandidate(answer)) return answer;
    }
  }
  return lookup.whom === 'silent' ? undefined : askPeople(lookup, question, providers.filter(isInteractive));
}

/** Each is asked for what people hold, a password where one will do; and for the other kind if it gives none of that. */
async function askPeople(
  { choices, request }: Lookup,
  question: Question,
  providers: readonly Provider[],
): Promise<Candidate | undefined> {
  const isForPassword = ({ scheme }: Choice) => scheme.credential === 'password';
  const held = choices.filter((choice) => !isAmbient(choice));
  const inOrder = [...held.filter(isForPassword), ...held.filter((choice) => !isForPassword(choice))];
  for (const provider of providers) {
    for (const choice of inOrder) {
      if (request.signal?.aborted || question.isLeft) return undefined;
      const answer = await question.insist(provider, choice);
      if (isCandidate(answer)) return answer;
      // Who was asked and gave something else, or left the question, is not asked another one.
      if (answer !== 'nothing') break;
    }
  }
  return undefined;
}

/** Whether the operating system holds its credential, and no provider of the client. */
function isAmbient({ scheme }: Choice): boolean {
  return scheme.credential === 'ambient';
}

function ownProvider({ scheme }: Choice, { whom }: Lookup): readonly Provider[] {
  const own = memberOf(scheme, 'provider');
  return own && whom !== 'people' ? [own] : [];
}

/** The providers that a list really holds, chains taken apart. */
export function flatten(providers: readonly Provider[]): readonly Provider[] {
  return providers.flatMap((provider) => {
    const parts = memberOf(provider, 'providers');
    return parts ? flatten(parts) : [provider];
  });
}

class Question {
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
      const credential = copy(given);
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

/** What a token says of itself, which tells why a server refuses it. */
function factsOf(credential: Credential): TokenFacts | undefined {
  return credentialKind(credential) === 'token' ? tokenFacts((credential as TokenCredential).token) : undefined;
}

const RUN_OUT: Unusable = { reason: 'gave a token that has run out' };

/** Both are own members: what sits on Object.prototype is neither (SEC-28). */
type First =
  | { readonly answer: Answer; readonly objection: undefined }
  | { readonly answer: undefined; readonly objection: Unusable };

type Outcome = ProviderEvent['outcome'];

/** Why a provider gave no credential that can be used: `nothing` of this kind, though it may have one of the other. */
type Miss = 'nothing' | 'no use' | 'refused before';

function isCandidate(answer: Candidate | Miss): answer is Candidate {
  return typeof answer === 'object';
}

function isHint(given: Credential | UsernameHint): given is UsernameHint {
  return !Object.hasOwn(given, 'token') && isText(given, 'username') && !isText(given, 'password');
}

/** Own properties only, and a null prototype: what sits on Object.prototype is nobody's password (SEC-28). */
function copy(given: Credential | UsernameHint): Credential {
  const source: Record<string, unknown> = Object.assign(Object.create(null), given);
  const credential = Object.create(null);
  // Of what the operating system holds only the account's name is known.
  const names = isHint(given) ? ['username'] : source.token === undefined ? ['username', 'password'] : ['token'];
  for (const name of names) {
    if (typeof source[name] !== 'string') throw without(name);
    credential[name] = source[name];
  }
  // What is no time does not end.
  if (source.token !== undefined && typeof source.expires === 'number') credential.expires = source.expires;
  return Object.freeze(credential);
}

function without(name: string): AuthError {
  return new AuthError('ERR_AUTH_CREDENTIAL', `it gave a credential without a ${name}`);
}

function isText(given: object, name: string): boolean {
  return Object.hasOwn(given, name) && typeof (given as Record<string, unknown>)[name] === 'string';
}
