/** The Basic scheme: user name and password in base64 (RFC 7617). */

import type { Answer, Credential, Offer, Scheme } from '../model.js';
import { passwordOf } from './credential.js';
import { invalid, normalize } from './text.js';

/**
 * Computes the `Authorization` field value of the Basic scheme, in UTF-8 and NFC.
 *
 * @param username - the user-id; `:` and control characters are refused
 * @param password - control characters are refused; empty is allowed
 * @returns `Basic` and the base64 of both
 * @throws AuthError ERR_AUTH_CREDENTIAL for what cannot be sent
 * @see RFC 7617 §2
 * @example
 * basicAuthorization('Aladdin', 'open sesame'); // 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='
 */
export function basicAuthorization(username: string, password: string): string {
  const userId = normalize('user name', username);
  if (userId.includes(':')) throw invalid('user name', 'holds a ":", which Basic cannot carry (RFC 7617 §2)');
  const userPass = `${userId}:${normalize('password', password)}`;
  return `Basic ${Buffer.from(userPass, 'utf8').toString('base64')}`;
}

/**
 * The Basic scheme. It sends the password itself: only over TLS or to loopback, unless `allowInsecure` permits more.
 * Throws nothing.
 *
 * @returns a scheme; the `answer` of what it reads throws `ERR_AUTH_CREDENTIAL` as `basicAuthorization` does
 * @see RFC 7617
 * @example
 * installAuth(client, { schemes: [basic()] });
 */
export function basic(): Scheme {
  return {
    name: 'basic',
    credential: 'password',
    clearText: true,
    read: () => OFFER,
  };
}

/** The challenge says nothing that an answer depends on. */
const OFFER: Offer = {
  label: 'Basic',
  strength: 10,
  space: basicSpace,
  answer,
  refusalOf: () => ({ kind: 'refused' }),
};

function answer(credential: Credential): Answer {
  const { username, password } = passwordOf(credential, 'Basic');
  const authorization = { value: basicAuthorization(username, password), nc: undefined };
  return { nonce: undefined, needsBody: false, authorize: () => authorization };
}

/** RFC 7617 §2.2: "all paths at or deeper than the depth of the last symbolic element in the path". */
export function basicSpace(url: string): readonly string[] {
  const { pathname } = new URL(url);
  return [pathname.slice(0, pathname.lastIndexOf('/') + 1)];
}
