/** What a provider is told about a space: with a null prototype, so that nothing is inherited (SEC-28). */

import type { Challenge, CredentialKind, CredentialRequest } from '../../model.js';
import { realmText } from '../challenge/realm.js';
import type { Space } from '../memory/space.js';
import type { Target } from '../port/transport.js';
import { urlOf } from '../trace/events.js';

/** The parts of a CredentialRequest that differ. */
export interface Asking {
  readonly space: Space;
  readonly target: Target;
  readonly refused: number;
  readonly proxy: boolean;
  readonly realm?: string;
  readonly scheme?: string;
  readonly kind?: CredentialKind;
  readonly baseOrigin?: string | undefined;
  readonly username?: string | undefined;
  readonly challenge?: Challenge;
  readonly refusal?: Challenge | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Builds the request; what is undefined is left out. */
export function credentialRequest({ space, target, realm = space.realm, ...rest }: Asking): CredentialRequest {
  const given = {
    origin: space.origin,
    realm: realmText(realm),
    scheme: '',
    url: urlOf(target),
    ...rest,
  };
  const request = Object.create(null);
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) request[name] = value;
  }
  return request;
}
