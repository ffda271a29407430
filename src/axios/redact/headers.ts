/** Redacts header fields, header blocks and URLs: the field name and auth-scheme stay, the secret is hidden. */

import { withoutUserinfo } from '../address/explicit-auth.js';

const HIDDEN = '[hidden]';
// The spellings in which these fields are written.
const NAMES = ['Authorization', 'Proxy-Authorization', 'authorization', 'proxy-authorization'];
const FIELD = 'uthorization: ';

/** A header block with its authorizations hidden. Uses no regular expression, because it runs for every send. */
export function concealedBlock(block: string): string {
  const at = block.indexOf(FIELD);
  if (at < 0) return block;
  const start = at + FIELD.length;
  const end = block.indexOf('\r\n', start);
  return block.slice(0, start) + concealed(block.slice(start, end)) + concealedBlock(block.slice(end));
}

/** Hides the authorizations in header fields, given as fetch's Headers or as a record. */
export function concealFields(fields: unknown): void {
  if (typeof fields !== 'object' || fields === null) return;
  const record = fields as Record<string, unknown>;
  // The fast path, for the spelling that this package writes.
  if (typeof record.Authorization === 'string') record.Authorization = concealed(record.Authorization);
  else if ('append' in fields) concealHeaders(fields as Headers);
  else for (const name of NAMES) concealField(record, name);
  if (typeof record['Proxy-Authorization'] === 'string') concealField(record, 'Proxy-Authorization');
}

/** Removes the userinfo from a URL that an object holds. */
export function concealUrl<Name extends string>(holder: { [Key in Name]?: unknown }, name: Name): void {
  const url = holder[name];
  if (typeof url === 'string' && url.includes('@')) holder[name] = withoutUserinfo(url);
}

function concealHeaders(headers: Headers): void {
  for (const name of NAMES) {
    const value = headers.get(name);
    if (value !== null) headers.set(name, concealed(value));
  }
}

function concealField(fields: Record<string, unknown>, name: string): void {
  const value = fields[name];
  if (typeof value === 'string') fields[name] = concealed(value);
  else if (Array.isArray(value)) fields[name] = value.map((one) => concealed(String(one)));
}

/** A field value with everything but its auth-scheme hidden. */
export function concealed(value: string): string {
  const space = value.indexOf(' ');
  return space > 0 ? `${value.slice(0, space)} ${HIDDEN}` : HIDDEN;
}
