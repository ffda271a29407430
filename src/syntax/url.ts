/** Parses text as a URL (WHATWG URL), and decodes its parts. */

/**
 * `undefined` if the text is not a URL. `URL.canParse` cannot be used: once warm, it refuses hosts like
 * `bücher.example` on Node 20 and 22 (fixed in nodejs/node#58023).
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** Decodes percent-encoding once; a text that is not valid percent-encoding stays unchanged, as in axios. */
export function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
