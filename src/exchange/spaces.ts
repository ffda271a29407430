/** All protection spaces that are remembered, by origin, and bounded (SEC-35). */

import type { Challenge } from '../model.js';
import type { Choice } from './select.js';
import { covers, Space } from './space.js';

const MAX_ORIGINS = 1000;
const MAX_SPACES_OF_ORIGIN = 64;

/** What is known of one origin. The newest use of either map comes last. */
interface Origin {
  readonly spaces: Map<string, Space>;
  /** Which space last challenged a directory: where two spaces cover a path, the one seen there is meant. */
  readonly seen: Map<string, Space>;
  /** The strongest challenge for a password that a path has offered, whatever the realm was called. */
  readonly offers: Map<string, Strength>;
}

/** How strong a challenge is, and what it is called. */
type Strength = Pick<Choice, 'label' | 'strength'>;

/** The memory of a client: protection spaces, the least recently used forgotten first. */
export class Spaces {
  readonly #origins = new Map<string, Origin>();

  /** How many origins are remembered. */
  get size(): number {
    return this.#origins.size;
  }

  /** The space of a challenge, new or known. */
  of(origin: string, challenge: Challenge): Space {
    const realm = challenge.params.realm ?? '';
    const { spaces } = this.#origin(origin);
    const space = spaces.get(realm) ?? new Space(origin, realm);
    touch(spaces, realm, space, MAX_SPACES_OF_ORIGIN);
    return space;
  }

  /** Notes that the space challenged a path, and gives the strongest that either has offered for a password. */
  challenged(space: Space, pathname: string, { scheme, label, strength }: Choice): Strength | undefined {
    const { seen, offers } = this.#origin(space.origin);
    touch(seen, directory(pathname), space, MAX_SPACES_OF_ORIGIN);
    if (scheme.credential !== 'password') return undefined;
    const strongest = stronger(stronger(offers.get(pathname), space.strongest), { label, strength });
    touch(offers, pathname, strongest, MAX_SPACES_OF_ORIGIN);
    space.strongest = stronger(space.strongest, { label, strength });
    return strongest;
  }

  /** The space that covers a path and has a credential that the server accepted: the longest prefix first. */
  covering(origin: string, pathname: string): Space | undefined {
    const known = this.#origins.get(origin);
    if (!known) return undefined;
    let best: Space | undefined;
    let bestLength = -1;
    for (const space of known.spaces.values()) {
      if (!space.session?.admitted) continue;
      const length = this.#nearness(known, space, pathname);
      if (length > bestLength) [best, bestLength] = [space, length];
    }
    return best;
  }

  /** Forgets everything, or what is known of one origin. */
  forget(origin?: string): void {
    if (origin === undefined) this.#origins.clear();
    else this.#origins.delete(origin);
  }

  #nearness({ seen }: Origin, space: Space, pathname: string): number {
    let length = -1;
    for (const prefix of space.prefixes) {
      if (covers(prefix, pathname)) length = Math.max(length, prefix.length);
    }
    if (length < 0) return length;
    for (const [prefix, challenger] of seen) {
      if (challenger === space && covers(prefix, pathname)) length = Math.max(length, prefix.length);
    }
    return length;
  }

  #origin(origin: string): Origin {
    const known = this.#origins.get(origin) ?? { spaces: new Map(), seen: new Map(), offers: new Map() };
    touch(this.#origins, origin, known, MAX_ORIGINS);
    return known;
  }
}

function stronger<A extends Strength | undefined>(one: A, other: Strength): Strength;
function stronger(one: Strength | undefined, other: Strength | undefined): Strength | undefined;
function stronger(one: Strength | undefined, other: Strength | undefined): Strength | undefined {
  return one && (!other || one.strength >= other.strength) ? one : other;
}

function touch<V>(map: Map<string, V>, key: string, value: V, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > limit) map.delete(map.keys().next().value as string);
}

function directory(pathname: string): string {
  return pathname.slice(0, pathname.lastIndexOf('/') + 1);
}
