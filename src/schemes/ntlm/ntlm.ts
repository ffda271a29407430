/** The NTLM scheme: a proof of a password, for one connection, in two messages (MS-NLMP, MS-NTHT; RFC 4559 for Negotiate alike). */

import { memberOf } from '../../base/own.js';
import type { Answer, Challenge, Offer, Refusal, Scheme, Unanswerable } from '../../model.js';
import { ownOptions } from '../../syntax/options.js';
import { passwordOf } from '../credential.js';
import { exactOrigins } from '../origins.js';
import { hasMd5 } from './compute.js';
import { NtlmOpening } from './handshake.js';
import { readServerMessage, type ServerMessage } from './type2.js';

const LABEL = 'NTLM';
const HAS_PARAMS = 'its challenge has parameters, and NTLM has none';

/** Options of `ntlm()`. */
export interface NtlmOptions {
  /** The only origins that are answered, each written in full; a proxy is named by its own origin. No pattern is taken. */
  readonly origins: readonly string[];
}

/**
 * The NTLM scheme: NTLMv2 with a MIC, and over TLS with the channel binding of the server's certificate (RFC 5929 §4). LM,
 * NTLMv1 and OEM text are never sent, whatever the server asks for. The user name may be `DOMAIN\alice`,
 * `alice@realm.example` or `alice`.
 *
 * What is sent can be relayed, and a weak password be guessed from it, so it goes over TLS or to this machine alone, unless
 * `allowInsecure` permits more.
 *
 * @param options - the origins that are answered
 * @returns a scheme; the `answer` of what it reads throws `ERR_AUTH_CREDENTIAL` for a user name that cannot be sent
 * @throws AuthError `ERR_AUTH_OPTION` for `origins` that are not whole origins, or none
 * @see MS-NLMP §3.1.5.1.2, MS-NTHT, RFC 5929 §4
 * @example
 * installAuth(client, {
 *   schemes: [ntlm({ origins: ['https://intranet.example'] }), digest(), basic()],
 *   providers: [staticCredential({ username: 'LAB\\alice', password: 'wonderland' })],
 * });
 */
export function ntlm(options: NtlmOptions): Scheme {
  const { origins } = ownOptions(options, ['origins'], 'ntlm');
  return {
    name: 'ntlm',
    credential: 'password',
    clearText: false,
    isRelayable: true,
    bindsConnection: true,
    origins: exactOrigins(origins, 'ntlm'),
    read,
  };
}

function read(challenge: Challenge): Offer | Unanswerable {
  if (!hasMd5()) return { label: LABEL, reason: 'NTLM needs MD5, and this OpenSSL has none (FIPS mode)' };
  const token68 = memberOf(challenge, 'token68');
  const message = token68 === undefined ? undefined : readServerMessage(token68);
  const refusalOf = (previous: Answer) => refusal(message, previous);
  if (typeof message === 'string') return { label: LABEL, reason: message, refusalOf };
  // MS-NTHT §2.2: a realm of a server's own would make each challenge another protection space, with a try of its own.
  if (Object.keys(challenge.params).length > 0) return { label: LABEL, reason: HAS_PARAMS, refusalOf };
  return {
    label: LABEL,
    // Below every Digest, which binds its answer to a method and a URI and cannot be relayed to another protocol.
    strength: 15,
    space: () => ['/'],
    answer: (credential) => new NtlmOpening(passwordOf(credential, LABEL)),
    refusalOf,
  };
}

/** What the server says to a message of ours: its own message, one that cannot be answered, or none. */
function refusal(message: ServerMessage | string | undefined, previous: Answer): Refusal {
  // Only the last message has a proof of the password in it.
  if (!(previous instanceof NtlmOpening)) return { kind: 'refused' };
  if (message === undefined) return { kind: 'final', reason: 'the server does not go on with the handshake of NTLM' };
  if (typeof message === 'string')
    return { kind: 'final', reason: `NTLM goes no further with this server: ${message}` };
  return { kind: 'continue', answer: previous.proof(message) };
}
