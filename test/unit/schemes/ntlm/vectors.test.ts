/** The values of MS-NLMP §4.2.4, NTLMv2. */

import { accountOf, upperCase } from '../../../../src/schemes/ntlm/account.js';
import {
  blobOf,
  channelBindings,
  fileTime,
  ntowfv2,
  proofOf,
  sessionKeyOf,
} from '../../../../src/schemes/ntlm/compute.js';
import { md4 } from '../../../../src/schemes/ntlm/md4.js';
import { readServerMessage } from '../../../../src/schemes/ntlm/type2.js';

const bytes = (hex: string) => Buffer.from(hex.replace(/\s/g, ''), 'hex');

const account = accountOf({ username: 'Domain\\User', password: 'Password' });
const targetInfo = bytes(`
  02 00 0c 00 44 00 6f 00 6d 00 61 00 69 00 6e 00
  01 00 0c 00 53 00 65 00 72 00 76 00 65 00 72 00 00 00 00 00`);
const challenge = bytes('01 23 45 67 89 ab cd ef');
const blob = blobOf({ timestamp: Buffer.alloc(8), clientChallenge: Buffer.alloc(8, 0xaa), targetInfo });

test('§4.2.2.1.2: NTOWFv1 is MD4 of the password', () => {
  expect(md4(Buffer.from('Password', 'utf16le'))).toEqual(bytes('a4 f4 9c 40 65 10 bd ca b6 82 4e e7 c3 0f d8 52'));
});

test('§4.2.4.1.1: NTOWFv2', () => {
  expect(ntowfv2(account)).toEqual(bytes('0c 86 8a 40 3b fd 7a 93 a3 00 1e f2 2e f0 2e 3f'));
});

test('§4.2.4.1.3: temp', () => {
  const expected = `01 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 aa aa aa aa aa aa aa aa 00 00 00 00
    02 00 0c 00 44 00 6f 00 6d 00 61 00 69 00 6e 00 01 00 0c 00 53 00 65 00 72 00 76 00 65 00 72 00
    00 00 00 00 00 00 00 00`;
  expect(blob).toEqual(bytes(expected));
});

test('§4.2.4.2.2, §4.2.4.1.2: NTProofStr, and the session base key', () => {
  const proof = proofOf(ntowfv2(account), challenge, blob);
  expect(proof).toEqual(bytes('68 cd 0a b8 51 e5 1c 96 aa bc 92 7b eb ef 6a 1c'));
  expect(sessionKeyOf(ntowfv2(account), proof)).toEqual(bytes('8d e4 0c ca db c1 4a 82 f1 5c b0 ad 0d e9 5c a3'));
});

test('§4.2.4.3: the CHALLENGE_MESSAGE is read', () => {
  const message = bytes(`4e 54 4c 4d 53 53 50 00 02 00 00 00 0c 00 0c 00 38 00 00 00 33 82 8a e2
    01 23 45 67 89 ab cd ef 00 00 00 00 00 00 00 00 24 00 24 00 44 00 00 00 06 00 70 17 00 00 00 0f
    53 00 65 00 72 00 76 00 65 00 72 00`);
  expect(readServerMessage(Buffer.concat([message, targetInfo]).toString('base64'))).toMatchObject({
    challenge,
    flags: 0xe28a8233,
    targetInfo: [
      { id: 2, value: Buffer.from('Domain', 'utf16le') },
      { id: 1, value: Buffer.from('Server', 'utf16le') },
    ],
  });
});

test('the channel bindings of MS-NLMP §3.1.5.1.2 are MD5 over the structure of RFC 4121; none are zeros', () => {
  expect(channelBindings(undefined)).toEqual(Buffer.alloc(16));
  // Computed apart from this code: hashlib.md5(struct.pack('<IIIII', 0, 0, 0, 0, 53) + data) of Python.
  const binding = Buffer.concat([Buffer.from('tls-server-end-point:'), Buffer.alloc(32, 0xea)]);
  expect(channelBindings(binding)).toEqual(bytes(BINDING_HASH));
});

test('a FILETIME counts from 1601', () => {
  expect(fileTime(0).readBigUInt64LE()).toBe(116_444_736_000_000_000n);
});

const BINDING_HASH = 'eec0bb6b04debbe4635225a708910457';

test.each([
  ['alice', 'ALICE'],
  ['jürgen', 'JÜRGEN'],
  ['ольга', 'ОЛЬГА'],
  // Windows has no upper case for it, and Samba takes it so (test/interop).
  ['groß', 'GROß'],
])('%s is hashed as %s', (name, upper) => {
  expect(upperCase(name)).toBe(upper);
});
