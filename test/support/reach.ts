/** Everything that can be reached from an object, and where in it a secret lies. */

/** Where to look, by a name for the report. */
export type Roots = Readonly<Record<string, unknown>>;

interface Place {
  readonly value: unknown;
  readonly path: string;
}

// Leads to every module and to this very test.
const EVERYTHING = new Set<unknown>([globalThis, process]);

/**
 * The paths at which one of `secrets` is found: own properties of every kind (symbols and hidden ones too, getters not
 * called, prototypes left out), the entries of maps and sets, and bytes. Also says how much was looked at.
 */
export function search(roots: Roots, secrets: readonly string[]): { readonly found: string[]; readonly seen: number } {
  const seen = new Set<unknown>(EVERYTHING);
  const found: string[] = [];
  const queue: Place[] = Object.entries(roots).map(([path, value]) => ({ value, path }));
  const holds = (text: string) => secrets.some((secret) => text.includes(secret));
  for (let place = queue.shift(); place; place = queue.shift()) {
    const { value, path } = place;
    if (texts(value).some(holds)) found.push(path);
    if (!isObject(value) || seen.has(value)) continue;
    seen.add(value);
    queue.push(...within(value, path));
  }
  return { found, seen: seen.size - EVERYTHING.size };
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** A value as text: bytes in both of the ways that a secret may be written in them. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'symbol') return [value.description ?? ''];
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return texts(Buffer.from(value));
  if (!ArrayBuffer.isView(value)) return [];
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return [bytes.toString('latin1'), bytes.toString('utf8')];
}

function within(value: object, path: string): Place[] {
  const places: Place[] = [];
  // The bytes were looked at as a whole; each has a property of its own.
  const keys = ArrayBuffer.isView(value) ? [] : Reflect.ownKeys(value);
  for (const key of keys) {
    const own = Object.getOwnPropertyDescriptor(value, key);
    places.push({ value: key, path: `${path} > (the name of a property)` });
    if (own && 'value' in own) places.push({ value: own.value, path: `${path}.${String(key)}` });
  }
  if (value instanceof Map) {
    for (const [key, entry] of value) {
      places.push({ value: key, path: `${path}.<key>` }, { value: entry, path: `${path}.get(${String(key)})` });
    }
  }
  if (value instanceof Set) for (const entry of value) places.push({ value: entry, path: `${path}.<entry>` });
  return places;
}
