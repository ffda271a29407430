/** What the last response of an exchange means for the answer that its request carried: rules without a clock or a port. */

import type { Fact } from './judgement.js';

/** A response that asks for nothing more. */
export interface LastResponse {
  readonly status: number;
  /** The authorization that its request carried; `undefined` when it was stripped on the way. */
  readonly authorization: { readonly nc?: number | undefined } | undefined;
  /** Whether it was the first message of a handshake, which has nothing of the credential in it. */
  readonly isPartial?: boolean;
}

/**
 * The facts, in their order. Only a status below 400 proves the credential; any other response is silent, and the
 * provider hears nothing (SEC-25, SEC-26).
 *
 * @param isProxy - whether the answer was for the proxy
 */
export function conclude({ status, authorization, isPartial }: LastResponse, isProxy: boolean): readonly Fact[] {
  if (!authorization) return [KEPT, ...silence('the authorization did not reach the server that answered')];
  if (isPartial) return [KEPT, ...silence(status < 400 ? LET_IN_EARLY : SAYS_NOTHING_OF_IT)];
  const facts: Fact[] = [KEPT];
  if (isLetIn(status)) facts.push({ type: 'let in', nc: authorization.nc });
  // A proxy that passes the origin's own challenge on has let the request in.
  const isProof = status < 400 || (isProxy && status === 401);
  if (!isProof) return [...facts, ...silence(SAYS_NOTHING_OF_IT)];
  return [...facts, { type: 'verdict', verdict: 'accepted', reason: `${status}` }, { type: 'accepted' }];
}

/** Whether a server gives such a response only to a request that it has let in. */
export function isLetIn(status: number): boolean {
  return status < 500 && !SAYS_NOTHING.has(status);
}

const LET_IN_EARLY = 'the server let the request in before it saw the credential';
const SAYS_NOTHING_OF_IT = 'says nothing about the credential';

const KEPT: Fact = { type: 'nonce kept' };

/** Responses that may come before the server has looked at the credential (RFC 9110 §15.5, RFC 6585 §4). */
const SAYS_NOTHING = new Set([407, 408, 421, 429, 431]);

function silence(reason: string): readonly Fact[] {
  return [{ type: 'verdict', verdict: 'silent', reason }, { type: 'tried' }];
}
