/** The body of each send. */

import { Readable } from 'node:stream';
import type { BodyOptions, Opened } from '../../../../src/axios/body/body.js';
import { isBodyless, RequestBody } from '../../../../src/axios/body/request-body.js';
import { configOf } from '../../../support/axios-config.js';

const origin = 'https://files.example';
const to = (method: string) => ({ origin, url: `${origin}/`, pathname: '/', method, uri: '/' });
const bodyOf = (data: unknown, options: BodyOptions = {}) =>
  new RequestBody(configOf({ method: 'post', data }), options);

test.each([
  ['POST', false],
  ['PUT', false],
  ['GET', true],
  ['HEAD', true],
  ['CONNECT', true],
])('a POST that goes on as %s has no body: %p', (method, expected) => {
  expect(isBodyless(configOf({ method: 'post' }), to(method))).toBe(expected);
});

test('a GET with a body keeps it', () => {
  expect(isBodyless(configOf({ method: 'get' }), to('GET'))).toBe(false);
});

test('a target without a body gets no body, and needs no body', async () => {
  const body = bodyOf(Readable.from(['abc']));
  body.next(undefined);
  expect([body.consumed(to('POST')), body.consumed(to('GET'))]).toEqual([expect.any(String), undefined]);
  expect([body.isOnce(to('POST')), body.isOnce(to('GET'))]).toEqual([true, false]);
  expect(body.next(to('GET'))).toBeUndefined();
  expect(await body.bytes(to('GET'))).toEqual(new Uint8Array(0));
});

test('a body that was opened in advance is the next one, once', async () => {
  let made = 0;
  const factory = () => Readable.from([`made ${++made}`]);
  const body = bodyOf(undefined, { factory });
  await body.prepare(to('POST'), false);
  await body.prepare(to('POST'), false);
  expect(made).toBe(1);
  const [first, second] = [body.next(to('POST')), await body.next(to('POST'))];
  expect(made).toBe(2);
  expect(second).not.toBe(first);
});

test('a body that was hashed after it was opened is opened again', async () => {
  let made = 0;
  const factory = () => Readable.from([`made ${++made}`]);
  const body = bodyOf(undefined, { factory });
  await body.prepare(to('POST'), false);
  const hashed = await body.bytes(to('POST'));
  await body.prepare(to('POST'), true);
  const { data } = body.next(to('POST')) as Opened;
  const sent: Buffer[] = [];
  for await (const chunk of data as Readable) sent.push(Buffer.from(chunk));
  expect(Buffer.concat(sent)).toEqual(Buffer.from(hashed as Uint8Array));
});

test('the config can be sent unchanged if its own data is what was opened', () => {
  const body = bodyOf('text');
  expect([body.isPlain({ data: 'text' }), body.isPlain({ data: 'other' }), body.isPlain(undefined)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(bodyOf(new FormData()).isPlain({ data: 'text' })).toBe(false);
});
