/** Reads from a JSON Web Token what explains a refusal: its dates and its audience, and nothing that is secret. */

import { memberOf } from '../../base/own.js';

/** What a token says of itself; the signature is not checked, because nothing depends on it. */
export interface TokenFacts {
  /** When it was issued (`iat`), in milliseconds since 1970. */
  readonly issued?: number;
  /** Before this time it is not valid (`nbf`), in milliseconds since 1970. */
  readonly notBefore?: number;
  /** From this time on it is not valid (`exp`), in milliseconds since 1970. */
  readonly expires?: number;
  /** For whom it is meant (`aud`). */
  readonly audience?: string;
}

// A longer token is not read: what it says would not fit into a line anyway.
const LONGEST = 16_384;

/** RFC 7519 §4.1; `undefined` for a token of another kind, or without any of these claims. */
export function tokenFacts(token: string): TokenFacts | undefined {
  const [, payload] = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(token.slice(0, LONGEST)) ?? [];
  if (payload === undefined) return undefined;
  const claims = claimsIn(payload);
  const facts = {
    ...dateOf(claims, 'iat', 'issued'),
    ...dateOf(claims, 'nbf', 'notBefore'),
    ...dateOf(claims, 'exp', 'expires'),
    ...audienceOf(claims),
  };
  return Object.keys(facts).length === 0 ? undefined : facts;
}

type Claims = Readonly<Partial<Record<'iat' | 'nbf' | 'exp' | 'aud', unknown>>>;

function claimsIn(payload: string): Claims {
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}

/** RFC 7519 §2: seconds since 1970. */
function dateOf(claims: Claims, claim: 'iat' | 'nbf' | 'exp', name: string): Record<string, number> {
  const seconds = memberOf(claims, claim);
  return typeof seconds === 'number' && Math.abs(seconds) < 8.64e12 ? { [name]: seconds * 1000 } : {};
}

function audienceOf(claims: Claims): { readonly audience?: string } {
  const named = [memberOf(claims, 'aud')].flat().filter((one) => typeof one === 'string');
  return named.length === 0 ? {} : { audience: named.join(', ') };
}

/** In words, without the token: `expires 2026-11-30T08:00:00.000Z`. */
export function writtenFacts({ issued, notBefore, expires, audience }: TokenFacts): string[] {
  const date = (what: string, time: number | undefined) =>
    time === undefined ? [] : [`${what} ${new Date(time).toISOString().replace('.000Z', 'Z')}`];
  return [
    ...date('issued', issued),
    ...date('not before', notBefore),
    ...date('expires', expires),
    ...(audience === undefined ? [] : [`audience ${audience}`]),
  ];
}
