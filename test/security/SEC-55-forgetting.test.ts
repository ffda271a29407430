/** SEC-55 What was forgotten is gone: after `forget()` and `eject()` no password is left in the memory of the process. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compiled } from '../support/compiled.js';

let told: Record<string, Record<string, boolean>> = {};

beforeAll(async () => {
  const program = compiled('test/security/forgetting.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program]);
  told = JSON.parse(stdout);
}, 240_000);

// What was not forgotten is found, so it is the right heap that is looked at.
const GONE = { 'forget()': false, 'forget(url)': false, 'eject()': false, nothing: true };

test.each([
  'from a provider',
  'from config.auth',
  'from the URL',
  'for a request of its own providers',
  'of a proxy of the environment',
  'that was typed, and offered to the keychain',
])('SEC-55 a password %s is gone', (name) => {
  expect(told[name]).toEqual(GONE);
});
