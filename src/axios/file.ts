/** The read stream of a file, which can be opened again as long as the file is the same. */

import { type BigIntStats, fstatSync, ReadStream, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { AuthError } from '../errors.js';
import type { BodySource } from './factory.js';
import { type AnyStream, wasRead } from './stream.js';

/** What a ReadStream has, and its types leave out. */
interface Opening {
  readonly fd: number | null;
  readonly start?: number;
  readonly end: number;
}

/** How a file is opened again; `undefined` for every other stream, also one that has been read from or has a descriptor of the caller's. */
export function reopening(stream: AnyStream): Pick<BodySource, 'factory' | 'obstacle'> | undefined {
  if (!(stream instanceof ReadStream) || stream.path === undefined || wasRead(stream) || stream.destroyed) {
    return undefined;
  }
  const file = new File(stream);
  return { factory: () => file.open(), obstacle: () => file.obstacle() };
}

class File {
  /** The file as it was when the stream was opened. */
  #known: BigIntStats | undefined;
  #wasOpened = false;

  constructor(private readonly stream: ReadStream) {
    const { fd } = stream as unknown as Opening;
    if (typeof fd === 'number') this.#note(fd);
    else stream.once('open', (opened) => this.#note(opened));
  }

  obstacle(): string | undefined {
    try {
      return this.#compare(statSync(this.stream.path, { bigint: true }));
    } catch {
      return `the file ${this.stream.path} cannot be opened again`;
    }
  }

  /** @throws AuthError ERR_AUTH_BODY */
  async open(): Promise<ReadStream> {
    const { path, readableEncoding, readableHighWaterMark } = this.stream;
    const { start, end } = this.stream as unknown as Opening;
    const handle = await open(path).catch((cause) => {
      throw new AuthError('ERR_AUTH_BODY', `the file ${path} cannot be opened again`, { cause });
    });
    const obstacle = this.#compare(await handle.stat({ bigint: true }));
    if (obstacle === undefined) {
      const again = handle.createReadStream({ start, end, highWaterMark: readableHighWaterMark });
      return readableEncoding ? again.setEncoding(readableEncoding) : again;
    }
    await handle.close();
    throw new AuthError('ERR_AUTH_BODY', obstacle);
  }

  /** A file system of the caller's own has descriptors of its own. */
  #note(fd: number): void {
    this.#wasOpened = true;
    try {
      this.#known ??= fstatSync(fd, { bigint: true });
    } catch {}
  }

  #compare(now: BigIntStats): string | undefined {
    const { path } = this.stream;
    // Asked before the stream was opened: from now on it has to stay as it is.
    if (!this.#wasOpened) this.#known ??= now;
    const known = this.#known;
    if (!known?.isFile()) return `the body is a stream, which can be read once (${path} is no regular file)`;
    const isSame = SAME.every((name) => known[name] === now[name]);
    return isSame ? undefined : `the file ${path} has changed since it was sent`;
  }
}

const SAME = ['dev', 'ino', 'size', 'mtimeNs'] as const;
