/** What a provider is told about a space: with a null prototype, so that nothing is inherited (SEC-28). */

import type { CredentialRequest } from '../model.js';
import { realmText } from './realm.js';
import type { Space } from './space.js';
import { urlOf } from './trace.js';
import type { Target } from './wire.js';

/** The parts of a CredentialRequest that differ. */
export interface Asking {
  readonly space: Space;
  readonly target: Target;
  readonly refused: number;
  readonly proxy: boolean;
  readonly realm?: string;
  readonly scheme?: string;
  readonly baseOrigin?: string | undefined;
  readonly username?: string | undefined;
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
