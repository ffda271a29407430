/** The read stream of a file, which can be opened again as long as the file is the same. */

import { type BigIntStats, fstatSync, ReadStream, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { AuthError } from '../../errors.js';
import type { AnyStream, BodySource } from './body.js';
import { wasRead } from './stream.js';

/** Properties that a ReadStream has, but that its types do not declare. */
interface Opening {
  readonly fd: number | null;
  readonly start?: number;
  readonly end: number;
}

/**
 * How to open the file of a stream again; `undefined` for a stream that is not a file's, that has been read from or
 * destroyed, or that uses a descriptor of the caller's.
 */
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

  /** Notes the state of the open file. `fstatSync` may fail for a descriptor of the caller's own file system. */
  #note(fd: number): void {
    this.#wasOpened = true;
    try {
      this.#known ??= fstatSync(fd, { bigint: true });
    } catch {}
  }

  #compare(now: BigIntStats): string | undefined {
    const { path } = this.stream;
    // If the stream is not open yet, the file has to keep the state that it has now.
    if (!this.#wasOpened) this.#known ??= now;
    const known = this.#known;
    if (!known?.isFile()) return `the body is a stream, which can be read once (${path} is not a regular file)`;
    const isSame = SAME.every((name) => known[name] === now[name]);
    return isSame ? undefined : `the file ${path} has changed since it was sent`;
  }
}

const SAME = ['dev', 'ino', 'size', 'mtimeNs'] as const;
