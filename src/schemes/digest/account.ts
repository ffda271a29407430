/** Who answers: a user name in a realm, with the hash that stands for the password (RFC 7616 §3.4.2, §3.4.4). */

import type { PasswordCredential } from '../../model.js';
import { formatQuoted } from '../../syntax/auth-param.js';
import { formatExtValue } from '../../syntax/ext-value.js';
import { isAscii, nfc, normalize, utf8Bytes } from '../text.js';
import type { DigestChallenge } from './challenge.js';
import { userSecret } from './response.js';

/** One person's part of every answer to a realm. The secret is as good as the password within the realm. */
export interface Account {
  /** The `username` or `username*` param, written. */
  readonly usernameParam: string;
  /** H(unq(username) ":" unq(realm) ":" passwd) */
  readonly secret: string;
}

/**
 * Hashes the password for the realm of the challenge.
 *
 * The password may hold control characters: it is hashed, never sent. @throws AuthError ERR_AUTH_CREDENTIAL
 */
export function digestAccount(challenge: DigestChallenge, credential: PasswordCredential): Account {
  const username = normalize('user name', credential.username);
  const password = utf8Bytes(nfc('password', credential.password));
  return {
    usernameParam: formatUsername(challenge, username),
    // RFC 7616 §3.4.4 with erratum 4897: A1 takes the plain user name also when userhash is used.
    secret: userSecret(challenge.algorithm, utf8Bytes(username), challenge.realm, password),
  };
}

function formatUsername(challenge: DigestChallenge, username: string): string {
  const { userhash, algorithm, realm } = challenge;
  if (userhash) return formatQuoted('username', algorithm.hash(`${utf8Bytes(username)}:${realm}`));
  if (isAscii(username)) return formatQuoted('username', username);
  return `username*=${formatExtValue(username)}`;
}
