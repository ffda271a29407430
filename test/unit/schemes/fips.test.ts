/** A build of OpenSSL that has no MD5, as FIPS mode makes it. */

import crypto from 'node:crypto';
import { jest } from '@jest/globals';

jest.unstable_mockModule('node:crypto', () => ({ ...crypto, getHashes: () => ['RSA-MD4', 'sha256'] }));
const { digest } = await import('../../../src/schemes/digest/digest.js');

const of = (params: Record<string, string>) => ({ scheme: 'digest', params: { realm: 'r', nonce: 'n', ...params } });

test.each([
  ['no algorithm, which is MD5', {}, 'the algorithm "MD5" is not supported'],
  ['SHA-512-256', { algorithm: 'SHA-512-256' }, 'the algorithm "SHA-512-256" is not supported'],
])('%s is passed over with the reason', (_, params, reason) => {
  expect(digest().read(of(params))).toMatchObject({ reason });
});

test('an algorithm of this OpenSSL is answered', () => {
  expect(digest().read(of({ algorithm: 'SHA-256' }))).toMatchObject({ label: 'Digest SHA-256' });
});
