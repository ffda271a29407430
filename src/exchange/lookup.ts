/** Asks the providers for a credential: those that need nobody first, a person last. */

import { memberOf } from '../member.js';
import type { Credential, CredentialKind, CredentialRequest, Provider, UsernameHint } from '../model.js';
import { credentialKind, usernameOf } from '../model.js';
import { inquire, isInteractive } from './inquiry.js';
import { type Objection, objectionOf } from './reason.js';
import type { Clock } from './rules.js';
import type { Choice } from './select.js';
import type { Happening } from './trace.js';

/** What is looked for. */
export interface Lookup {
  readonly providers: readonly Provider[];
  /** The challenges that could be answered, the strongest first. */
  readonly choices: readonly Choice[];
  /** What every provider is told; `scheme` and `username` are filled in on the way. */
  readonly request: Omit<CredentialRequest, 'scheme'>;
  /** Whether the space has refused this credential before. */
  hasRefused(credential: Credential): boolean;
  /** The user name that the space refused last: a person is offered it, most mistype only the password. */
  readonly refusedUsername: string | undefined;
  /** How many more credentials may be tried. */
  readonly remaining: number;
  readonly clock: Clock;
  record(heard: Heard): void;
}

/** What a provider said. */
export type Heard = Extract<Happening, { type: 'provider' }>;

/** What came of a search: all who waited for it hear what the providers said. */
export interface Searched {
  readonly found: Found | undefined;
  readonly heard: readonly Heard[];
}

/** A credential, who gave it, and the challenge it is for. */
export interface Found {
  readonly credential: Credential;
  /** The same as the provider gave it. */
  readonly given: Credential;
  readonly provider: Provider;
  readonly choice: Choice;
}

/** The first usable credential; `undefined` when no provider has one. Never rejects: a broken provider is passed over. */
export async function lookUp(lookup: Lookup): Promise<Found | undefined> {
  const providers = flatten(lookup.providers);
  const question = new Question(lookup);
  for (const choice of lookup.choices) {
    for (const provider of providers) {
      if (lookup.request.signal?.aborted) return undefined;
      const found = isInteractive(provider) ? undefined : await question.ask(provider, choice);
      if (found) return found;
    }
  }
  // A person is asked once, for what people hold: a password where one will do.
  const choice = lookup.choices.find(({ scheme }) => scheme.credential === 'password') ?? lookup.choices[0];
  if (!choice) return undefined;
  for (const provider of providers) {
    if (lookup.request.signal?.aborted) return undefined;
    const found = isInteractive(provider) ? await question.insist(provider, choice) : undefined;
    if (found) return found;
  }
  return undefined;
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

  constructor(private readonly lookup: Lookup) {
    this.#username = lookup.request.username;
  }

  /** A person who repeats a refused answer is told so, and asked again. */
  async insist(provider: Provider, choice: Choice): Promise<Found | undefined> {
    for (let again = 0; again < this.lookup.remaining; again += 1) {
      const answer = await this.ask(provider, choice, again);
      if (answer !== 'refused before') return answer;
    }
    return undefined;
  }

  async ask(provider: Provider, choice: Choice): Promise<Found | undefined>;
  async ask(provider: Provider, choice: Choice, again: number): Promise<Found | undefined | 'refused before'>;
  async ask(provider: Provider, choice: Choice, again?: number): Promise<Found | undefined | 'refused before'> {
    const { lookup } = this;
    const { clock } = lookup;
    const start = clock.now();
    const record = (outcome: Outcome, { reason, code }: Objection = {}, username?: string) => {
      const milliseconds = clock.now() - start;
      lookup.record({ type: 'provider', provider: provider.name, outcome, username, code, reason, milliseconds });
    };
    try {
      const { request, answer } = inquire(provider, this.#request(provider, choice, again ?? 0), clock);
      const given = await answer;
      if (given === undefined || given === null) {
        const reason = memberOf(provider, 'absence')?.call(provider, request);
        if (reason !== '') record('absent', { reason });
        return undefined;
      }
      if (isHint(given)) {
        this.#username ??= given.username;
        record('absent', { reason: 'has a user name and no password' }, given.username);
        return undefined;
      }
      const credential = copy(given);
      const username = usernameOf(credential);
      const objection = this.#objection(credential, choice);
      record(objection ? 'unusable' : 'found', objection, username);
      if (!objection) return { credential, given: given as Credential, provider, choice };
      return again !== undefined && objection === REFUSED_BEFORE ? 'refused before' : undefined;
    } catch (error) {
      record('failed', objectionOf(error));
      return undefined;
    }
  }

  #request(provider: Provider, choice: Choice, again: number): CredentialRequest {
    const { request, refusedUsername } = this.lookup;
    const username = this.#username ?? (isInteractive(provider) ? refusedUsername : undefined);
    const named = username === undefined ? undefined : { username };
    const asked = { scheme: choice.scheme.name, refused: request.refused + again };
    return Object.assign(Object.create(null), request, named, asked);
  }

  /** The account that the caller named in the URL is the only one (SEC-09). */
  #isAnothers(credential: Credential): boolean {
    const { username } = this.lookup.request;
    const given = usernameOf(credential);
    return username !== undefined && given !== undefined && given !== username;
  }

  /** Why a credential is no use here. */
  #objection(credential: Credential, choice: Choice): Objection | undefined {
    const kind: CredentialKind = credentialKind(credential);
    if (kind !== choice.scheme.credential)
      return { reason: `gave a ${kind}, and ${choice.label} needs a ${choice.scheme.credential}` };
    if (this.#isAnothers(credential)) return { reason: 'gave another user name than the one that was asked for' };
    if (this.lookup.hasRefused(credential)) return REFUSED_BEFORE;
    try {
      choice.scheme.answer(choice.challenge, credential);
      return undefined;
    } catch (error) {
      return objectionOf(error, credential);
    }
  }
}

type Outcome = Heard['outcome'];

const REFUSED_BEFORE: Objection = { reason: 'gave what the server has refused already' };

function isHint(given: Credential | UsernameHint): given is UsernameHint {
  return !Object.hasOwn(given, 'token') && Object.hasOwn(given, 'username') && !isText(given, 'password');
}

/** Own properties only, and a null prototype: what sits on Object.prototype is nobody's password (SEC-28). */
function copy(given: Credential | UsernameHint): Credential {
  const source: Record<string, unknown> = Object.assign(Object.create(null), given);
  const credential = Object.create(null);
  const names = source.token === undefined ? ['username', 'password'] : ['token'];
  for (const name of names) {
    if (typeof source[name] !== 'string') throw new TypeError(`it gave a credential without a ${name}`);
    credential[name] = source[name];
  }
  return Object.freeze(credential);
}

function isText(given: object, name: string): boolean {
  return Object.hasOwn(given, name) && typeof (given as Record<string, unknown>)[name] === 'string';
}
