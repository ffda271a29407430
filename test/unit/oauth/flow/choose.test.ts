/** The flow that is chosen where the program names none. */

import { chooseFlow } from '../../../../src/oauth/flow/choose.js';

const issuer = 'https://id.example';
const browser = { authorization_endpoint: `${issuer}/auth`, code_challenge_methods_supported: ['S256'] };
const device = { device_authorization_endpoint: `${issuer}/device` };
const withoutPkce = { authorization_endpoint: `${issuer}/auth` };

test.each([
  ['both, with a browser', { ...browser, ...device }, true, 'browser'],
  ['both, over ssh', { ...browser, ...device }, false, 'device'],
  ['no browser flow', device, true, 'device'],
  ['a code without PKCE', { ...withoutPkce, ...device }, true, 'device'],
  ['no device flow, over ssh', browser, false, { reason: expect.stringContaining('no browser here') }],
  ['a code without PKCE alone', withoutPkce, true, { reason: expect.stringContaining('neither a code with PKCE') }],
  ['nothing', {}, true, { reason: expect.stringContaining('nor a device flow') }],
])('an issuer that offers %s', (_, metadata, hasBrowserHere, expected) => {
  expect(chooseFlow({ issuer, ...metadata }, hasBrowserHere)).toEqual(expected);
});
