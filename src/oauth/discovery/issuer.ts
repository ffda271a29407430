/** Chooses the issuer of a resource, and reads its metadata. */

import { quoted } from '../../syntax/visible.js';
import { metadataAddresses } from '../protocol/metadata.js';
import type { Guard } from './guard.js';
import { firstOf, type Metadata, type MetadataSource } from './source.js';
import { failed } from './trouble.js';

const CHOICE = 'choice of issuer';
const STEP = 'issuer metadata';
const MAX_NAMED = 5;

/** What the caller knows of issuers. */
export interface IssuerChoice {
  /** The only issuer that the caller wants. */
  readonly issuer: string | undefined;
  /** The issuers at which the caller has a client. */
  readonly known?: readonly string[];
}

/** The caller's issuer if the resource names it; else the only one named at which the caller has a client; else the only one. */
export function chosenIssuer({ issuer, known = [] }: IssuerChoice, { authorization_servers }: Metadata, guard: Guard) {
  const named: readonly unknown[] = Array.isArray(authorization_servers) ? authorization_servers : [];
  if (named.length === 0) throw failed(CHOICE, 'the resource names no authorization server');
  if (issuer !== undefined) return preset(issuer, named, guard);
  const registered = named.filter((one) => known.includes(one as string));
  const [only, ...more] = new Set(registered.length > 0 ? registered : named);
  if (more.length === 0) return only;
  throw failed(CHOICE, `the resource names several: ${list([only, ...more], guard)} (set issuer to one of them)`);
}

function preset(issuer: string, named: readonly unknown[], guard: Guard): string {
  if (named.includes(issuer)) return issuer;
  throw failed(
    CHOICE,
    `the resource does not name ${quoted(issuer)}, which issuer is set to, but ${list(named, guard)}`,
  );
}

/** Shows what could be an issuer, and nothing else that a body may hold. */
function list(named: readonly unknown[], guard: Guard): string {
  const shown = named.slice(0, MAX_NAMED).map((one) => (isUsable(one, guard) ? quoted(one) : 'something else'));
  return `${shown.join(', ')}${named.length > MAX_NAMED ? ' ...' : ''}`;
}

function isUsable(one: unknown, guard: Guard): one is string {
  try {
    return guard.read(one, CHOICE).search === '';
  } catch {
    return false;
  }
}

// What is asked, or opened for a person.
const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'device_authorization_endpoint', 'revocation_endpoint'];

/** The metadata of an issuer (RFC 8414 §3), which says that it is that issuer's. */
export async function issuerMetadata(source: MetadataSource, issuer: unknown): Promise<Metadata> {
  const url = source.guard.read(issuer, STEP);
  // RFC 8414 §2: no query and no fragment.
  if (url.search !== '') throw failed(STEP, 'the issuer has a query');
  const found = await firstOf(source, STEP, metadataAddresses(url.href));
  if (Array.isArray(found)) throw failed(STEP, found.join('; '));
  const metadata = found as Metadata;
  // RFC 8414 §3.3: identical, so that no issuer passes for another one.
  if (metadata.issuer !== issuer) throw failed(STEP, `it is that of another issuer than ${quoted(String(issuer))}`);
  for (const name of ENDPOINTS) if (metadata[name] !== undefined) source.guard.read(metadata[name], STEP);
  return metadata;
}
