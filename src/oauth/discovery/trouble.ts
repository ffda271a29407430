/** What a discovery says when it fails: the step, and the address or the reason, but nothing of a body. */

import { AuthError } from '../../errors.js';
import { phrase } from '../../syntax/visible.js';

/** The steps of a discovery, as its errors name them. */
export type DiscoveryStep =
  | 'the resource'
  | 'resource metadata'
  | 'choice of issuer'
  | 'issuer metadata'
  | 'client'
  | 'token request';

/** An error that names the step that failed. */
export function failed(step: DiscoveryStep, what: string): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `oauth: discovery failed at ${step}: ${what}`);
}

/** A URL for an error: without userinfo, query and fragment, which may hold anything. */
export function shownUrl({ protocol, host, pathname }: URL): string {
  return phrase(`${protocol}//${host}${pathname}`);
}
