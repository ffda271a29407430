/** Fetches metadata, within limits of time and size (SEC-67). */

import { follow, withinTime } from '../../base/abort.js';
import { isOurs, kindOf } from '../../syntax/said.js';
import type { Guard } from './guard.js';
import { type DiscoveryStep, failed, shownUrl } from './trouble.js';

/** A response, as much of it as counts. */
export interface JsonResponse {
  readonly status: number;
  /** The field value of `Content-Type`. */
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
}

/**
 * Sends one GET, without a credential, and follows no redirect. Resolves with every status. `lookup` is used for the
 * connection in place of `dns.lookup`.
 */
export type FetchJson = (
  url: string,
  init: { readonly signal?: AbortSignal; readonly lookup?: unknown },
) => Promise<JsonResponse>;

/** A JSON object from elsewhere, without a prototype (SEC-28). */
export type Metadata = Record<string, unknown>;

/** How many bytes of metadata are read. */
export const MAX_METADATA = 65_536;

/** How long each fetch may take, the name of the host included, in milliseconds. */
export const METADATA_TIME = 10_000;

/** Where the metadata of one discovery comes from. */
export interface MetadataSource {
  readonly fetchJson: FetchJson;
  readonly guard: Guard;
  readonly signal: AbortSignal | undefined;
}

/** The first of some addresses that has metadata; else why each has none. An address that must not be asked throws. */
export async function firstOf(
  source: MetadataSource,
  step: DiscoveryStep,
  addresses: readonly string[],
): Promise<Metadata | readonly string[]> {
  const reasons: string[] = [];
  for (const address of addresses) {
    const url = source.guard.read(address, step);
    const found = metadataIn(await get(source, step, url));
    if (typeof found !== 'string') return found;
    reasons.push(`${shownUrl(url)} ${found}`);
  }
  return reasons;
}

async function get({ fetchJson, guard, signal }: MetadataSource, step: DiscoveryStep, url: URL): Promise<JsonResponse> {
  try {
    return await limited(step, url, signal, async (signal) => {
      await guard.check(url, step);
      return fetchJson(url.href, { signal, lookup: guard.lookupFor(url, step) });
    });
  } catch (error) {
    throw (
      ownError(error) ?? failed(step, `${shownUrl(url)} cannot be fetched (${kindOf(error) ?? 'no error says why'})`)
    );
  }
}

/** The error of a guard, which an HTTP client has wrapped. No other cause is kept: it has the options of the client. */
function ownError(error: unknown): Error | undefined {
  if (isOurs(error)) return error;
  const cause = (error as { readonly cause?: unknown } | undefined)?.cause;
  return isOurs(cause) ? cause : undefined;
}

/** Ends `work` with the caller's signal or when the time is up, and its request with it. */
export async function limited<T>(
  step: DiscoveryStep,
  url: URL,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const followed = follow(signal);
  const late = () => failed(step, `${shownUrl(url)} took more than ${METADATA_TIME / 1000} seconds`);
  const left = () => failed(step, 'it was given up');
  try {
    if (signal?.aborted) throw left();
    return await withinTime(work(followed.signal), { milliseconds: METADATA_TIME, signal, late, left });
  } finally {
    followed.abort();
    followed.release();
  }
}

/** The metadata of a response, or why it has none. */
function metadataIn({ status, contentType, body }: JsonResponse): Metadata | string {
  if (status !== 200) return `answered ${status}`;
  if (!/^application\/json[\t ]*(;|$)/i.test(contentType ?? '')) return 'is not JSON';
  if (body.length > MAX_METADATA) return `is longer than ${MAX_METADATA / 1024} KiB`;
  return parsed(body) ?? 'is not a JSON object';
}

function parsed(body: Uint8Array): Metadata | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.assign(Object.create(null), value);
  } catch {
    return undefined;
  }
}
