/** Whether an answer may be given at all: clear text, and offers weaker than before. */

import { memberOf } from '../../base/own.js';
import type { AuthErrorCode } from '../../errors.js';
import type { Scheme } from '../../model.js';
import { isLoopback } from '../../syntax/loopback.js';
import { parseUrl } from '../../syntax/url.js';
import type { Rules } from './rules.js';
import type { Choice, Strength } from './select.js';

/** A refusal by policy. */
export interface Objection {
  readonly code: AuthErrorCode;
  readonly reason: string;
}

/** What the policy asks about a protection space. */
export interface Standing {
  readonly origin: string;
  /** Whether the request goes out in clear text whatever the origin says. */
  readonly isExposed: boolean;
  /** The strongest challenge that this realm or this path offered for a password, in this process. */
  readonly strongest: Strength | undefined;
  /** `allowInsecure` says so for the origin. */
  readonly allowed: boolean;
  /** Whether the server must prove that it knows the password. */
  readonly mutual: 'verify' | 'require' | 'off';
}

/**
 * Why a challenge is not answered that came after redirects through `origins` (SEC-02); `undefined` when it is. A hop
 * without TLS can be written by anyone on the way, so after one nothing is answered that began with it (SEC-04).
 */
export function crossing(
  addressed: string,
  origins: readonly string[],
  { trustsOrigin }: Pick<Rules, 'trustsOrigin'>,
): string | undefined {
  const others = origins.filter((origin) => origin !== addressed);
  const [last] = origins.slice(-1);
  const strange = others.find((origin) => !trustsOrigin(origin));
  if (strange !== undefined && last === addressed) return `a redirect led through another origin, ${strange}`;
  if (strange !== undefined) return `the challenge came from ${last}, and the request was for ${addressed}`;
  const isDowngraded = addressed.startsWith('https:') && others.some((origin) => !origin.startsWith('https:'));
  return isDowngraded ? `a redirect led from https to http, for ${last}` : undefined;
}

/** Why a challenge must not be answered; `undefined` when it may. */
export function objection(choice: Choice, standing: Standing): Objection | undefined {
  return (
    oneSided(choice, standing) ??
    (standing.allowed ? undefined : (clearText(choice, standing) ?? downgrade(choice, standing)))
  );
}

/** A scheme that sends the secret, or what can be relayed, lets no server prove itself; an old proof that fits again proves nothing either. */
function oneSided({ scheme, label, replayable }: Choice, { mutual }: Standing): Objection | undefined {
  if (mutual !== 'require') return undefined;
  if (!isExposing(scheme) && replayable === undefined) return undefined;
  const reason = isExposing(scheme)
    ? `${label} lets no server prove itself, and mutual: 'require' asks for it`
    : `${label} ${replayable} takes an old proof for a new one, and mutual: 'require' asks for a new one`;
  return { code: 'ERR_AUTH_MUTUAL', reason };
}

/** RFC 7617 §4, RFC 6750 §5.3: the secret itself travels, so only over TLS or within this machine. */
function clearText({ scheme, label }: Choice, { origin, isExposed }: Standing): Objection | undefined {
  if (!isExposing(scheme) || (isPrivate(origin) && !isExposed)) return undefined;
  const secret = scheme.credential === 'token' ? 'token' : 'password';
  const whom = isExposed && isPrivate(origin) ? way(origin) : origin;
  const what = scheme.clearText ? `the ${secret}` : 'what can be relayed, or a password be guessed from,';
  return { code: 'ERR_AUTH_INSECURE', reason: `${label} would send ${what} in the clear to ${whom}` };
}

/** Whether an answer is of use to whoever sees it, or is sent it, beside the server that it is for. */
function isExposing(scheme: Scheme): boolean {
  return scheme.clearText || memberOf(scheme, 'isRelayable') === true;
}

/** Who would see it beside the origin, which is trusted itself. */
function way(origin: string): string {
  const isLocal = !origin.startsWith('https:');
  return isLocal ? `another machine than ${origin}` : `a proxy for ${origin} (axios 1.16 or newer opens a tunnel)`;
}

/** RFC 7616 §5.1: who can change a response can take the stronger challenge out of it. */
function downgrade({ scheme, label, strength }: Choice, { strongest }: Standing): Objection | undefined {
  if (scheme.credential !== 'password' || !strongest || strength >= strongest.strength) return undefined;
  const reason =
    label === strongest.label
      ? `this ${label} protects less than the one that this space offered before (qop)`
      : `${label} is weaker than ${strongest.label}, which this space offered before`;
  return { code: 'ERR_AUTH_DOWNGRADE', reason };
}

/**
 * Why an account is not used with a challenge: it has answered a Digest of that origin, and this one would show the
 * password, or what can be relayed. A realm and a path are names of the server's choice, so such a challenge could come under new ones at any time.
 */
export function weakening(
  { scheme, label, strength }: Pick<Choice, 'scheme' | 'label' | 'strength'>,
  used: Strength | undefined,
): Objection | undefined {
  if (!used || strength >= used.strength || !isExposing(scheme)) return undefined;
  return {
    code: 'ERR_AUTH_DOWNGRADE',
    reason: `${label} is weaker than ${used.label}, which this account was used with here`,
  };
}

/** Whether nobody but this machine and the server can read what is sent. */
export function isPrivate(origin: string): boolean {
  const url = parseUrl(origin);
  if (!url) return false;
  const { protocol, hostname } = url;
  return protocol === 'https:' || protocol === 'unix:' || isLoopback(hostname);
}
