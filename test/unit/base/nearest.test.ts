/** Which name a misspelt name is taken for. */

import { nearest } from '../../../src/base/nearest.js';

const KNOWN = ['username', 'password', 'timeout', 'preemptive', 'maxCredentials'];

test.each([
  ['user', 'username'],
  ['usernme', 'username'],
  ['passwd', 'password'],
  ['pass', 'password'],
  ['Timeout', 'timeout'],
  ['pre_emptive', 'preemptive'],
  ['maxCredential', 'maxCredentials'],
  ['colour', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('%.20s means %s', (name, meant) => {
  expect(nearest(name, KNOWN)).toBe(meant);
});

test.each<[string, string | undefined]>([
  ['doktor', 'doctor'],
  ['stauts', 'status'],
  ['log', 'login'],
  ['requests', 'request'],
  ['fetch', undefined],
  ['', undefined],
  ['constructor', undefined],
])('%j means the command %s', (misspelt, expected) => {
  expect(nearest(misspelt, ['get', 'request', 'probe', 'login', 'logout', 'status', 'doctor'])).toBe(expected);
});
