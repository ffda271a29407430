/** Writes a Basic challenge, and judges the authorizations that answer it (RFC 7617). */

import type { Authorization } from './authorization.js';
import { bytes, formatChallenge, quoted } from './field.js';
import type { Judge } from './judge.js';
import type { BasicProtection } from './protection.js';
import { findUser, sameSecret, type User } from './users.js';
import { forbid, hasControls, Violation } from './violation.js';

/** Reads the user-id and the password of a Basic authorization; throws a Violation when they are not well-formed. */
export function readBasic({ token68 = '' }: Authorization): User {
  const decoded = Buffer.from(token68, 'base64');
  forbid(token68 === '' || decoded.toString('base64') !== token68, 'basic: not one base64 value (RFC 4648 §4)');
  const text = decodeUtf8(decoded);
  forbid(hasControls(text), 'basic: control character in the user-id or the password (RFC 7617 §2)');
  const colon = text.indexOf(':');
  forbid(colon < 0, 'basic: no colon between user-id and password (RFC 7617 §2)');
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

function decodeUtf8(value: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    throw new Violation('basic: user-id and password are not UTF-8 (RFC 7617 §2.1)');
  }
}

/** The judge of one Basic challenge. */
export function basicJudge(protection: BasicProtection, users: Readonly<Record<string, string>>): Judge {
  const challenge = formatChallenge('Basic', {
    realm: quoted(bytes(protection.realm ?? 'test')),
    charset: protection.charset ? '"UTF-8"' : undefined,
  });
  return {
    scheme: 'basic',
    challenge: () => [challenge],
    isMine: ({ scheme }) => scheme === 'basic',
    judge(authorization, received) {
      const claimed = readBasic(authorization);
      received.user = claimed.name;
      const user = findUser(users, (name) => name === claimed.name);
      if (user && sameSecret(user.password, claimed.password)) return { accepted: { user: user.name } };
      return { refused: { reason: 'wrong user name or password' } };
    },
  };
}
