/** A URL out of text (WHATWG URL), or nothing. */

/** `URL.canParse` is no help: warm, it refuses hosts like `bücher.example` on Node 20 and 22 (mended in nodejs/node#58023). */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
