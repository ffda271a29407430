/** Where proof is due: a challenge was answered there, and nobody who has the session dropped can undo that. */

import { covers } from '../challenge/paths.js';
import type { Target } from '../port/transport.js';

const MAX_ORIGINS = 1000;
// Characters of the prefixes of one origin: a server that names more has all of its origin covered.
const MAX_TEXT = 4096;
const EVERYTHING: readonly string[] = ['/'];

/** Apart from sessions, accounts and providers: whoever asks for proof there asks for all of them. */
export class DueProofs {
  readonly #prefixes = new Map<string, readonly string[]>();

  /** A challenge of the space was answered at `pathname`, which its `domain` may leave out. */
  note({ origin, pathname }: Pick<Target, 'origin' | 'pathname'>, space: readonly string[]): void {
    const known = this.#prefixes.get(origin) ?? [];
    const added = [...space, pathname].filter((one) => !known.some((prefix) => covers(prefix, one)));
    const all = [...known, ...added];
    const length = all.reduce((sum, prefix) => sum + prefix.length, 0);
    this.#prefixes.delete(origin);
    this.#prefixes.set(origin, length > MAX_TEXT ? EVERYTHING : all);
    if (this.#prefixes.size > MAX_ORIGINS) this.#prefixes.delete(this.#prefixes.keys().next().value as string);
  }

  has({ origin, pathname }: Pick<Target, 'origin' | 'pathname'>): boolean {
    return this.#prefixes.get(origin)?.some((prefix) => covers(prefix, pathname)) === true;
  }

  /** Forgets everything, or one origin. */
  forget(origin?: string): void {
    if (origin === undefined) this.#prefixes.clear();
    else this.#prefixes.delete(origin);
  }
}
