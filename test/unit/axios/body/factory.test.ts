/** A body that is made anew: when the factory is called, what it may give, and that what was hashed is what is sent. */

import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { BodyFactory, BodySource, SentBody } from '../../../../src/axios/body/body.js';
import { FactoryBody } from '../../../../src/axios/body/factory.js';
import { StreamBody } from '../../../../src/axios/body/stream.js';
import { AuthError } from '../../../../src/errors.js';

/** Reads streams as streams, and keeps what else the factory gave. */
function bodyOf(factory: () => unknown, first?: SentBody, changes: Partial<BodySource> = {}) {
  const given: unknown[] = [];
  const read = (one: unknown): SentBody => {
    given.push(one);
    if (one instanceof Readable) return new StreamBody(one);
    return { isPlain: true, consumed: undefined, open: () => ({ data: one }), bytes: async () => one as Uint8Array };
  };
  const source = { factory: factory as BodyFactory, read, bufferLimit: 0, ...changes };
  return { body: new FactoryBody(source, first), given };
}

const sentBy = async (body: SentBody) => text((await body.open()).data as Readable);

test('a stream is made for each send after the first, and none before it is needed', async () => {
  let made = 0;
  const { body } = bodyOf(() => Readable.from([`made ${++made}`]), new StreamBody(Readable.from(['given'])));
  expect(body.consumed).toBeUndefined();
  expect([await sentBy(body), made]).toEqual(['given', 0]);
  expect([await sentBy(body), await sentBy(body)]).toEqual(['made 1', 'made 2']);
});

test('a value that can be sent again is made once', async () => {
  let made = 0;
  const { body } = bodyOf(() => `made ${++made}`);
  expect([await body.open(), await body.open()]).toEqual([{ data: 'made 1' }, { data: 'made 1' }]);
});

test('what was hashed is what is sent, however often, and as a stream, so that its framing stays', async () => {
  let made = 0;
  const { body } = bodyOf(() => Readable.from([`made ${++made}`]));
  const bytes = await body.bytes();
  expect(Buffer.from(bytes ?? []).toString()).toBe('made 1');
  expect([await sentBy(body), await sentBy(body), made]).toEqual(['made 1', 'made 1', 1]);
});

test('a source that knows that it will fail says so while the body is consumed', async () => {
  const obstacle = () => 'the file is gone';
  const { body } = bodyOf(() => 'x', new StreamBody(Readable.from(['given'])), { obstacle });
  expect(body.consumed).toBeUndefined();
  await body.open();
  expect(body.consumed).toBe('the file is gone');
});

test('bytes are handed to axios as a Buffer of the same memory', async () => {
  const bytes = new Uint8Array([0, 1, 2, 3]).subarray(1, 3);
  const { body, given } = bodyOf(() => bytes);
  await body.open();
  expect(given[0]).toEqual(Buffer.from([1, 2]));
  bytes[0] = 9;
  expect(given[0]).toEqual(Buffer.from([9, 2]));
});

test('a web stream is handed to axios as a stream of Node', async () => {
  const { body } = bodyOf(() => new Blob(['abc']).stream());
  const { data } = await body.open();
  expect(data).toBeInstanceOf(Readable);
  expect(await text(data as Readable)).toBe('abc');
});

async function readBefore(): Promise<Readable> {
  const stream = Readable.from(['abc']);
  await text(stream);
  return stream;
}

test.each<[string, () => unknown, string]>([
  ['throws', () => Promise.reject(new Error('secret')), 'the body factory failed'],
  ['gives nothing', () => undefined, 'the body factory gave no body'],
  ['gives null', () => null, 'the body factory gave no body'],
  ['gives a number', () => 5, 'the body factory gave no body'],
  ['gives what was read', readBefore, 'the body factory gave a stream that was read before'],
])('a factory that %s fails the send, in words of its own', async (_, factory, message) => {
  const { body } = bodyOf(factory);
  await expect(body.open()).rejects.toMatchObject({ code: 'ERR_AUTH_BODY', message });
});

test('an error of this package passes as it is', async () => {
  const error = new AuthError('ERR_AUTH_BODY', 'the file has changed');
  const { body } = bodyOf(() => Promise.reject(error));
  await expect(body.open()).rejects.toBe(error);
});

test('a stream that comes after the request is over is closed', async () => {
  const late = Readable.from(['abc']);
  const { body } = bodyOf(async () => late);
  const opening = body.open();
  body.close();
  await opening;
  expect(late.destroyed).toBe(true);
});
