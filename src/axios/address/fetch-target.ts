/** The request-target that Node's fetch makes of a URL. */

/** Path and query; includes the "?" of an empty query if this version of fetch sends it. */
export function fetchTarget({ pathname, search, href, hash }: URL): string {
  const hasEmptyQuery = search === '' && href.slice(0, href.length - hash.length).endsWith('?');
  return hasEmptyQuery && KEEPS_EMPTY_QUERY ? `${pathname}?` : pathname + search;
}

// undici sends the "?" of an empty query from 7.23 on (nodejs/undici#4836). Later releases of Node 24 include 7.23.
const KEEPS_EMPTY_QUERY = isFrom(process.versions.undici ?? '', 7, 23);

function isFrom(version: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a > major || (a === major && b >= minor);
}
