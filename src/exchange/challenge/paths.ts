/** Paths as protection spaces see them: by directory, and by prefix (RFC 7617 §2.2, RFC 7616 §3.3). */

const MAX_PREFIXES = 64;
// Characters of all prefixes of a space.
const MAX_PREFIX_TEXT = 16_384;
const MAX_PLACES = 64;

/** Whether a path lies under a prefix, at a segment border: `/docs` covers `/docs/a`, not `/docs2`. */
export function covers(prefix: string, pathname: string): boolean {
  if (pathname === prefix) return true;
  return pathname.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

/** Paths, each with its directory. */
export class Places {
  readonly #all = new Set<string>();

  add(pathname: string): void {
    for (const place of placesOf(pathname)) this.#all.add(place);
    while (this.#all.size > MAX_PLACES) this.#all.delete(this.#all.values().next().value as string);
  }

  /** The path of `url` is none of them, nor is its directory. */
  delete(url: string): void {
    if (this.#all.size > 0) for (const place of placesOf(new URL(url).pathname)) this.#all.delete(place);
  }

  has(pathname: string): boolean {
    return this.#all.size > 0 && placesOf(pathname).some((place) => this.#all.has(place));
  }
}

function placesOf(pathname: string): readonly [string, string] {
  return [pathname, directoryOf(pathname)];
}

export function directoryOf(pathname: string): string {
  return pathname.slice(0, pathname.lastIndexOf('/') + 1);
}

/** The prefixes of both, without those that another one covers. Basic learns a directory at a time (RFC 7617 §2.2). */
export function merge(known: readonly string[], told: readonly string[]): readonly string[] {
  const all = [...new Set([...known, ...told])];
  const outer = all.filter((one) => !all.some((other) => other !== one && covers(other, one)));
  const newest = outer.slice(-MAX_PREFIXES);
  let length = newest.reduce((sum, prefix) => sum + prefix.length, 0);
  while (length > MAX_PREFIX_TEXT) length -= (newest.shift() as string).length;
  return newest;
}
