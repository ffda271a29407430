/** Forms: the bytes and the fields of each send; the judge is the parser of forms that Node has. */

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Opened, SentBody } from '../../../../src/axios/body/body.js';
import { isPackagedForm, packagedForm, SpecForm } from '../../../../src/axios/body/form.js';
import { configOf } from '../../../support/axios-config.js';
import * as bodies from '../../../support/bodies.js';

const { BYTES, specForm } = bodies;

/** A form as a server would read it. */
async function read({ data, headers }: Opened): Promise<{ text: unknown; bytes: Buffer }> {
  const bytes = data instanceof Readable ? await buffer(data) : Buffer.from(data as Uint8Array);
  const type = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const form = await new Response(bytes, { headers: { 'Content-Type': type } }).formData();
  return { text: form.get('text'), bytes: Buffer.from(await (form.get('file') as Blob).arrayBuffer()) };
}

const SAID = { text: 'Grüße', bytes: Buffer.from(BYTES) };
const streamed = () => bodies.packagedForm(Readable.from([BYTES.slice(0, 9), BYTES.slice(9)]));

test.each<[string, () => SentBody]>([
  ['form-data', () => packagedForm(bodies.packagedForm(), 0)],
  ['form-data with a stream in it, kept', () => packagedForm(streamed(), 100_000)],
  ['a hashed FormData', () => new SpecForm(specForm(), configOf().headers)],
])('a server reads the same form from each send: %s', async (_, make) => {
  const body = make();
  const sent: Opened[] = [];
  if (body instanceof SpecForm) await body.bytes();
  for (let send = 0; send < 2; send += 1) {
    sent.push(await body.open());
    expect(await read(sent[send] as Opened)).toEqual(SAID);
  }
  expect(sent[1]?.headers).toEqual(sent[0]?.headers);
  expect(body.consumed).toBeUndefined();
});

test('a form with a stream in it is sent once, unless it is kept', async () => {
  const body = packagedForm(streamed(), 0);
  expect(body.consumed).toBeUndefined();
  await body.open();
  expect(body.consumed).toBe('a part of the form is a stream, which can be read once');
});

test('a kept form tells its length where the form knows it', async () => {
  const known = streamed();
  const { headers } = await packagedForm(known, 100_000).open();
  expect(headers).toEqual({ ...known.getHeaders(), 'Content-Length': String(known.getLengthSync()) });
});

test.each<[string, object]>([
  ['fails to tell it', { getLength: (tell: (error: Error) => void) => tell(new Error('unknown')) }],
  ['knows none', { getLength: (tell: (error: null, length: number) => void) => tell(null, Number.NaN) }],
  ['is too old to tell it', { getLength: undefined }],
])('a kept form that %s has no length', async (_, changes) => {
  const form = Object.assign(streamed(), changes);
  const { headers } = await packagedForm(form, 100_000).open();
  expect(headers).toEqual(form.getHeaders());
});

test('a FormData has a boundary of its own, of which axios takes the length', async () => {
  const boundaries = [1, 2].map(() => new SpecForm(specForm(), configOf().headers).open().headers?.['Content-Type']);
  expect(new Set(boundaries).size).toBe(2);
  for (const boundary of boundaries) expect(boundary).toMatch(/^multipart\/form-data; boundary=[-\w]{10,70}$/);
});

test.each([
  ['a form of the package', bodies.packagedForm(), true],
  ['a FormData', specForm(), false],
  ['a stream', Readable.from(['x']), false],
  ['an object that has headers', { getHeaders: () => ({}) }, false],
])('%s is one of the package form-data: %s', (_, data, expected) => {
  expect(isPackagedForm(data)).toBe(expected);
});
