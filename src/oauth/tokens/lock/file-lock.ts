/** A lock of all processes of a user, in the state folder: a crashed owner loses it, a slow one does not (SEC-64, SEC-65). */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Abandoned, unlessAborted } from '../../../base/abort.js';
import { AuthError } from '../../../errors.js';
import { kindOf } from '../../../syntax/said.js';
import { visible } from '../../../syntax/visible.js';
import { Generations, type Top } from './generations.js';
import { type Held, type Lock, Turns, tooLong } from './lock.js';
import { Watch } from './watch.js';

/** All in milliseconds. */
export interface LockTimes {
  /** Between two signs of life of the owner. */
  readonly beat: number;
  /** An owner without a sign of life for so long has lost the lock. */
  readonly stale: number;
  /** The same, for an owner whose process is not there any more. */
  readonly crashed: number;
  /** How long the lock is waited for. */
  readonly wait: number;
}

// `stale` is longer than a synchronous computation blocks an owner; a token request does not hold up its beat.
export const LOCK_TIMES: LockTimes = { beat: 1000, stale: 30_000, crashed: 5000, wait: 60_000 };

const PAUSE_MS = { first: 20, longest: 250 };

/** The folder cannot be written: then the lock is one of this process. */
const UNWRITABLE: ReadonlySet<string | undefined> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'ENOENT',
  'EEXIST',
  'ENOSPC',
  'EDQUOT',
  'ELOOP',
  'ENAMETOOLONG',
]);

// Of the process: two clients without a state folder still take turns.
const inProcess = new Turns(LOCK_TIMES.wait);

export interface FileLockOptions {
  folder(): string;
  readonly times: LockTimes;
  /** Hears why there is no lock across processes. */
  note(reason: string): void;
}

export class FileLock implements Lock {
  constructor(private readonly options: FileLockOptions) {}

  async hold<T>(key: string, held: Held<T>): Promise<T> {
    const name = createHash('sha256').update(key).digest('hex');
    const folder = this.#folder();
    if (folder === undefined) return inProcess.hold(name, held);
    const generations = new Generations(join(folder, 'locks', name));
    let taken: number | Found<T>;
    try {
      taken = await this.#take(generations, held);
    } catch (error) {
      this.#withoutFolder(error, generations.folder);
      return inProcess.hold(name, held);
    }
    return typeof taken === 'number' ? this.#with(generations, taken, held) : taken.found;
  }

  /** A user without an entry in the list of users, and without HOME, has no home: so it is in some containers. */
  #folder(): string | undefined {
    try {
      return this.options.folder();
    } catch {
      this.options.note('without a lock that other processes see: this user has no home folder');
      return undefined;
    }
  }

  async #with<T>(generations: Generations, number: number, { work, signal }: Held<T>): Promise<T> {
    const beat = setInterval(() => generations.beat(number), this.options.times.beat).unref();
    try {
      if (signal?.aborted) throw new Abandoned();
      return await work(() => generations.isHighest(number));
    } finally {
      clearInterval(beat);
      await generations.release(number).catch(() => {}); // It counts as crashed.
    }
  }

  /** The number that is held now, or what the owner before has found. */
  async #take<T>(generations: Generations, { meanwhile, signal }: Held<T>): Promise<number | Found<T>> {
    const [watch, start] = [new Watch(), performance.now()];
    let seen: Top | undefined;
    for (let pause = PAUSE_MS.first; ; pause = Math.min(pause * 1.5, PAUSE_MS.longest)) {
      if (signal?.aborted) throw new Abandoned();
      const top = await generations.top();
      const isFree = !top.isHeld || (await this.#isLost(generations, top.number, watch));
      if (seen && (isFree || seen.number !== top.number)) {
        const found = await meanwhile?.();
        if (found !== undefined) return { found };
      }
      if (isFree && (await generations.claim(top.number + 1))) return top.number + 1;
      if (performance.now() - start > this.options.times.wait) throw await this.#late(generations, top.number);
      seen = top;
      await unlessAborted(wait(pause * (0.5 + Math.random())), signal);
    }
  }

  async #isLost(generations: Generations, number: number, watch: Watch): Promise<boolean> {
    const { stale, crashed } = this.options.times;
    const silence = watch.look(await generations.lastBeat(number), performance.now());
    return silence >= stale || (silence >= crashed && (await generations.isOwnerGone(number)));
  }

  async #late(generations: Generations, number: number): Promise<AuthError> {
    const owner = await generations.owner(number);
    const who = owner ? `process ${owner.pid}` : 'another process';
    return tooLong(this.options.times.wait, who, ` (${visible(generations.folder)})`);
  }

  /** Throws what is not about the folder. */
  #withoutFolder(error: unknown, folder: string): void {
    if (error instanceof Abandoned || error instanceof AuthError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (!UNWRITABLE.has(code))
      throw new AuthError('ERR_AUTH_PROVIDER', `oauth: no lock in ${visible(folder)}: ${kindOf(error)}`, {
        cause: error,
      });
    this.options.note(`without a lock that other processes see: ${visible(folder)} cannot be written (${code})`);
  }
}

interface Found<T> {
  readonly found: T;
}
