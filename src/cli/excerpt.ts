/** The beginning of an error's body, as harmless text. */

import type { Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import { visible } from '../syntax/visible.js';

const MAX_BYTES = 2048;
const MAX_MILLISECONDS = 2000;

/** What a server says to people and programs; `''` for pages, which are for browsers. */
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
    // What came is shown.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}
