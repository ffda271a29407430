/** What is said where oauth4webapi is not there. */

import { loadLibrary } from '../../../../src/oauth/protocol/library.js';

const failing = (code: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { code }));

test.each([
  [
    'is not installed',
    failing('ERR_MODULE_NOT_FOUND', "Cannot find package 'oauth4webapi' imported from /app/main.js"),
    'oauth: oauth4webapi is not installed (npm install oauth4webapi)',
  ],
  [
    'is not loaded by Jest',
    failing('ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG', 'A dynamic import callback was invoked without a flag'),
    'oauth: oauth4webapi is an ES module, which this program does not load without NODE_OPTIONS=--experimental-vm-modules',
  ],
  ['is broken', failing('X', 'first\nsecond'), 'oauth: oauth4webapi does not load: first'],
])('it %s', async (_, load, message) => {
  await expect(loadLibrary(load)).rejects.toMatchObject({ code: 'ERR_AUTH_PROVIDER', message });
});

test('it is loaded', async () => {
  expect(await loadLibrary()).toHaveProperty('clientCredentialsGrantRequest');
});
