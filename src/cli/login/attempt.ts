/** The outcome of a login's attempts. */

import type { Credential, Provider } from '../../model.js';

/** The accepted credential, or that the person left the prompt. */
export class LoginAttempt {
  wasLeft = false;
  /** Whether the server asked for a token: then the person is not asked. */
  wantsToken = false;
  accepted: Credential | undefined;

  leave(): void {
    this.wasLeft = true;
  }

  /** Receives the verdict in place of the provider: the providers of `login` store nothing themselves. */
  witnessed(source: Provider): Provider {
    return {
      ...source,
      approve: ({ proxy }, credential) => {
        if (!proxy) this.accepted = credential;
      },
    };
  }
}
