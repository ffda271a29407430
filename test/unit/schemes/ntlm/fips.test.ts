/** A build of OpenSSL that has no MD5, as FIPS mode makes it: there is no NTLM without. */

import crypto from 'node:crypto';
import { jest } from '@jest/globals';

let hasMd5 = false;
const createHash = (name: string) => {
  if (name === 'md5' && !hasMd5) throw new Error('error:0308010C:digital envelope routines::unsupported');
  return crypto.createHash(name);
};
jest.unstable_mockModule('node:crypto', () => ({ ...crypto, createHash }));
const { ntlm } = await import('../../../../src/ntlm.js');

test('NTLM is passed over with the reason, and answered where there is an MD5', () => {
  const scheme = ntlm({ origins: ['https://files.example'] });
  const read = () => scheme.read({ scheme: 'ntlm', params: {} });
  expect(read()).toMatchObject({ label: 'NTLM', reason: expect.stringContaining('FIPS') });
  hasMd5 = true;
  expect(read()).not.toHaveProperty('reason');
});
