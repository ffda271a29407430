/** Writes field values as the bytes they have on the wire. */

/** The UTF-8 bytes of the text, one Latin-1 character each: Node writes and hashes header text that way. */
export function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** A quoted-string (RFC 9110 §5.6.4) of bytes that are already one Latin-1 character each. */
export function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** `Scheme name=value, name=value`, without the undefined parameters. */
export function formatChallenge(scheme: string, params: Readonly<Record<string, string | undefined>>): string {
  return `${scheme} ${formatParams(params)}`;
}

/** `name=value, name=value`, without the undefined parameters. */
export function formatParams(params: Readonly<Record<string, string | undefined>>): string {
  const present = Object.entries(params).filter(([, value]) => value !== undefined);
  return present.map(([name, value]) => `${name}=${value}`).join(', ');
}
