/** Chooses the flow for `flow: 'auto'`, by what the issuer offers and what is at hand here. */

import type { IssuerMetadata } from '../protocol/metadata.js';
import { offersPkce } from './browser.js';

/** How a person logs in. */
export type PersonFlow = 'browser' | 'device';

/** The flow, or why there is none in `reason`. */
export type FlowChoice = PersonFlow | { readonly reason: string };

/** `browser` where the person can see one that is started here, else the device flow. */
export function chooseFlow(metadata: IssuerMetadata, hasBrowserHere: boolean): FlowChoice {
  const offersBrowser = metadata.authorization_endpoint !== undefined && offersPkce(metadata);
  if (hasBrowserHere && offersBrowser) return 'browser';
  if (metadata.device_authorization_endpoint !== undefined) return 'device';
  if (!hasBrowserHere) return { reason: 'there is no browser here, and the issuer offers no device flow' };
  return { reason: 'the issuer offers neither a code with PKCE (S256) nor a device flow' };
}
