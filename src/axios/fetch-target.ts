/** The request-target that Node's fetch makes of a URL. */

/** Path and query; the "?" of an empty query as well, where fetch sends it. */
export function fetchTarget({ pathname, search, href, hash }: URL): string {
  const hasEmptyQuery = search === '' && href.slice(0, href.length - hash.length).endsWith('?');
  return hasEmptyQuery && KEEPS_EMPTY_QUERY ? `${pathname}?` : pathname + search;
}

// undici 7.23, which Node 24 came to have on its way, sends the "?" that earlier ones left out (nodejs/undici#4836).
const KEEPS_EMPTY_QUERY = isFrom(process.versions.undici ?? '', 7, 23);

function isFrom(version: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a > major || (a === major && b >= minor);
}
