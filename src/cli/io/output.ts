/** Writes a body to stdout, or to a file that appears only when the body is complete. */

import { createWriteStream, unlinkSync } from 'node:fs';
import { realpath, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { visible } from '../../syntax/visible.js';
import { EXIT, Stop } from './exit.js';

/** A body, and the streams that it passes through. */
export type Stages = readonly [Readable, ...Transform[]];

/** @throws Stop when the output cannot be written; the body's own error when the body fails */
export async function deliver(body: Stages, file: string | undefined, signal: AbortSignal): Promise<void> {
  if (file === undefined) return toStdout(body, signal);
  const path = await realpath(file).catch(() => file);
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile()) return write(body, path, { file, flags: 'w', signal });
  const partial = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  const remove = () => removeQuietly(partial);
  process.once('exit', remove);
  try {
    await write(body, partial, { file, flags: 'wx', signal, ...(found && { mode: found.mode & 0o777 }) });
    await rename(partial, path).catch((error) => fail(error, file));
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}

async function toStdout(body: Stages, signal: AbortSignal): Promise<void> {
  const checked = process.stdout.isTTY ? [printable()] : [];
  await pipeline([...body, ...checked, process.stdout], { end: false, signal });
}

/** Fails on a NUL, because such a body is rarely text; in text, escapes all that a terminal would obey (SEC-53). */
export function printable(): Transform {
  const decoder = new TextDecoder();
  let held = '';
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      if (chunk.includes(0))
        return done(new Stop(EXIT.failed, 'the body is binary, and stdout is a terminal (use -o FILE)'));
      const text = held + decoder.decode(chunk, { stream: true });
      // A CR at the end waits for the next chunk, which tells whether an LF follows.
      held = text.endsWith('\r') ? '\r' : '';
      return done(null, harmless(text.slice(0, text.length - held.length)));
    },
    flush: (done) => done(null, harmless(held + decoder.decode())),
  });
}

/** Escapes control characters, except LF, CRLF and tab. */
function harmless(text: string): string {
  return text
    .split(/(\r?\n|\t)/)
    .map((piece, index) => (index % 2 === 1 ? piece : visible(piece)))
    .join('');
}

interface Writing {
  readonly file: string;
  readonly flags: string;
  readonly mode?: number;
  readonly signal: AbortSignal;
}

async function write(body: Stages, path: string, { file, signal, ...options }: Writing): Promise<void> {
  const target = createWriteStream(path, options);
  let failure: unknown;
  target.once('error', (error) => {
    // If the body fails, the file stream fails with it; then the file is not the cause.
    if (!body[0].errored) failure = error;
  });
  await pipeline([...body, target], { signal }).catch((error) => {
    if (failure === undefined || signal.aborted) throw error;
    fail(failure, file);
  });
}

function fail(error: unknown, file: string): never {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  throw new Stop(EXIT.failed, `${visible(file)} cannot be written (${code})`);
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // The partial file was renamed already, or was never created.
  }
}
