import { travelsInClear } from '../../../../src/providers/terminal/clear-text.js';
import { ask } from '../../../support/credential-request.js';

test.each([
  ['basic', 'http://files.example', true],
  ['bearer', 'http://files.example', true],
  ['digest', 'http://files.example', false],
  ['basic', 'https://files.example', false],
  ['basic', 'http://localhost:3000', false],
  ['basic', 'http://app.localhost', false],
  ['basic', 'http://127.1.2.3', false],
  ['basic', 'http://[::1]:80', false],
  ['basic', 'http://localhost.evil.example', true],
  ['basic', 'http://127.0.0.1.evil.example', true],
  ['basic', 'http://notlocalhost', true],
])('a %s secret to %s travels in clear text: %p', (scheme, to, expected) => {
  expect(travelsInClear(ask({ scheme, origin: new URL(to).origin }))).toBe(expected);
});
