/** Streams of every kind: read once, whole, in the same order. */

import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import PackagedForm from 'form-data';
import type { AnyStream } from '../../../../src/axios/body/body.js';
import {
  bufferOf,
  chunksOf,
  isStream,
  readAll,
  readableOf,
  StreamBody,
  wasRead,
} from '../../../../src/axios/body/stream.js';

/** form-data is a stream of before Node 0.10, which has `pipe` alone. */
function oldStyle(...parts: unknown[]): PackagedForm {
  const form = new PackagedForm();
  for (const part of parts) form.append('a', part);
  return form;
}

const STREAMS: ReadonlyArray<readonly [string, () => AnyStream]> = [
  ['of Node', () => Readable.from(['Grü', 'ße'])],
  ['of Node, with characters', () => Readable.from([Buffer.from('Grüße')]).setEncoding('utf8')],
  ['of the web', () => new Blob(['Grüße']).stream()],
];

test.each<[string, object, boolean]>([
  ...STREAMS.map(([name, make]): [string, object, boolean] => [`a stream ${name}`, make(), true]),
  ['an old one', oldStyle('x'), true],
  ['a Blob', new Blob(['x']), false],
  ['bytes', Buffer.from('x'), false],
  ['an object', {}, false],
])('%s is a stream: %p', (_, data, expected) => {
  expect(isStream(data)).toBe(expected);
});

test.each(STREAMS)('a stream %s is read whole, as bytes and as a stream of Node', async (_, make) => {
  expect(String(await readAll(make(), 7))).toBe('Grüße');
  expect(await text(readableOf(make()))).toBe('Grüße');
});

test('an old stream is read whole, as Node reads forms', async () => {
  const form = oldStyle('one', 'two');
  const bytes = await readAll(form, 1000);
  const read = await new Response(bytes, { headers: form.getHeaders() }).formData();
  expect(read.getAll('a')).toEqual(['one', 'two']);
});

test('an old stream that fails, fails who reads it', async () => {
  const part = new PassThrough();
  const chunks = chunksOf(oldStyle(part));
  const reading = (async () => {
    for await (const _ of chunks);
  })();
  part.destroy(new Error('broken'));
  await expect(reading).rejects.toThrow('broken');
});

test.each(STREAMS)('a stream %s that is longer than the limit is not read whole', async (_, make) => {
  expect(await readAll(make(), 6)).toBeUndefined();
});

test('a stream of Node is itself', () => {
  const stream = Readable.from(['x']);
  expect(readableOf(stream)).toBe(stream);
});

test('a stream is consumed once it was sent, or read by somebody else', async () => {
  const [one, other] = [Readable.from(['x']), Readable.from(['x'])];
  const [sent, read] = [one, other].map((stream) => new StreamBody(stream, 'it is read')) as [StreamBody, StreamBody];
  expect([sent.consumed, read.consumed]).toEqual([undefined, undefined]);
  expect(sent.open()).toEqual({ data: one });
  await text(other);
  expect([sent.consumed, read.consumed]).toEqual(['it is read', 'it is read']);
  expect([wasRead(one), wasRead(other)]).toEqual([false, true]);
});

test.each([
  ['characters', 'ü', [0xc3, 0xbc]],
  ['bytes', new Uint8Array([1, 2]), [1, 2]],
])('a chunk of %s is the bytes that are sent', (_, chunk, bytes) => {
  expect([...bufferOf(chunk)]).toEqual(bytes);
});
