/** A kept stream: one send at a time reads it. */

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { RecordedBody } from '../../../src/axios/recording.js';

const letters = [...'abcdefghijklmnopqrstuvwxyz'.repeat(10)];

test('a send that another has taken over from takes nothing more, and does not end', async () => {
  const body = new RecordedBody(Readable.from(letters), 30);
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
