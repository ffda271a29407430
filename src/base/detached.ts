/** Copies a part of a long text, so that the long text can be freed. */

const SHORT = 512;
// V8 copies a slice of fewer characters, and keeps a reference to the whole text for a longer slice.
const SLICED = 13;

/** `part` of `whole`, copied if `whole` is long: the engine keeps `whole` in memory as long as a slice of it exists. */
export function detached(part: string, whole: string): string {
  return whole.length <= SHORT || part.length < SLICED ? part : JSON.parse(JSON.stringify(part));
}
