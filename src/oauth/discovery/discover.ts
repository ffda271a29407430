/** Finds the issuer that gives tokens for a resource, from the resource's own challenge (RFC 9728, RFC 8414). */

import type { Challenge } from '../../model.js';
import { parseUrl } from '../../syntax/url.js';
import { type Guard, guardOf, type Resolve, resolveHost } from './guard.js';
import { chosenIssuer, type IssuerChoice, issuerMetadata } from './issuer.js';
import { resourceMetadata } from './resource.js';
import { scopeOf, scopeOfList } from './scopes.js';
import { type FetchJson, limited, type Metadata } from './source.js';
import { failed } from './trouble.js';

export type { FetchJson } from './source.js';

/** What a discovery asks. */
export interface DiscoveryQuestion extends IssuerChoice {
  /** The URL of the resource, as it was addressed. Its query goes nowhere. */
  readonly url: string;
  /** The challenge of the resource, if there was one. */
  readonly challenge: Challenge | undefined;
  /**
   * The address of the other end of the connection that the challenge came on, where it is known and not a proxy's.
   * Without it the host is resolved anew, and may by then have other addresses.
   */
  readonly address?: string;
}

/** Where tokens for a resource come from. */
export interface Discovered {
  /** The issuer identifier of the authorization server. */
  readonly issuer: string;
  /** The metadata of the issuer (RFC 8414), without a prototype. */
  readonly metadata: Record<string, unknown>;
  /** The resource that tokens are for, as the resource names itself (RFC 8707); its origin, if it says nothing. */
  readonly resource: string;
  /** The scope of the challenge; else all that the resource knows; `undefined` if it names none. */
  readonly scope: string | undefined;
  /** Which addresses may be asked on behalf of the resource. */
  readonly guard: Guard;
}

/**
 * Asks a resource for its issuer, and the issuer for its metadata, in at most six fetches of ten seconds and 64 KiB.
 * Nothing is sent but these GETs, and nothing to a network that is more private than that of the resource.
 *
 * @param asked - the URL that was addressed, its challenge, and the issuers that the caller knows
 * @param fetchJson - sends one GET
 * @param signal - ends the discovery
 * @param resolve - finds the addresses of a host; by default `dns.lookup`
 * @throws AuthError ERR_AUTH_PROVIDER, which names the step that failed
 * @see RFC 9728 §3, §5; RFC 8414 §3
 * @example
 * const { issuer, metadata, resource, scope } = await discover(
 *   { url: 'https://api.example/mcp', challenge: parseChallenges(field)[0], issuer: undefined },
 *   fetchJsonOf(axios.create()),
 * );
 */
export async function discover(
  asked: DiscoveryQuestion,
  fetchJson: FetchJson,
  signal?: AbortSignal,
  resolve: Resolve = resolveHost,
): Promise<Discovered> {
  // An address on Object.prototype would say that the resource is near (SEC-28).
  const question: DiscoveryQuestion = Object.assign(Object.create(null), asked);
  const { challenge } = question;
  const addressed = addressedUrl(question.url);
  const guard = await limited('the resource', addressed, signal, () => guardOf(addressed, resolve, question.address));
  const source = { fetchJson, guard, signal };
  const about = described(await resourceMetadata(source, addressed, challenge), question, addressed);
  const issuer = chosenIssuer(question, about, guard);
  const metadata = await issuerMetadata(source, issuer);
  const scope = scopeOf(challenge) ?? scopeOfList(about.scopes_supported);
  return Object.freeze({ issuer: issuer as string, metadata, resource: about.resource, scope, guard });
}

function addressedUrl(text: string): URL {
  const url = parseUrl(text);
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw failed('the resource', 'it is not an http or https URL');
}

type Description = Metadata & { readonly resource: string };

/** A resource that says nothing is of the issuer that the caller has set, and tokens for it are for its origin. */
function described(found: Description | readonly string[], { issuer }: IssuerChoice, { origin }: URL): Description {
  if (!Array.isArray(found)) return found as Description;
  if (issuer !== undefined)
    return Object.assign(Object.create(null), { authorization_servers: [issuer], resource: origin });
  throw failed('resource metadata', `${found.join('; ')} (set issuer, if you know it)`);
}
