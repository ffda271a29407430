/** Reads `-d DATA`, `-d @FILE` and `-d @-`: the bytes as they are, so that they can be sent again. */

import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { visible } from '../syntax/visible.js';
import { EXIT, Stop } from './exit-status.js';

/** @throws Stop for a file that cannot be read */
export async function dataOf(text: string, signal: AbortSignal): Promise<Buffer> {
  if (!text.startsWith('@')) return Buffer.from(text, 'utf8');
  const path = text.slice(1);
  return path === '-' ? readInput(signal) : read(path, signal);
}

/** All of stdin. */
export async function readInput(signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of addAbortSignal(signal, process.stdin)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function read(path: string, signal: AbortSignal): Promise<Buffer> {
  try {
    return await readFile(path, { signal });
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new Stop(EXIT.failed, `${visible(path)} cannot be read (${code})`);
  }
}
