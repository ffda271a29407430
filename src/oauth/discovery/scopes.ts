/** Scopes: text of tokens with a space between them (RFC 6749 §3.3). */

import type { Challenge } from '../../model.js';

const TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * The scope that a challenge asks for (RFC 6750 §3).
 *
 * @returns the value of `scope`; `undefined` without a scope, or if it is malformed
 * @example
 * scopeOf(parseChallenges('Bearer scope="files:read files:write"')[0]); // 'files:read files:write'
 */
export function scopeOf(challenge: Challenge | undefined): string | undefined {
  const scope = challenge?.params.scope;
  return scope?.split(' ').every(isScopeToken) ? scope : undefined;
}

/** The scope of what a list names, without what is no scope-token; `undefined` if nothing is left. */
export function scopeOfList(list: unknown): string | undefined {
  if (!Array.isArray(list)) return undefined;
  const tokens = new Set(list.filter(isScopeToken));
  return tokens.size === 0 ? undefined : [...tokens].join(' ');
}

/**
 * The scope that holds two others, for a step-up: what is held stays in it.
 *
 * @returns each scope-token once, in order of appearance; `undefined` if neither has any
 * @example
 * unionOf('files:read', 'files:write files:read'); // 'files:read files:write'
 */
export function unionOf(one: string | undefined, other: string | undefined): string | undefined {
  return scopeOfList([one ?? '', other ?? ''].flatMap((scope) => scope.split(' ')));
}

function isScopeToken(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value);
}
