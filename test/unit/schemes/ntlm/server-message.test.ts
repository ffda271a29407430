/** The message of a server, which may be anybody: each offset and each length is looked at before it is gone by. */

import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { readServerMessage, type ServerMessage } from '../../../../src/schemes/ntlm/type2.js';
import { av, BASE, serverMessage, utf16 } from './server.js';

const read = (bytes: Buffer): ServerMessage | string => readServerMessage(bytes.toString('base64'));

test('a message of a server is read', () => {
  const read1 = read(serverMessage({ pairs: [av(2, utf16('LAB')), av(7, Buffer.alloc(8, 1)), av(0)] }));
  expect(read1).toMatchObject({
    challenge: Buffer.from('0123456789abcdef', 'hex'),
    targetInfo: [
      { id: 2, value: utf16('LAB') },
      { id: 7, value: Buffer.alloc(8, 1) },
    ],
  });
});

test('cut off at any length, it is read by nobody', () => {
  const whole = serverMessage();
  for (let length = 0; length < whole.length; length += 1)
    expect([length, typeof read(whole.subarray(0, length))]).toEqual([length, 'string']);
  expect(typeof read(whole)).toBe('object');
});

test.each<[string, Buffer | string, string]>([
  ['no base64', 'TlRMTVNTUAAC*', 'its message is not base64'],
  [
    'base64 without its padding',
    serverMessage().toString('base64').replace(/=+$/, '').slice(0, -1),
    'its message is not base64',
  ],
  ['another signature', Buffer.from(serverMessage()).fill(0x41, 0, 1), 'its message is none of NTLM'],
  ['the first message', Buffer.from(serverMessage()).fill(1, 8, 9), 'its message is not the one that is due'],
  [
    'no Unicode',
    serverMessage({ flags: BASE & ~1 }),
    'it takes no Unicode, so that only the older, weaker NTLM would be left',
  ],
  [
    'no extended session security',
    serverMessage({ flags: BASE & ~0x80000 }),
    'it has no extended session security, so that only the older, weaker NTLM would be left',
  ],
  [
    'no target info',
    serverMessage({ flags: BASE & ~0x800000 }),
    'it has no target info, so that only the older, weaker NTLM would be left',
  ],
  [
    'a target info behind the end',
    serverMessage({ offset: 60_000 }),
    'a field of its message lies outside the message',
  ],
  [
    'a target info before the beginning',
    serverMessage({ offset: 8 }),
    'a field of its message lies outside the message',
  ],
  ['an offset of 4 GiB', serverMessage({ offset: 0xffffffff }), 'a field of its message lies outside the message'],
  ['a length of 64 KiB', serverMessage({ length: 0xffff }), 'a field of its message lies outside the message'],
  [
    'a target name behind the end',
    serverMessage({ nameOffset: 0xfffffff0 }),
    'a field of its message lies outside the message',
  ],
  ['an empty target info', serverMessage({ pairs: [] }), 'its target info has no end'],
  ['a target info without an end', serverMessage({ pairs: [av(2, utf16('LAB'))] }), 'its target info has no end'],
  ['an end with a value', serverMessage({ pairs: [av(0, utf16('x'))] }), 'its target info ends with a value'],
  [
    'a value of 64 KiB',
    serverMessage({ pairs: [Buffer.from('0200ffff', 'hex'), av(0)] }),
    'a value of its target info is longer than the target info',
  ],
  [
    'two timestamps',
    serverMessage({ pairs: [av(7, Buffer.alloc(8)), av(7, Buffer.alloc(8)), av(0)] }),
    'its target info has a value twice',
  ],
  [
    'a target info of 9 KiB',
    serverMessage({ pairs: [av(2, Buffer.alloc(9000)), av(0)] }),
    'its target info is too long',
  ],
  ['17 KiB', Buffer.concat([serverMessage(), Buffer.alloc(17_000)]), 'its message is too long'],
])('%s: it is not answered, and the reason is said', (_, message, reason) => {
  expect(typeof message === 'string' ? readServerMessage(message) : read(message)).toBe(reason);
});

test('where name and target info share bytes, each is read by itself', () => {
  const message = serverMessage({ nameOffset: 56 + 6 });
  expect(typeof read(message)).toBe('object');
});

test('what follows the end of the target info is left alone', () => {
  expect(read(serverMessage({ pairs: [av(0), av(2, utf16('LAB'))] }))).toMatchObject({ targetInfo: [] });
});

const hostile = fc
  .record({
    start: fc.constantFrom(serverMessage(), serverMessage({ pairs: [av(0)] })),
    changes: fc.array(fc.record({ at: fc.nat(200), byte: fc.nat(255) }), { maxLength: 12 }),
    length: fc.nat(260),
  })
  .map(({ start, changes, length }) => {
    const bytes = Buffer.from(start);
    for (const { at, byte } of changes) if (at < bytes.length) bytes.writeUInt8(byte, at);
    return bytes.subarray(0, length);
  });

test('no bytes make the reader throw, and what it reads lies inside them', () => {
  const property = fc.property(fc.oneof(hostile, fc.uint8Array({ maxLength: 400 })), (bytes) => {
    const message = read(Buffer.from(bytes));
    if (typeof message === 'string') return;
    expect(message.challenge).toHaveLength(8);
    const size = message.targetInfo.reduce((sum, { value }) => sum + value.length + 4, 0);
    expect(size).toBeLessThanOrEqual(message.bytes.length - 48);
  });
  fc.assert(property, { numRuns: 3000 });
});

test('no text makes the reader throw', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => void readServerMessage(text)));
});

test('a message is read in a time that grows with its length', () => {
  const many = Buffer.concat(Array.from({ length: 2000 }, (_, id) => av(id + 11)));
  const started = performance.now();
  for (let i = 0; i < 100; i += 1) read(serverMessage({ pairs: [many, av(0)] }));
  for (let i = 0; i < 20; i += 1) readServerMessage(`${'A'.repeat(200_000)}*`);
  expect(performance.now() - started).toBeLessThan(2000);
});
