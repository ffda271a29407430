/** The request that a provider is asked with, one field changed at a time. */

import type { CredentialRequest } from '../../src/model.js';

export const origin = 'https://files.example';

export function ask(changes: Partial<CredentialRequest> = {}): CredentialRequest {
  return { origin, realm: 'Files', scheme: 'digest', proxy: false, url: `${origin}/report`, refused: 0, ...changes };
}
