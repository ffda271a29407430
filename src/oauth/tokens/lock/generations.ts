/**
 * The files of one lock: `7` is held, `7.done` is free again. Whoever creates the next number has the lock, so that of
 * several who take it over only one can: no name is used twice, and the highest is never deleted. (The package
 * proper-lockfile removes a stale lock and makes it anew, and two may do that at once: its issue 121.)
 */

import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isGone, type Owner, ownerIn, ownerText } from './owner.js';

const NAME = /^(\d{1,15})(\.done)?$/;

// Old files stay for some generations: a reader of the folder must not find it without the highest.
const KEPT = 4;

/** The highest generation. */
export interface Top {
  readonly number: number;
  readonly isHeld: boolean;
}

export class Generations {
  constructor(readonly folder: string) {}

  /** Number 0 if there is none. */
  async top(): Promise<Top> {
    const names = await this.#names();
    const number = Math.max(0, ...names.map(numberOf));
    return { number, isHeld: names.includes(`${number}`) && !names.includes(`${number}.done`) };
  }

  /** Makes the generation, held by this process. `false` if another process has, or if a higher one is there. */
  async claim(number: number): Promise<boolean> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    if (!(await this.#create(number))) return false;
    if (await this.isHighest(number)) {
      await this.#sweep(number - KEPT);
      return true;
    }
    await this.#remove(`${number}`); // Made too late, from an old look at the folder.
    return false;
  }

  /** Whether nobody has taken the lock over. */
  async isHighest(number: number): Promise<boolean> {
    const top = await this.top();
    return top.number === number && top.isHeld;
  }

  async release(number: number): Promise<void> {
    const done = this.#path(`${number}.done`);
    // A virus scanner may hold the file, on Windows.
    await rename(this.#path(`${number}`), done).catch(async () => {
      if (await this.isHighest(number)) await writeFile(done, '', { mode: 0o600 });
    });
  }

  /** The sign of life of the owner. */
  async beat(number: number): Promise<void> {
    const now = new Date();
    await utimes(this.#path(`${number}`), now, now).catch(() => {}); // It was taken over: `isHighest` says so.
  }

  /** Another value after each sign of life. */
  async lastBeat(number: number): Promise<string> {
    const file = await stat(this.#path(`${number}`)).catch(() => undefined);
    return `${number} ${file?.mtimeMs}`;
  }

  owner(number: number): Promise<Owner | undefined> {
    return ownerIn(this.#path(`${number}`));
  }

  async isOwnerGone(number: number): Promise<boolean> {
    return isGone(await this.owner(number));
  }

  async #create(number: number): Promise<boolean> {
    try {
      await writeFile(this.#path(`${number}`), ownerText(), { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      await this.#remove(`${number}`); // The disk was full between its name and its text.
      throw error;
    }
  }

  async #names(): Promise<string[]> {
    try {
      return (await readdir(this.folder)).filter((name) => NAME.test(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  async #sweep(last: number): Promise<void> {
    const names = await this.#names();
    await Promise.all(names.filter((name) => numberOf(name) <= last).map((name) => this.#remove(name)));
  }

  async #remove(name: string): Promise<void> {
    await rm(this.#path(name), { force: true }).catch(() => {});
  }

  #path(name: string): string {
    return join(this.folder, name);
  }
}

function numberOf(name: string): number {
  return Number(NAME.exec(name)?.[1]);
}
