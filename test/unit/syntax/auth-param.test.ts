import fc from 'fast-check';
import { formatExtValue } from '../../../src/syntax/auth-param.js';

test.each([
  ['RFC 8187 §3.2.3', '\u00a3 rates', "UTF-8''%C2%A3%20rates"],
  ['RFC 8187 §3.2.3, two scripts', '\u00a3 and \u20ac rates', "UTF-8''%C2%A3%20and%20%E2%82%AC%20rates"],
  ['RFC 7616 §3.9.2', 'J\u00e4s\u00f8n Doe', "UTF-8''J%C3%A4s%C3%B8n%20Doe"],
  ['beyond the BMP', '\u{1f600}', "UTF-8''%F0%9F%98%80"],
  ['what encodeURIComponent leaves and attr-char does not have', "'()*", "UTF-8''%27%28%29%2A"],
  ['attr-char stays', 'aZ09!-._~', "UTF-8''aZ09!-._~"],
  ['nothing', '', "UTF-8''"],
])('%s', (_, value, expected) => {
  expect(formatExtValue(value)).toBe(expected);
});

test('any text becomes an ext-value that decodes to that text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      (text) => {
        const written = formatExtValue(text);
        expect(written).toMatch(/^UTF-8''(?:%[0-9A-F]{2}|[A-Za-z0-9!#$&+.^_`|~-])*$/);
        expect(decodeURIComponent(written.slice(7))).toBe(text);
      },
    ),
  );
});
