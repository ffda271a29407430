/** Reads `-H 'Name: value'`. */

import { EXIT, Stop } from '../io/exit.js';

// RFC 9110 §5.1: the name is a token. §5.5: HTAB is the only control character. Node rejects characters beyond Latin-1.
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;

/** The fields by name; a repeated field becomes a list. @throws Stop, which never repeats a value: it may be a token */
export function headersOf(lines: readonly string[]): Record<string, string | string[]> {
  const fields = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [index, line] of lines.entries()) {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new Stop(EXIT.usage, `header ${index + 1} is not of the form 'Name: value'`);
    }
    const field = fields.get(name.toLowerCase()) ?? { name, values: [] };
    field.values.push(value.trim());
    fields.set(name.toLowerCase(), field);
  }
  return Object.fromEntries(
    [...fields.values()].map(({ name, values: [one = '', ...more] }) => [
      name,
      more.length === 0 ? one : [one, ...more],
    ]),
  );
}
