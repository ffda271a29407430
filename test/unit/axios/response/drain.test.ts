/** How the connection of a response is freed. */

import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { AxiosResponse } from 'axios';
import { discard, drainTime, free, giveUp } from '../../../../src/axios/response/drain.js';
import { expiredLimits } from '../../../support/limits.js';

const response = (data: unknown) => ({ status: 401, data }) as AxiosResponse;
const large = Buffer.alloc(70_000, 'x');

test.each([
  [Number.POSITIVE_INFINITY, 1000],
  [3000, 1000],
  [900, 450],
  [0, 0],
  [-5, 0],
])('if %p ms are left, the wait is at most %p ms', (left, expected) => {
  expect(drainTime(left)).toBe(expected);
});

test('a small stream is read, and the caller still gets its bytes', async () => {
  const source = Readable.from([Buffer.from('ab'), Buffer.from('c')]);
  const refused = response(source);
  expect(await free(refused, 1000)).toBe(true);
  expect(source.readableEnded).toBe(true);
  expect(String(await buffer(refused.data))).toBe('abc');
});

test.each([
  ['too long', () => tooLong('and more'), Buffer.concat([large, Buffer.from('and more')])],
  ['too slow', () => later('ab', 'c'), Buffer.from('abc')],
])('no byte is lost of a stream that is %s', async (_, source, expected) => {
  const refused = response(source());
  expect(await free(refused, 1)).toBe(false);
  expect((await buffer(refused.data)).equals(expected)).toBe(true);
});

test('no byte is lost of a stream that ends with the chunk that is too long', async () => {
  const refused = response(Readable.from([large], { objectMode: false }));
  expect(await free(refused, 1000)).toBe(true);
  expect((await buffer(refused.data)).equals(large)).toBe(true);
});

function tooLong(rest: string): Readable {
  const stream = new PassThrough();
  stream.write(large);
  setTimeout(() => stream.end(rest), 20);
  return stream;
}

/** A stream that writes its end only when it is read a second time. */
function later(first: string, last: string): Readable {
  const stream = new PassThrough();
  stream.write(first);
  setTimeout(() => stream.end(last), 20);
  return stream;
}

test.each([
  ['text', 'abc'],
  ['nothing', undefined],
])('%s holds no connection', async (_, data) => {
  expect(await free(response(data), 1000)).toBe(true);
});

test('a discarded stream is read to its end, or destroyed', async () => {
  const short = Readable.from(['abc']);
  await discard(response(short));
  expect(short.readableEnded).toBe(true);
  const long = new PassThrough();
  long.write(large);
  const expired = expiredLimits();
  await discard(response(long));
  expect([long.destroyed, expired]).toEqual([true, []]);
  const endless = new PassThrough();
  endless.write('ab');
  await discard(response(endless), 1);
  expect(endless.destroyed).toBe(true);
});

test('a body that breaks while it is discarded raises no error', async () => {
  const broken = new PassThrough();
  const discarding = discard(response(broken));
  broken.destroy(new Error('reset'));
  await expect(discarding).resolves.toBeUndefined();
});

test('a web stream is cancelled, and the wait is no longer than the limit', async () => {
  let isCanceled = false;
  const cancel = () => {
    isCanceled = true;
    return new Promise<never>(() => {});
  };
  await discard(response(new ReadableStream({ cancel })), 1);
  expect(isCanceled).toBe(true);
});

test('a stream is given up at once', () => {
  const stream = new PassThrough();
  giveUp(response(stream));
  expect(stream.destroyed).toBe(true);
  expect(() => giveUp(response('text'))).not.toThrow();
});
