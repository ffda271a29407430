/** What a person is told at the next question about an origin: which stored password was refused. */

import { Lru } from '../base/lru.js';
import type { CredentialRequest } from '../model.js';
import { visible } from '../syntax/visible.js';

const MAX_PLACES = 100;

// Shared by the process: the store leaves the notice, and the prompt, which is another provider, shows it.
const notices = new Lru<string, string>(MAX_PLACES);

type Place = Pick<CredentialRequest, 'origin' | 'proxy'>;

/** `store` as in "in the keychain". */
export function noteRefusal(place: Place, username: string, store: string, isRemoved: boolean): void {
  const outcome = isRemoved ? 'was refused, and removed' : 'was refused';
  notices.set(challengerKey(place), `The password of ${visible(username)} in ${store} ${outcome}.`);
}

/** The notice, once. */
export function takeNotice(place: Place): string | undefined {
  const notice = notices.get(challengerKey(place));
  notices.delete(challengerKey(place));
  return notice;
}

/** A proxy and an origin under the same address are different (SEC-06). */
export function challengerKey({ origin, proxy }: Place): string {
  return proxy ? `proxy:${origin}` : origin;
}
