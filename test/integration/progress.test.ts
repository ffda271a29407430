/** Progress is that of the request, not of its sends: it never goes back. */

import { Readable } from 'node:stream';
import type { AxiosProgressEvent } from 'axios';
import { answering } from '../support/capability.js';
import { earlyServer } from '../support/early.js';
import { client, failure, plainServer, server, statuses } from '../support/stage.js';

const bytes = Buffer.alloc(400_000, 'x');

function listener() {
  const loaded: number[] = [];
  const sums: number[] = [];
  const listen = (event: AxiosProgressEvent) => {
    loaded.push(event.loaded);
    sums.push((sums.at(-1) ?? 0) + event.bytes);
  };
  return { loaded, sums, listen };
}

function expectMonotonic({ loaded, sums }: ReturnType<typeof listener>, total: number) {
  expect(loaded).toEqual([...new Set(loaded)].sort((one, other) => one - other));
  expect(loaded.at(-1)).toBe(total);
  expect(sums).toEqual(loaded);
}

describe.each(['http', 'fetch'])('%s', (adapter) => {
  answering(adapter).each([bytes, 'kept'])('an upload over two sends is one upload', (data) => isOne(adapter, data));
  answering(adapter).each(['json', 'arraybuffer', 'stream'] as const)(
    'the progress of a download never decreases, and ends with the response that the caller gets: %s',
    (responseType) => isGiven(adapter, responseType),
  );
});

async function isOne(adapter: string, data: Buffer | string): Promise<void> {
  const guarded = await server();
  const upload = listener();
  const body = data === 'kept' ? Readable.from([bytes]) : data;
  const config = { onUploadProgress: upload.listen, challenge: { bufferBody: bytes.length } };
  await client(guarded.url, {}, { adapter }).put('/', body, config);
  expect(statuses(guarded)).toEqual([401, 200]);
  expectMonotonic(upload, bytes.length);
}

test('the progress of an upload that was stopped continues from there', async () => {
  const early = await earlyServer();
  const large = Buffer.alloc(16_000_000);
  const upload = listener();
  await client(early.url).put('/', large, { onUploadProgress: upload.listen });
  expectMonotonic(upload, large.length);
});

async function isGiven(adapter: string, responseType: 'json' | 'arraybuffer' | 'stream'): Promise<void> {
  const { url } = await plainServer((request, response) => {
    if (request.headers.authorization) response.end(bytes);
    else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end('x'.repeat(26));
  });
  const download = listener();
  const instance = client(url, {}, { adapter });
  const { data } = await instance.get('/', { responseType, onDownloadProgress: download.listen });
  if (responseType === 'stream') for await (const _ of data);
  await new Promise(setImmediate);
  expectMonotonic(download, bytes.length);
}

test('the body of a 401 that is given to the caller is a download, too', async () => {
  const { url } = await plainServer((_, response) => {
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end('no');
  });
  const download = listener();
  await failure(client(url, { providers: [] }).get('/', { onDownloadProgress: download.listen }));
  expect(download.loaded).toEqual([2]);
});

test('a long 401 does not decrease the progress', async () => {
  const { url } = await plainServer((request, response) => {
    if (request.headers.authorization) response.end(bytes);
    else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end(bytes.subarray(0, 100_000));
  });
  const download = listener();
  await client(url).get('/', { onDownloadProgress: download.listen, responseType: 'arraybuffer' });
  expectMonotonic(download, bytes.length);
});
