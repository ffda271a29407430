/** Reads parts of a response: the length of its body, and the beginning of an error's body. */

import type { Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import { wasEncoded } from '../../axios/response/headers.js';
import { visible } from '../../syntax/visible.js';

/** `undefined` without a valid Content-Length, or for a compressed body: axios decompresses it but keeps the length. */
export function bodyLength(response: AxiosResponse): number | undefined {
  const length = Number(response.headers['content-length'] ?? Number.NaN);
  return wasEncoded(response) || !Number.isInteger(length) || length < 0 ? undefined : length;
}

const MAX_BYTES = 2048;
const MAX_MILLISECONDS = 2000;

/** The beginning of a plain text or JSON body; `''` for other types, such as a page for browsers. */
export async function excerptOf({ data, headers }: AxiosResponse<Readable>): Promise<string> {
  const type = String(headers['content-type'] ?? '');
  const bytes = /^(text\/plain|application\/([\w.-]+\+)?json)\b/i.test(type)
    ? await beginningOf(data)
    : Buffer.alloc(0);
  data.on('error', () => {}).destroy();
  const text = bytes.subarray(0, MAX_BYTES).toString('utf8').trimEnd();
  const lines = text.split(/\r?\n/).map((line) => visible(line.replaceAll('\t', '  ')));
  return bytes.length > MAX_BYTES ? [...lines, '…'].join('\n') : lines.join('\n');
}

async function beginningOf(body: Readable): Promise<Buffer> {
  const timer = setTimeout(() => body.destroy(), MAX_MILLISECONDS);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BYTES) break;
    }
  } catch {
    // The bytes that arrived before the error are shown.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}
