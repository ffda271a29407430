/** What goes into the record of a provider that is broken, or whose answer is no use. */

import { AuthError, type AuthErrorCode } from '../errors.js';
import type { Credential } from '../model.js';

/** What is wrong with an answer. */
export interface Objection {
  readonly reason?: string | undefined;
  readonly code?: AuthErrorCode | undefined;
}

/** What was thrown, as it may be shown. */
export function objectionOf(error: unknown, credential?: Credential): Objection {
  return { reason: reasonOf(error, credential), code: error instanceof AuthError ? error.code : undefined };
}

/** The message of anything thrown, unless it gives the credential away. */
export function reasonOf(error: unknown, credential?: Credential): string {
  if (!(error instanceof Error)) return 'it threw something that is no error';
  const { message } = error;
  return credential && givesAway(message, credential) ? 'it failed, in words that hold the secret' : message;
}

function givesAway(message: string, credential: Credential): boolean {
  return Object.entries(credential).some(([name, value]) => name !== 'username' && value && message.includes(value));
}
