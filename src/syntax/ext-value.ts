/** ext-value: a parameter value beyond ASCII, as `username*` carries it (RFC 8187 §3.2.1). */

// attr-char leaves these out, and encodeURIComponent leaves them in.
const NOT_ATTR_CHAR = /['()*]/g;

/** Writes `UTF-8''` and the percent-encoded UTF-8 bytes of `value`. */
export function formatExtValue(value: string): string {
  const encoded = encodeURIComponent(value).replace(
    NOT_ATTR_CHAR,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `UTF-8''${encoded}`;
}
