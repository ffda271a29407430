/** Who answers: the user and the domain of a user name, as NTLM writes and hashes them. */

import type { PasswordCredential } from '../../model.js';
import { invalid, normalize } from '../text.js';

/** A user name in its two parts, and the password. */
export interface NtlmAccount {
  readonly user: string;
  readonly domain: string;
  readonly password: string;
}

// A field of the message has less than 64 KiB, and a header less than 16 KiB.
const MAX_NAME = 1024;

/** `LAB\alice` names a domain; `alice@lab.example` and `alice` leave it to the server. @throws AuthError ERR_AUTH_CREDENTIAL */
export function accountOf({ username, password }: PasswordCredential): NtlmAccount {
  const name = normalize('user name', username);
  if (name.length > MAX_NAME) throw invalid('user name', `is longer than ${MAX_NAME} characters`);
  const border = name.indexOf('\\');
  const [domain, user] = [name.slice(0, Math.max(border, 0)), name.slice(border + 1)];
  if (user === '') throw invalid('user name', 'is empty, which NTLM takes for nobody');
  return { user, domain, password: normalize('password', password) };
}

/** One character for one, as Windows does it: `ß` has no upper case. */
export function upperCase(text: string): string {
  return text.replace(/./gsu, (character) => {
    const upper = character.toUpperCase();
    return upper.length === character.length ? upper : character;
  });
}
