/** One renewal under the lock: what is sent is read there, and only what was sent is replaced or deleted (SEC-64). */

import type { KeptTokens } from './kept.js';
import { isFresh, type StoredToken, tokenWith } from './stored-token.js';

/**
 * Asks the issuer for a new token; `'gone'`: it does not know the refresh token (`invalid_grant`, RFC 6749 §5.2). It has
 * a time limit of its own: others wait for it.
 */
export type Grant = (stored: StoredToken) => Promise<StoredToken | 'gone'>;

export interface Renewal {
  readonly key: string;
  readonly kept: KeptTokens;
  /** The token that is not good enough. */
  readonly held: StoredToken;
  readonly grant: Grant;
  now(): number;
  note(reason: string): void;
}

/** The token of somebody who has renewed it meanwhile. */
export async function renewedByOthers({ key, kept, held, now }: Renewal): Promise<StoredToken | undefined> {
  const stored = await kept.read(key);
  return stored && isOther(stored, held) && isFresh(stored, now()) ? stored : undefined;
}

export async function renewUnderLock(
  renewal: Renewal,
  isOurs: () => Promise<boolean>,
): Promise<StoredToken | undefined> {
  const { key, kept, held, grant, now } = renewal;
  const stored = await kept.read(key);
  if (!stored || (isOther(stored, held) && isFresh(stored, now()))) return stored;
  const granted = await grant(stored);
  if (granted === 'gone') return deleteUnlessReplaced(renewal, stored, isOurs);
  // RFC 6749 §6: an issuer that sends no new refresh token means the old one.
  const renewed = tokenWith({ ...(stored.refresh !== undefined && { refresh: stored.refresh }), ...granted });
  return keep(renewal, stored, renewed, isOurs);
}

async function keep(
  renewal: Renewal,
  sent: StoredToken,
  renewed: StoredToken,
  isOurs: () => Promise<boolean>,
): Promise<StoredToken> {
  const { key, kept, note } = renewal;
  // Where nobody can tell, the new token is the one that must not be lost.
  if (await isOurs().catch(() => true)) {
    await kept.write(key, renewed).catch((error) => note(`the renewed token is in memory only: ${error.message}`));
    return renewed;
  }
  const others = await renewedByOthers({ ...renewal, held: sent }).catch(() => undefined);
  if (others) return others;
  kept.remember(key, renewed);
  note('the renewed token is in memory only: this process was held up, and lost the lock to another');
  return renewed;
}

async function deleteUnlessReplaced(
  { key, kept, now }: Renewal,
  sent: StoredToken,
  isOurs: () => Promise<boolean>,
): Promise<StoredToken | undefined> {
  const stored = await kept.read(key);
  if (stored && (isOther(stored, sent) || stored.refresh !== sent.refresh))
    return isFresh(stored, now()) ? stored : undefined;
  if (stored && (await isOurs())) await kept.delete(key);
  return undefined;
}

function isOther(one: StoredToken, another: StoredToken): boolean {
  return one.access !== another.access;
}
