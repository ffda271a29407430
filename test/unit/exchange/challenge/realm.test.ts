/** A realm as text: UTF-8 where the bytes are UTF-8, and as it came where they are not. */

import { realmText } from '../../../../src/exchange/challenge/realm.js';

const onTheWire = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

test.each([
  ['ASCII', 'WallyWorld', 'WallyWorld'],
  ['nothing', '', ''],
  ['an umlaut in two bytes', 'M\u00c3\u00bcller', 'Müller'],
  ['Japanese', onTheWire('秘密'), '秘密'],
  ['a character beyond the first plane', onTheWire('🔒'), '🔒'],
  ['a byte order mark, a character like any other', onTheWire('\ufefffiles'), '\ufefffiles'],
  ['Latin-1', 'M\u00fcller', 'M\u00fcller'],
  ['the start of a character, cut off', 'M\u00c3', 'M\u00c3'],
  ['a slash in two bytes (RFC 3629 §10)', '\u00c0\u00af', '\u00c0\u00af'],
  ['half of a surrogate pair (RFC 3629 §3)', '\u00ed\u00a0\u0080', '\u00ed\u00a0\u0080'],
  ['what was decoded before', '中\u00c3\u00bc', '中\u00c3\u00bc'],
])('a realm in %s', (_, realm, text) => {
  expect(realmText(realm)).toBe(text);
});
