/** Reads the parts of a body: `-d DATA`, `-d @FILE`, `--data-urlencode NAME=VALUE`, as bytes that can be sent again. */

import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { visible } from '../../syntax/visible.js';
import { EXIT, Stop } from '../io/exit.js';

/** An option of the command line, and its value. */
export type Part = readonly [option: string, value: string];

/** The parts of a body, joined with `&`, as curl does; JSON follows JSON directly. @throws Stop */
export async function joinedData(parts: readonly Part[], signal: AbortSignal): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (const [option, value] of parts) {
    if (pieces.length > 0 && option !== 'json') pieces.push(Buffer.from('&'));
    pieces.push(await pieceOf(option, value, signal));
  }
  return Buffer.concat(pieces);
}

function pieceOf(option: string, value: string, signal: AbortSignal): Promise<Buffer> | Buffer {
  if (option === 'data-raw') return Buffer.from(value, 'utf8');
  return option === 'data-urlencode' ? encoded(value, signal) : dataOf(value, signal);
}

/** `CONTENT`, `=CONTENT`, `NAME=CONTENT`, `@FILE`, `NAME@FILE`: the content is encoded, and the name is not. */
async function encoded(value: string, signal: AbortSignal): Promise<Buffer> {
  const [, name = '', sign = '', content = value] = /^([^=@]*)([=@])(.*)$/s.exec(value) ?? [];
  const text = sign === '@' ? (await fileOf(content, signal)).toString('utf8') : content;
  return Buffer.from(name === '' ? percentEncoded(text) : `${name}=${percentEncoded(text)}`);
}

/** As curl does it: everything but the unreserved characters of RFC 3986 §2.3, and a space as `+`. */
function percentEncoded(text: string): string {
  const encodedText = encodeURIComponent(text).replaceAll('%20', '+');
  return encodedText.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Text, `@FILE` or `@-`. @throws Stop for a file that cannot be read */
export async function dataOf(text: string, signal: AbortSignal): Promise<Buffer> {
  return text.startsWith('@') ? fileOf(text.slice(1), signal) : Buffer.from(text, 'utf8');
}

/** The bytes of a file, or of stdin for `-`. @throws Stop for a file that cannot be read */
export async function fileOf(path: string, signal: AbortSignal): Promise<Buffer> {
  if (path === '-') return readInput(signal);
  try {
    return await readFile(path, { signal });
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Ends the command because of a file. */
export function unreadable(path: string, error: unknown): Stop {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return new Stop(EXIT.failed, `${visible(path)} cannot be read (${code})`);
}

/** All of stdin. */
export function readInput(signal: AbortSignal): Promise<Buffer> {
  return buffer(addAbortSignal(signal, process.stdin));
}
