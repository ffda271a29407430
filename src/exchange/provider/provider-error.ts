/** What goes into the record of a provider that is broken, or whose answer is no use. */

import type { AuthErrorCode } from '../../errors.js';
import type { Credential } from '../../model.js';
import { isOurs, wordsOf } from '../../syntax/said.js';

/** What is wrong with an answer. */
export interface Unusable {
  readonly reason?: string | undefined;
  readonly code?: AuthErrorCode | undefined;
}

/** What was thrown, as it may be shown. */
export function objectionOf(error: unknown, credential?: Credential): Unusable {
  return { reason: reasonOf(error, credential), code: isOurs(error) ? error.code : undefined };
}

/** What may be shown of anything thrown, unless it gives the credential away. */
export function reasonOf(error: unknown, credential?: Credential): string {
  const message = wordsOf(error);
  return credential && givesAway(message, credential) ? 'it failed, in words that hold the secret' : message;
}

/** What is no secret of a credential. */
const SHOWN: ReadonlySet<string> = new Set(['username', 'expires']);

function givesAway(message: string, credential: Credential): boolean {
  return Object.entries(credential).some(([name, value]) => !SHOWN.has(name) && value && message.includes(value));
}
