/** Reads what an issuer says of itself (RFC 8414, OpenID Connect Discovery 1.0), and keeps it. */

import { SingleFlight } from '../../base/single-flight.js';
import { AuthError } from '../../errors.js';
import { phrase } from '../../syntax/visible.js';
import type { IssuerFetch } from './http.js';

/** The metadata of an authorization server; its `issuer` is the identifier that was asked for, byte for byte. */
export type IssuerMetadata = import('oauth4webapi').AuthorizationServer;

/** The metadata of each issuer, read once. A failure is not kept. */
export class MetadataReader {
  readonly #known = new Map<string, IssuerMetadata>();
  readonly #flights = new Map<string, SingleFlight<IssuerMetadata>>();

  constructor(private readonly fetch: IssuerFetch) {}

  /** @throws AuthError `ERR_AUTH_PROVIDER`, Abandoned */
  async read(issuer: string, signal?: AbortSignal): Promise<IssuerMetadata> {
    const known = this.#known.get(issuer);
    if (known) return known;
    const flight = this.#flights.get(issuer) ?? new SingleFlight<IssuerMetadata>();
    this.#flights.set(issuer, flight);
    const metadata = await flight.join((leaving) => readMetadata(issuer, this.fetch, leaving), signal);
    this.#known.set(issuer, metadata);
    return metadata;
  }
}

/**
 * The places of the metadata, in the order in which they are tried: RFC 8414 §3.1, §5; OpenID Connect Discovery 1.0 §4.1.
 */
export function metadataAddresses(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const places = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  return [...new Set(places)];
}

async function readMetadata(issuer: string, fetch: IssuerFetch, signal: AbortSignal): Promise<IssuerMetadata> {
  const tried: string[] = [];
  for (const url of metadataAddresses(issuer)) {
    const response = await fetch(url, { method: 'GET', headers: { accept: 'application/json' }, signal });
    const document = response.status === 200 ? await objectIn(response) : undefined;
    if (document) return checked(document, issuer);
    tried.push(response.status === 200 ? 'no JSON' : String(response.status));
  }
  throw trouble(issuer, `has no metadata (RFC 8414): its ${tried.length} addresses answer ${tried.join(', ')}`);
}

async function objectIn(response: Response): Promise<Record<string, unknown> | undefined> {
  try {
    const document: unknown = await response.json();
    return typeof document === 'object' && document !== null && !Array.isArray(document)
      ? (document as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 8414 §3.3: identical, or the document is one of another issuer. Nothing is normalized. */
function checked(document: Record<string, unknown>, issuer: string): IssuerMetadata {
  if (document.issuer !== issuer)
    throw trouble(
      issuer,
      'has metadata of another issuer (RFC 8414 §3.3): spell it as its metadata does, to the last slash',
    );
  return Object.freeze(Object.assign(Object.create(null), document));
}

function trouble(issuer: string, reason: string): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `oauth: the issuer ${phrase(issuer)} ${reason}`);
}
