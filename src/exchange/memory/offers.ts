/** How strong the challenges were that a password was asked for with, and answered: apart from all credentials (SEC-39). */

import { detached } from '../../base/detached.js';
import type { Strength } from '../challenge/select.js';

/** Where a challenge stands. */
export interface ChallengedAt {
  readonly origin: string;
  readonly realm: string;
  readonly pathname: string;
}

/** The strongest challenge that an account has answered at an origin: one object for every session of that account. */
export interface Use {
  strongest: Strength | undefined;
}

const MAX_ORIGINS = 1000;
const MAX_OF_ORIGIN = 64;
const MAX_USES = 10_000;
// Names that begin alike for longer than this are one: then the strongest of them counts for all.
const MAX_NAME = 200;

/** The memory of what was offered. `forget()` leaves it: whoever takes a challenge away would only have to wait for it. */
export class Offers {
  readonly #offered = new Strongest();
  /** A memory of its own: what nobody answered, redirects and other origins bring in any number, and it pushes nothing out. */
  readonly #answered = new Strongest();
  /** Where what the operating system holds has let a request in. */
  readonly #ambient = new Strongest();
  /** By origin and account. */
  readonly #uses = new Map<string, Use>();

  /** Notes a challenge, and gives the strongest that its realm or its path has offered so far. */
  offered(place: ChallengedAt, offer: Strength): Strength {
    return stronger(this.#offered.note(place, offer), this.#answered.of(place));
  }

  /** Notes that an account answers a challenge. */
  answered(place: ChallengedAt, { label, strength }: Strength, use: Use): void {
    const offer = { label, strength };
    use.strongest = stronger(offer, use.strongest);
    this.#answered.note(place, offer);
  }

  /** Notes that what the operating system holds has answered a challenge, and was let in. */
  ambient(place: ChallengedAt, offer: Strength): void {
    this.#ambient.note(place, offer);
  }

  /** The challenge of the operating system's credential that let a request in here. */
  ambientAt(place: ChallengedAt): Strength | undefined {
    return this.#ambient.of(place);
  }

  /** What an account was used with at an origin. */
  use(origin: string, username: string): Use {
    const key = useKey(origin, username);
    const use = this.#uses.get(key) ?? { strongest: undefined };
    touch(this.#uses, key, use, MAX_USES);
    return use;
  }

  /** The strongest challenge that an account has answered at an origin. */
  strongestOf(origin: string, username: string): Strength | undefined {
    return this.#uses.get(useKey(origin, username))?.strongest;
  }

  /** For tests, where another server may get the port of one that is gone. */
  clear(): void {
    for (const memory of [this.#offered, this.#answered, this.#ambient, this.#uses]) memory.clear();
  }
}

/** The strongest challenge by realm and by path, for each origin; the least recently noted forgotten first. */
class Strongest {
  readonly #origins = new Map<string, { readonly realms: Known; readonly paths: Known }>();

  of({ origin, realm, pathname }: ChallengedAt): Strength | undefined {
    const known = this.#origins.get(origin);
    if (!known) return undefined;
    const [ofRealm, ofPath] = [known.realms.get(keyOf(realm)), known.paths.get(keyOf(pathname))];
    return ofRealm ? stronger(ofRealm, ofPath) : ofPath;
  }

  note(place: ChallengedAt, { label, strength }: Strength): Strength {
    const { origin, realm, pathname } = place;
    const offer = { label, strength };
    const strongest = stronger(offer, this.of(place));
    const { realms, paths } = this.#origins.get(origin) ?? { realms: new Map(), paths: new Map() };
    touch(this.#origins, origin, { realms, paths }, MAX_ORIGINS);
    touch(realms, keyOf(realm), stronger(offer, realms.get(keyOf(realm))), MAX_OF_ORIGIN);
    touch(paths, keyOf(pathname), strongest, MAX_OF_ORIGIN);
    return strongest;
  }

  clear(): void {
    this.#origins.clear();
  }
}

type Known = Map<string, Strength>;

function stronger(one: Strength, other: Strength | undefined): Strength {
  return other && other.strength > one.strength ? other : one;
}

function keyOf(name: string): string {
  return detached(name.slice(0, MAX_NAME), name);
}

/** A name in another normal form is the same account (RFC 7613 §3.3). */
function useKey(origin: string, username: string): string {
  return `${origin}\0${username.normalize('NFC')}`;
}

function touch<V>(map: Map<string, V>, key: string, value: V, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > limit) map.delete(map.keys().next().value as string);
}
