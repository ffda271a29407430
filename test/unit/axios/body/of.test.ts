/** The kinds of bodies, and what each of them promises. */

import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import PackagedForm from 'form-data';
import type { BodyOptions } from '../../../../src/axios/body/body.js';
import { sentBody } from '../../../../src/axios/body/of.js';
import { configOf } from '../../../support/axios-config.js';

const FILE = fileURLToPath(import.meta.url);
const of = (data: unknown, options: BodyOptions = {}) => sentBody(configOf({ data }), options);
const bytesOf = async (data: unknown) => (data instanceof Readable ? buffer(data) : Buffer.from(data as string));

test.each<[string, unknown, string | undefined]>([
  ['a string', 'Grüße', 'Grüße'],
  ['URLSearchParams', new URLSearchParams({ a: 'ä&b' }), 'a=%C3%A4%26b'],
  ['bytes', Buffer.from('abc'), 'abc'],
  ['a part of a buffer', new Uint8Array(Buffer.from('xabcx').buffer.slice(0)).subarray(0, 0), ''],
  ['an ArrayBuffer', new TextEncoder().encode('abc').buffer, 'abc'],
  ['a Blob', new Blob(['abc']), 'abc'],
  ['nothing', undefined, ''],
  ['null', null, ''],
  ['what only an adapter can write', { any: 'thing' }, undefined],
])('a value is sent as it is, and its bytes are known: %s', async (_, data, expected) => {
  const body = of(data);
  expect([body.isPlain, body.consumed]).toEqual([true, undefined]);
  expect([await body.open(), await body.open()]).toEqual([{ data }, { data }]);
  const bytes = await body.bytes();
  expect(bytes && Buffer.from(bytes).toString()).toBe(expected);
});

test('a stream is sent once, and its bytes are not known', async () => {
  const stream = Readable.from(['abc']);
  const body = of(stream);
  expect(body.consumed).toBeUndefined();
  expect(await body.bytes()).toBeUndefined();
  expect(await body.open()).toEqual({ data: stream });
  expect(body.consumed).toBe('the body is a stream, which can be read once');
});

test('a stream that was read from before is consumed from the start', async () => {
  const stream = Readable.from(['abc', 'def']);
  for await (const _ of stream) break;
  expect(of(stream).consumed).toBe('the body is a stream, which can be read once');
});

test('a stream that is kept has the same bytes at each send', async () => {
  const body = of(Readable.from(['abc', 'def']), { bufferLimit: 6 });
  for (let send = 0; send < 3; send += 1) expect(String(await bytesOf((await body.open()).data))).toBe('abcdef');
  expect(String(await body.bytes())).toBe('abcdef');
  expect(body.consumed).toBeUndefined();
});

test('a stream longer than the limit is sent whole, once', async () => {
  const body = of(Readable.from(['abc', 'def']), { bufferLimit: 5 });
  expect(String(await bytesOf((await body.open()).data))).toBe('abcdef');
  expect(body.consumed).toBe('the body is a stream longer than the 5 bytes that bufferBody keeps');
  expect(await body.bytes()).toBeUndefined();
});

test('a form has the same boundary at each send, and its bytes are those that are sent', async () => {
  const packed = new PackagedForm();
  packed.append('a', 'ä');
  const body = of(packed);
  const [first, second] = [await body.open(), await body.open()];
  expect(second).toEqual(first);
  expect(first.headers?.['content-type']).toContain(packed.getBoundary());
  expect(await body.bytes()).toEqual(first.data);
});

test('a FormData has one boundary, and is written when its bytes are hashed', async () => {
  const form = new FormData();
  form.append('a', 'ä');
  const body = of(form);
  const [first, second] = [await body.open(), await body.open()];
  expect([first.data, second.data]).toEqual([form, form]);
  expect(second.headers).toEqual(first.headers);
  const bytes = await body.bytes();
  const hashed = await body.open();
  const boundary = /boundary=(.*)$/.exec(hashed.headers?.['Content-Type'] ?? '')?.[1];
  expect(hashed.data).toBe(bytes);
  expect(Buffer.from(bytes as Uint8Array).toString()).toContain(`--${boundary}--`);
});

test('a FormData keeps the boundary that the caller named', async () => {
  const headers = { 'Content-Type': 'multipart/form-data; boundary=0123456789abc' };
  const body = sentBody(configOf({ data: new FormData(), headers }), {});
  expect((await body.open()).headers).toEqual(headers);
});

test('a file is opened again, and its hashed bytes are those that are sent', async () => {
  const body = of(createReadStream(FILE, { start: 0, end: 9 }));
  for (let send = 0; send < 2; send += 1) expect(String(await bytesOf((await body.open()).data))).toBe('/** The ki');
  expect(String(await body.bytes())).toBe('/** The ki');
  expect(String(await bytesOf((await body.open()).data))).toBe('/** The ki');
});

test('a pipe is not a file that can be opened again', async () => {
  const stream = createReadStream('/dev/null');
  const body = of(stream);
  await bytesOf((await body.open()).data);
  expect(body.consumed).toContain('/dev/null is not a regular file');
});

describe('a factory', () => {
  test('is called only if the body that the caller gave cannot be sent', async () => {
    let calls = 0;
    const factory = () => Readable.from([`made ${++calls}`]);
    const body = of(Readable.from(['given']), { factory });
    expect(calls).toBe(0);
    const sent: string[] = [];
    for (let send = 0; send < 3; send += 1) sent.push(String(await bytesOf((await body.open()).data)));
    expect(sent).toEqual(['given', 'made 1', 'made 2']);
    expect(body.consumed).toBeUndefined();
  });

  test.each<[string, () => unknown, string]>([
    ['fails', () => Promise.reject(new Error('secret')), 'the body factory failed'],
    ['gives nothing', () => undefined, 'the body factory gave no body'],
    ['gives a number', () => 5, 'the body factory gave no body'],
  ])('that %s is an error with a code', async (_, factory, message) => {
    const body = of(undefined, { factory: factory as never });
    await expect((async () => body.open())()).rejects.toMatchObject({ code: 'ERR_AUTH_BODY', message });
  });

  test('closes the stream that it made when the request is over', async () => {
    const stream = Readable.from(['abc']);
    const made = new PassThrough();
    const body = of(undefined, { factory: () => once(made, 'close').then(() => stream) });
    const opening = body.open();
    body.close?.();
    made.destroy();
    await opening;
    expect(stream.destroyed).toBe(true);
  });
});
