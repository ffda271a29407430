/** The account of an answer: a user name in a realm, and the hash used for the password (RFC 7616 §3.4.2, §3.4.4). */

import type { PasswordCredential } from '../../model.js';
import { formatExtValue, formatQuoted } from '../../syntax/auth-param.js';
import { isAscii, nfc, normalize, utf8Bytes } from '../text.js';
import type { DigestChallenge } from './challenge.js';
import { userSecret } from './response.js';

/** The part of every answer to a realm that depends on the account. `secret` is as good as the password there. */
export interface Account {
  /** The `username` or `username*` param, written. */
  readonly usernameParam: string;
  /** Another spelling of the param, for a server that refuses the first; undefined if all servers read the first. */
  readonly otherUsernameParam: string | undefined;
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
  const [usernameParam, otherUsernameParam] = usernameParams(challenge, username);
  return {
    usernameParam,
    otherUsernameParam,
    // RFC 7616 §3.4.4 with erratum 4897: A1 takes the plain user name also when userhash is used.
    secret: userSecret(challenge.algorithm, utf8Bytes(username), challenge.realm, password),
  };
}

/** The spelling to send first, and the spelling to send after a refusal; a single spelling if all servers read it. */
function usernameParams(challenge: DigestChallenge, username: string): readonly [string, string?] {
  const { userhash, algorithm, realm } = challenge;
  if (userhash) return [formatQuoted('username', algorithm.hash(`${utf8Bytes(username)}:${realm}`))];
  if (isAscii(username)) return [formatQuoted('username', username)];
  const extended = `username*=${formatExtValue(username)}`;
  return speaksRfc7616(challenge) ? [extended] : [formatQuoted('username', utf8Bytes(username)), extended];
}

/**
 * RFC 2617 does not have `username*`: Apache and httpbin find no user name then, but accept UTF-8 bytes in the
 * quoted-string. They are sent first, because such a server counts each refusal towards a lock-out.
 */
function speaksRfc7616({ charset, algorithm }: DigestChallenge): boolean {
  return charset || !algorithm.name.startsWith('MD5');
}
