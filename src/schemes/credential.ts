/** Checks that a Credential is of the kind that a scheme needs, by own properties only (SEC-28). */

import { type Credential, credentialKind, type PasswordCredential, type TokenCredential } from '../model.js';
import { invalid } from './text.js';

/** The user name and password, or ERR_AUTH_CREDENTIAL. */
export function passwordOf(credential: Credential, label: string): PasswordCredential {
  if (credentialKind(credential) === 'password') return credential as PasswordCredential;
  throw invalid('credential', `is a token, and ${label} needs a user name and a password`);
}

/** The token, or ERR_AUTH_CREDENTIAL. */
export function tokenOf(credential: Credential, label: string): string {
  if (credentialKind(credential) === 'token') return (credential as TokenCredential).token;
  throw invalid('credential', `has no token, and ${label} needs one`);
}
