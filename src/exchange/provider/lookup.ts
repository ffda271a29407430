/** What is looked for, and among whom. */

import type { Answer, Credential, CredentialRequest, Provider } from '../../model.js';
import type { Choice } from '../challenge/select.js';
import type { ProviderEvent } from '../memory/session.js';
import type { Clock } from '../port/clock.js';
import type { Unusable } from './provider-error.js';

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
