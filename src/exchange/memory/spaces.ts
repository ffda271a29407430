/** All protection spaces that are remembered, by origin, and bounded (SEC-35). */

import { detached } from '../../base/detached.js';
import type { Challenge } from '../../model.js';
import { covers, directoryOf } from '../challenge/paths.js';
import type { Shelf } from './budget.js';
import { Space } from './space.js';
import { newStores, type Stores } from './stores.js';

const MAX_ORIGINS = 1000;
const MAX_SPACES_OF_ORIGIN = 64;
// Characters that one origin may have remembered.
const MAX_TEXT_OF_ORIGIN = 262_144;
// A path is known by so much of it: what begins alike is taken together, the strongest for all.
const MAX_PATH = 256;

/** What is known of one origin. In both maps, what asked last comes last. */
interface Origin extends Shelf {
  readonly spaces: Map<string, Space>;
  /** Which space last challenged a directory: where two spaces cover a path, the one seen there is meant. */
  readonly seen: Map<string, Space>;
}

/** The memory of a client: protection spaces, those that asked longest ago are forgotten first. */
export class Spaces {
  readonly #origins = new Map<string, Origin>();

  /** `stores` outlive what is remembered here, and may be shared. */
  constructor(readonly stores: Stores = newStores()) {}

  /** How many origins are remembered. */
  get size(): number {
    return this.#origins.size;
  }

  /** Whether any space of an origin is remembered; if none is, nothing can be authorized there before a challenge. */
  remembers(origin: string): boolean {
    return this.#origins.has(origin);
  }

  /** The space of a challenge, new or known. */
  of(origin: string, challenge: Challenge): Space {
    const realm = challenge.params.realm ?? '';
    const known = this.#origin(origin);
    const space = known.spaces.get(realm) ?? new Space(origin, realm, this.stores, () => this.#weigh(origin));
    touch(known.spaces, realm, space, MAX_SPACES_OF_ORIGIN);
    this.#weigh(origin);
    return space;
  }

  /** Notes that the space challenged a path. */
  challenged(space: Space, path: string): void {
    const directory = directoryOf(detached(path.slice(0, MAX_PATH), path));
    touch(this.#origin(space.origin).seen, directory, space, MAX_SPACES_OF_ORIGIN);
  }

  /** The space that covers a path and has a credential that the server accepted: the longest prefix first. */
  covering(origin: string, pathname: string): Space | undefined {
    const known = this.#origins.get(origin);
    if (!known) return undefined;
    let best: Space | undefined;
    let nearest = 0;
    for (const space of known.spaces.values()) {
      if (!space.session?.admitted || space.ceded.has(pathname)) continue;
      // Most origins have one space, and nearness decides only among several.
      if (known.spaces.size === 1) return space.covers(pathname) ? space : undefined;
      const nearness = this.#nearness(known, space, pathname);
      // Spaces stand in the order of their challenges: of two that are as near, the one that challenged last is meant.
      if (nearness >= nearest) [best, nearest] = [space, nearness];
    }
    return best;
  }

  /** Forgets everything, or what is known of one origin. */
  forget(origin?: string): void {
    if (origin === undefined) this.release();
    else this.#drop(origin);
    this.stores.due.forget(origin);
  }

  /** Nobody will ask this memory any more; where proof is due is for others to know. */
  release(): void {
    for (const origin of [...this.#origins.keys()]) this.#drop(origin);
  }

  /** Grows with the prefix; a directory that the space was the last to challenge is nearer than one that it only covers. */
  #nearness({ seen }: Origin, space: Space, pathname: string): number {
    let nearness = -1;
    for (const prefix of space.prefixes) {
      if (covers(prefix, pathname)) nearness = Math.max(nearness, 2 * prefix.length);
    }
    if (nearness < 0) return nearness;
    for (const [prefix, challenger] of seen) {
      if (challenger === space && covers(prefix, pathname)) nearness = Math.max(nearness, 2 * prefix.length + 1);
    }
    return nearness;
  }

  /** Forgets the spaces that asked longest ago, where an origin has too much text, and then whole origins. */
  #weigh(origin: string): void {
    const known = this.#origins.get(origin);
    if (!known) return;
    const { spaces, seen } = known;
    let length = origin.length + seen.size * MAX_PATH;
    for (const space of spaces.values()) length += space.length;
    for (const [realm, space] of spaces) {
      if (length <= MAX_TEXT_OF_ORIGIN || spaces.size === 1) break;
      spaces.delete(realm);
      length -= space.length;
    }
    this.stores.budget.weigh(known, length);
  }

  #drop(origin: string): void {
    const known = this.#origins.get(origin);
    if (known) this.stores.budget.drop(known);
    this.#origins.delete(origin);
  }

  #origin(origin: string): Origin {
    const forget = () => this.#origins.delete(origin);
    const known = this.#origins.get(origin) ?? { spaces: new Map(), seen: new Map(), forget };
    this.#origins.delete(origin);
    this.#origins.set(origin, known);
    if (this.#origins.size > MAX_ORIGINS) this.#drop(this.#origins.keys().next().value as string);
    return known;
  }
}

function touch<V>(map: Map<string, V>, key: string, value: V, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > limit) map.delete(map.keys().next().value as string);
}
