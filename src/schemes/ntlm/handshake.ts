/** The two messages of this client, as the answers of one handshake. */

import { randomBytes } from 'node:crypto';
import { memberOf } from '../../base/own.js';
import { AuthError } from '../../errors.js';
import type { Answer, Authorization, AuthorizedRequest, PasswordCredential } from '../../model.js';
import { parseUrl } from '../../syntax/url.js';
import { accountOf, type NtlmAccount } from './account.js';
import { channelBindings } from './compute.js';
import { negotiateMessage } from './type1.js';
import type { ServerMessage } from './type2.js';
import { authenticateMessage } from './type3.js';

/** The first message: it begins a handshake, and has nothing of the credential in it. */
export class NtlmOpening implements Answer {
  readonly needsBody = false;
  readonly isPartial = true;
  readonly #account: NtlmAccount;

  /** @throws AuthError ERR_AUTH_CREDENTIAL */
  constructor(credential: PasswordCredential) {
    this.#account = accountOf(credential);
  }

  authorize(): Authorization {
    return authorization(negotiateMessage());
  }

  /** The last message, to what the server has sent. */
  proof(server: ServerMessage): NtlmProof {
    return new NtlmProof(this.#account, server);
  }
}

/** The last message. The fields are private, so that inspecting it shows no password. */
export class NtlmProof implements Answer {
  readonly needsBody = false;
  readonly #account: NtlmAccount;
  readonly #server: ServerMessage;

  constructor(account: NtlmAccount, server: ServerMessage) {
    this.#account = account;
    this.#server = server;
  }

  /** RFC 5929, MS-NLMP §3.1.5.1.2: on TLS the proof says which certificate it was made for, or it could be relayed. */
  obstacle(request: AuthorizedRequest): string | undefined {
    const { origin, binding } = channelOf(request);
    if (!parseUrl(origin)) return 'NTLM was not told where its message goes';
    const isUnbound = origin.startsWith('https:') && !binding;
    return isUnbound
      ? 'NTLM over TLS is bound to the certificate of the server, and this client cannot tell it'
      : undefined;
  }

  authorize(request: AuthorizedRequest): Authorization {
    const obstacle = this.obstacle(request);
    if (obstacle !== undefined) throw new AuthError('ERR_AUTH_CHALLENGE', obstacle);
    const { origin, binding } = channelOf(request);
    const message = authenticateMessage({
      account: this.#account,
      first: negotiateMessage(),
      server: this.#server,
      additions: { targetName: `HTTP/${new URL(origin).hostname}`, channelBindings: channelBindings(binding) },
      clientChallenge: randomBytes(8),
      now: Date.now(),
    });
    return authorization(message);
  }
}

/** Where a message goes. What sits on Object.prototype is no binding (SEC-28). */
function channelOf(request: AuthorizedRequest): { readonly origin: string; readonly binding: Uint8Array | undefined } {
  return { origin: memberOf(request, 'origin') ?? '', binding: memberOf(request, 'binding') };
}

function authorization(message: Buffer): Authorization {
  return { value: `NTLM ${message.toString('base64')}` };
}
