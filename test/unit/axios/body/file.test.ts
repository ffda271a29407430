/** A file that is sent again: opened anew, as long as it is the same. */

import { once } from 'node:events';
import { createReadStream, type ReadStream } from 'node:fs';
import { appendFile, open, rename, rm, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { reopening } from '../../../../src/axios/body/file.js';
import { temporaryFile } from '../../../support/files.js';
import { afterwards } from '../../../support/stage.js';

const CONTENT = 'Grüße, and more';

/** A file, a stream of it that was sent, and how to open it again. */
async function sent(options: Parameters<typeof createReadStream>[1] = {}, change = async (_path: string) => {}) {
  const path = await temporaryFile('body', CONTENT);
  const stream = createReadStream(path, options);
  const again = reopening(stream);
  const first = await text(stream);
  await change(path);
  if (!again) throw new Error('it cannot be opened again');
  return { path, first, obstacle: () => again.obstacle?.(), open: async () => (await again.factory()) as ReadStream };
}

test.each([
  ['the whole file', {}],
  ['a part of it', { start: 3, end: 9 }],
  ['a part to its end', { start: 3 }],
  ['its characters', { encoding: 'utf8' as const, highWaterMark: 3 }],
])('%s is sent again, any number of times', async (_, options) => {
  const { first, obstacle, open } = await sent(options);
  expect(obstacle()).toBeUndefined();
  expect([await text(await open()), await text(await open())]).toEqual([first, first]);
});

test('a file that is named by a URL is sent again, too', async () => {
  const stream = createReadStream(pathToFileURL(await temporaryFile('body', CONTENT)));
  const again = reopening(stream);
  stream.destroy();
  expect(await text((await again?.factory()) as ReadStream)).toBe(CONTENT);
});

test.each<[string, (path: string) => Promise<void>, RegExp]>([
  ['is longer now', (path) => appendFile(path, 'x'), /^the file .*body has changed since it was sent$/],
  ['has other content', (path) => rewritten(path), /^the file .*body has changed since it was sent$/],
  ['is another one', (path) => replaced(path), /^the file .*body has changed since it was sent$/],
  ['is gone', (path) => rm(path), /^the file .*body cannot be opened again$/],
])('a file that %s is not sent again, and that is known before', async (_, change, reason) => {
  const { obstacle, open } = await sent({}, change);
  expect(obstacle()).toMatch(reason);
  await expect(open()).rejects.toMatchObject({ code: 'ERR_AUTH_BODY', message: expect.stringMatching(reason) });
});

/** The same length, at another time. */
async function rewritten(path: string): Promise<void> {
  await writeFile(path, CONTENT.replace('more', 'less'));
  const file = await open(path, 'r+');
  await file.utimes(1, 1);
  await file.close();
}

async function replaced(path: string): Promise<void> {
  await writeFile(`${path}2`, CONTENT);
  await rename(`${path}2`, path);
}

test('a device is no file that could be opened again', async () => {
  const stream = createReadStream('/dev/null');
  const again = reopening(stream);
  await text(stream);
  expect(again?.obstacle?.()).toContain('/dev/null is not a regular file');
});

const FILE = fileURLToPath(import.meta.url);

test.each<[string, () => Promise<Readable>]>([
  ['of no file', async () => Readable.from(['x'])],
  ['of a descriptor of the caller', async () => ofDescriptor()],
  ['that was read from', async () => beginning()],
  ['that was destroyed', async () => createReadStream(FILE).destroy()],
])('a stream %s cannot be opened again', async (_, make) => {
  expect(reopening(await make())).toBeUndefined();
});

async function ofDescriptor(): Promise<ReadStream> {
  const handle = await open(FILE);
  afterwards(() => handle.close());
  return createReadStream('', { fd: handle.fd, autoClose: false });
}

async function beginning(): Promise<ReadStream> {
  const stream = createReadStream(FILE, { highWaterMark: 1 });
  afterwards(() => stream.destroy());
  await once(stream, 'readable');
  stream.read();
  return stream;
}
