/** Reads the metadata of a protected resource (RFC 9728). */

import { covers } from '../../exchange/challenge/paths.js';
import type { Challenge } from '../../model.js';
import { parseUrl } from '../../syntax/url.js';
import { firstOf, type Metadata, type MetadataSource } from './source.js';
import { failed } from './trouble.js';

const STEP = 'resource metadata';

/** What a resource says of itself; a list of reasons if it says nothing. */
export async function resourceMetadata(
  source: MetadataSource,
  addressed: URL,
  challenge: Challenge | undefined,
): Promise<(Metadata & { readonly resource: string }) | readonly string[]> {
  // RFC 9728 §5.1. A realm is never an address (SEC-17).
  const found = await firstOf(source, STEP, placesOf(addressed, challenge?.params.resource_metadata));
  if (Array.isArray(found)) return found;
  const metadata = found as Metadata & { readonly resource: string };
  if (isOf(metadata.resource, addressed)) return metadata;
  throw failed(STEP, `it is that of another resource than ${addressed.origin}${addressed.pathname}`);
}

/**
 * RFC 9728 §3.1: the place that the challenge names; then that of the path; then that of the root. The query stays away.
 */
function placesOf({ origin, pathname }: URL, named: string | undefined): readonly string[] {
  const root = `${origin}/.well-known/oauth-protected-resource`;
  const ofPath = pathname === '/' ? root : `${root}${pathname}`;
  return [...new Set(named === undefined ? [ofPath, root] : [named, ofPath, root])];
}

/**
 * RFC 9728 §3.3 wants the very URL that was asked, but many servers name their root: it is enough that the resource
 * covers what was asked, in one origin.
 */
function isOf(resource: unknown, addressed: URL): boolean {
  const url = typeof resource === 'string' ? parseUrl(resource) : undefined;
  if (url?.origin !== addressed.origin || url.origin === 'null') return false;
  if (url.username !== '' || url.password !== '' || url.href.includes('#')) return false;
  if (url.search !== '') return url.href === addressed.href;
  return covers(url.pathname.replace(/\/$/, ''), addressed.pathname);
}
