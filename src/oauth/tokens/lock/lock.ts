/** The port of a lock, and the lock inside one process: turns, in the order of asking. */

import { Abandoned, withinTime } from '../../../base/abort.js';
import { AuthError } from '../../../errors.js';

/** What is done under a lock. */
export interface Held<T> {
  /** `isOurs`: whether the lock was not lost meanwhile, as that of a process that was stopped is. */
  work(isOurs: () => Promise<boolean>): Promise<T>;
  /** Asked after others have had the lock: a result with which the lock is not needed any more. */
  meanwhile?(): Promise<T | undefined>;
  /** Ends the waiting, but not the work. */
  readonly signal?: AbortSignal | undefined;
}

export interface Lock {
  /** @throws Abandoned when the signal aborts, AuthError `ERR_AUTH_PROVIDER` when the lock was waited for too long */
  hold<T>(key: string, held: Held<T>): Promise<T>;
}

export class Turns implements Lock {
  readonly #last = new Map<string, Promise<void>>();

  constructor(private readonly milliseconds: number) {}

  async hold<T>(key: string, { work, signal }: Held<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    let end = () => {};
    const mine = new Promise<void>((resolve) => {
      end = resolve;
    });
    const after = before.then(() => mine);
    this.#last.set(key, after);
    try {
      await withinTime(before, {
        milliseconds: this.milliseconds,
        signal,
        late: () => tooLong(this.milliseconds),
        left,
      });
      return await work(async () => true);
    } finally {
      end();
      if (this.#last.get(key) === after) this.#last.delete(key);
    }
  }
}

/** `who` holds the lock. */
export function tooLong(milliseconds: number, who = 'another request of this process', where = ''): AuthError {
  const waited = `oauth: ${who} has been renewing this token for ${milliseconds / 1000} s`;
  return new AuthError('ERR_AUTH_PROVIDER', `${waited}: try again, or end it${where}`);
}

function left(): Abandoned {
  return new Abandoned();
}
