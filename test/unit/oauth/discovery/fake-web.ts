/** A web of a few documents for discoveries that are not to touch a network. */

import { type DiscoveryQuestion, discover, type FetchJson } from '../../../../src/oauth/discovery/discover.js';
import type { Resolve } from '../../../../src/oauth/discovery/guard.js';
import { parseChallenges } from '../../../../src/protocol.js';

export const RESOURCE = 'https://api.example/mcp';
export const ISSUER = 'https://id.example';
export const RESOURCE_PLACE = 'https://api.example/.well-known/oauth-protected-resource/mcp';
export const ISSUER_PLACE = 'https://id.example/.well-known/oauth-authorization-server';

/** What is at an address: a document, or a response of another kind. */
export type Page = object | { readonly raw: Partial<Awaited<ReturnType<FetchJson>>> };

/** A resource and its issuer, as both should be. */
export const GOOD: Readonly<Record<string, Page>> = {
  [RESOURCE_PLACE]: { resource: RESOURCE, authorization_servers: [ISSUER], scopes_supported: ['files:read', 'x'] },
  [ISSUER_PLACE]: { issuer: ISSUER, token_endpoint: `${ISSUER}/token` },
};

/** A web of these pages, and what was asked of it. */
export function web(pages: Readonly<Record<string, Page>>) {
  const asked: string[] = [];
  const fetchJson: FetchJson = async (url) => {
    asked.push(url);
    const page = pages[url];
    const type = { status: 200, contentType: 'application/json; charset=utf-8' };
    if (page === undefined) return { status: 404, contentType: 'text/html', body: Buffer.from('no') };
    if ('raw' in page) return { ...type, body: Buffer.from('{}'), ...(page.raw as object) };
    return { ...type, body: Buffer.from(JSON.stringify(page)) };
  };
  return { fetchJson, asked };
}

/** Names end as their network says: `x.private`, `x.local-link`; all others are public, `x.nowhere` is unknown. */
export const resolve: Resolve = async (hostname) => {
  const [, kind = ''] = /\.(private|link|loop|both|nowhere)$/.exec(hostname) ?? [];
  if (kind === 'nowhere') throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
  const [...addresses] = {
    private: ['10.0.0.7'],
    link: ['169.254.169.254'],
    loop: ['127.0.0.1', '::1'],
    both: ['10.0.0.7', '203.0.113.7'],
  }[kind] ?? ['203.0.113.7'];
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};

/** Discovers in a web of these pages, from this field value of `WWW-Authenticate`. */
export async function discoverIn(
  pages: Readonly<Record<string, Page>>,
  question: Partial<DiscoveryQuestion> & { readonly field?: string } = {},
) {
  const { fetchJson, asked } = web(pages);
  const { field, ...rest } = question;
  const challenge = parseChallenges(field ?? '').find(({ scheme }) => scheme === 'bearer');
  const full = { url: RESOURCE, challenge, issuer: undefined, ...rest };
  const found = await discover(full, fetchJson, undefined, resolve).catch((error: Error) => error);
  return { found, asked, message: found instanceof Error ? found.message : undefined };
}
