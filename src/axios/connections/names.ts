/** Names what a connection belongs to, so that nothing of another name gets it; no name shows a secret (SEC-34). */

import { statSync } from 'node:fs';
import type http from 'node:http';
import type { InternalAxiosRequestConfig } from 'axios';
import { partsOf } from '../../exchange/memory/refusals.js';
import type { Bond } from '../../exchange/port/pinning.js';
import { fingerprint } from '../parties/fingerprint.js';
import { agentOptions } from './node-agent.js';

/** The name of a bond. */
export function bondName({ origin, isProxy, realm, scheme, credential }: Bond): string {
  return JSON.stringify([
    origin,
    isProxy,
    realm,
    scheme.name,
    identity(scheme),
    fingerprint(JSON.stringify(partsOf(credential))),
  ]);
}

/**
 * Whose ticket a connection is opened with, as far as that can be seen: which cache, and its last change. Of a cache that is
 * no file only the name is seen.
 */
export function ticketName(bonds: readonly Bond[]): string {
  if (!bonds.some(({ scheme }) => scheme.credential === 'ambient')) return '';
  const { KRB5CCNAME: cache = `/tmp/krb5cc_${process.getuid?.()}` } = process.env;
  try {
    const { ino, mtimeNs } = statSync(cache.replace(/^FILE:/, ''), { bigint: true });
    return `${cache} ${ino} ${mtimeNs}`;
  } catch {
    return cache;
  }
}

/** Options of an agent that say how many connections it opens, and not how. */
const COUNTING = new Set(['keepAlive', 'maxSockets', 'maxFreeSockets', 'maxTotalSockets', 'scheduling', 'timeout']);

/** The name of the way in which connections are opened: by which options, TLS's included, and to which server. */
export function wayName(agent: http.Agent, config: InternalAxiosRequestConfig, ...places: readonly unknown[]): string {
  const options = Object.entries(agentOptions(agent)).filter(([name]) => !COUNTING.has(name));
  const { lookup, family } = config as { readonly lookup?: unknown; readonly family?: unknown };
  const opener = Object.hasOwn(agent, 'createConnection') ? agent : undefined;
  const parts = [options.sort(([one], [other]) => (one < other ? -1 : 1)), lookup, family, opener, ...places];
  return fingerprint(JSON.stringify(described(parts)));
}

/** Values by what they are, and objects with a life of their own by which they are. */
function described(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(described);
  if (ArrayBuffer.isView(value)) {
    return ['bytes', Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')];
  }
  if ((typeof value === 'object' && value !== null) || typeof value === 'function') return ['object', identity(value)];
  return [typeof value, String(value)];
}

const identities = new WeakMap<object, number>();
let count = 0;

/** A number for an object, and for no other one. */
function identity(object: object): number {
  const known = identities.get(object);
  if (known !== undefined) return known;
  count += 1;
  identities.set(object, count);
  return count;
}
