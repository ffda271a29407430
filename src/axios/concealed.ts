/** Header fields, header blocks and URLs as they may be shown: with the name and the auth-scheme, and without the secret. */

import { withoutUserinfo } from './caller.js';

const HIDDEN = '[hidden]';
// As they are spelt by those who write them.
const NAMES = ['Authorization', 'Proxy-Authorization', 'authorization', 'proxy-authorization'];
const FIELD = 'uthorization: ';

/** A header block with what authorizes it hidden. No pattern: this is done for every send. */
export function concealedBlock(block: string): string {
  let shown = block;
  for (let at = shown.indexOf(FIELD); at >= 0; at = shown.indexOf(FIELD, at + 1)) {
    const [start, end] = [at + FIELD.length, shown.indexOf('\r\n', at)];
    shown = shown.slice(0, start) + concealed(shown.slice(start, end)) + shown.slice(end);
  }
  return shown;
}

/** Hides values of fields, whether in fetch's Headers or in a record. */
export function concealFields(fields: unknown): void {
  if (typeof fields !== 'object' || fields === null) return;
  const record = fields as Record<string, unknown>;
  // As this package spells it, which is the case to be quick in.
  if (typeof record.Authorization === 'string') record.Authorization = concealed(record.Authorization);
  else if ('append' in fields) concealHeaders(fields as Headers);
  else for (const name of NAMES) concealField(record, name);
  if (typeof record['Proxy-Authorization'] === 'string') concealField(record, 'Proxy-Authorization');
}

/** Takes the userinfo out of a URL that an object holds. */
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

/** The auth-scheme, and that there was more. */
export function concealed(value: string): string {
  const space = value.indexOf(' ');
  return space > 0 ? `${value.slice(0, space)} ${HIDDEN}` : HIDDEN;
}
