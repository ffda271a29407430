/** What a person can do about a token that was refused: as far as the server and the token itself say what is wrong. */

import { parseUrl } from '../../syntax/url.js';
import type { TokenFacts } from './jwt.js';
import type { Situation } from './situation.js';
import { shown } from './words.js';

/** Advice in one line, without a full stop. */
export function tokenRemedy({ end, source, origin, time }: Situation): string {
  if (end.reason.startsWith('the token lacks')) return SCOPE;
  if (end.reason.startsWith('the token comes from a login')) return LOGIN;
  const facts = source?.token;
  return (facts && (outOfDate(facts, time) ?? elsewhere(facts, origin))) ?? UNKNOWN;
}

const SCOPE = 'get a token with that scope (a provider with `stepUp` is asked for one)';
const LOGIN = 'log in again, as the server wants it (a provider with `stepUp` is asked for such a token)';
const UNKNOWN = 'get a new token: it may have expired, or lack the audience or the scope that the server wants';

/** RFC 7519 §4.1.4, §4.1.5 */
function outOfDate({ expires, notBefore }: TokenFacts, time: number): string | undefined {
  if (expires !== undefined && expires <= time) return `get a new token: this one ran out at ${dateOf(expires)}`;
  if (notBefore === undefined || notBefore <= time) return undefined;
  return `check the clock of this machine, or wait: the token is not valid before ${dateOf(notBefore)}`;
}

/** RFC 7519 §4.1.3: names of any kind; only of URLs is it known that none is the server. */
function elsewhere({ audience }: TokenFacts, origin: string): string | undefined {
  const origins = audience?.split(', ').map((one) => parseUrl(one)?.origin);
  if (!origins || origins.some((one) => one === undefined || one === 'null' || one === origin)) return undefined;
  return `get a token for ${shown(origin)}: this one is meant for ${shown(audience as string)}`;
}

function dateOf(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
