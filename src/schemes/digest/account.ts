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
  /** The same in raw UTF-8, for servers that may not know `username*`; undefined where it makes no difference. */
  readonly legacyUsernameParam: string | undefined;
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
    legacyUsernameParam: formatLegacyUsername(challenge, username),
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

/**
 * RFC 2617 knows no `username*`: Apache and httpbin see no user at all then, and take UTF-8 bytes in the quoted-string.
 * A server that names a charset, or an algorithm of RFC 7616, knows RFC 7616.
 */
function formatLegacyUsername(challenge: DigestChallenge, username: string): string | undefined {
  const { userhash, charset, algorithm } = challenge;
  if (userhash || charset || isAscii(username) || !algorithm.name.startsWith('MD5')) return undefined;
  return formatQuoted('username', utf8Bytes(username));
}
