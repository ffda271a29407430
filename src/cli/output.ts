/** Writes a body to stdout, or to a file that appears when it is whole. */

import { createWriteStream, unlinkSync } from 'node:fs';
import { realpath, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { visible } from '../syntax/visible.js';
import { EXIT, Stop } from './exit-status.js';

/** A body on its way, and the stages it goes through. */
export type Stages = readonly [Readable, ...Transform[]];

/** @throws Stop when it cannot be written; what the body itself fails with */
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

/** Most of what has a NUL in it is no text, and would leave the terminal in a bad state. */
function printable(): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      if (!chunk.includes(0)) return done(null, chunk);
      return done(new Stop(EXIT.failed, 'the body is no text, and stdout is a terminal (use -o FILE)'));
    },
  });
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
    // Of the two that fail, this is the one that began.
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
    // It has its name, or never came to be.
  }
}
