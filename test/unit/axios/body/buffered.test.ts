/** A kept stream: one send at a time reads it. */

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { BufferedBody } from '../../../../src/axios/body/buffered.js';

const letters = [...'abcdefghijklmnopqrstuvwxyz'.repeat(10)];

test('a send that a later send has replaced reads no more chunks, and does not end', async () => {
  const body = new BufferedBody(Readable.from(letters), 30);
  const first = (await body.open()).data as Readable;
  first.once('readable', () => first.read());
  await turn();
  const second = (await body.open()).data as Readable;
  let hasEnded = false;
  first.once('end', () => {
    hasEnded = true;
  });
  first.resume();
  await turn();
  expect(String(await buffer(second))).toBe(letters.join(''));
  expect(hasEnded).toBe(false);
});
