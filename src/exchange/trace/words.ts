/** The words for single events of a record, which the text of `explain()` and the drawing of `get -v` share. */

import { textOf } from '../../syntax/said.js';
import { phrase } from '../../syntax/visible.js';
import type { AuthEvent, Happening } from './events.js';
import { writtenFacts } from './jwt.js';

/** An event of one type. */
export type EventOf<Type extends AuthEvent['type']> = Extract<Happening, { type: Type }>;

/** Makes a name or a reason safe to show: the server, or code outside this package, may have written it. */
export function shown(text: string): string {
  return phrase(textOf(text));
}

// Names that the IANA registry of auth-schemes, or a vendor, does not write with one capital; a record has lower case.
const WRITTEN: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  dpop: 'DPoP',
  gnap: 'GNAP',
  hoba: 'HOBA',
  ntlm: 'NTLM',
  oauth: 'OAuth',
  privatetoken: 'PrivateToken',
  'scram-sha-1': 'SCRAM-SHA-1',
  'scram-sha-256': 'SCRAM-SHA-256',
  vapid: 'vapid',
});

/** A challenge as its scheme is written: `NTLM`, `Digest SHA-256`. */
export function shownChallenge(label: string): string {
  const text = textOf(label);
  return shown(WRITTEN[text.toLowerCase()] ?? text);
}

/** The challenges of a response, or those that the caller assumes. */
export function offered({ challenges, assumed }: Pick<EventOf<'challenged'>, 'challenges' | 'assumed'>): string {
  const all = challenges.map(shownChallenge).join(', ');
  return assumed ? `${all} (assumed)` : all;
}

/** What authorized a send: `as alice (Digest SHA-256, nc 1)`, `without credentials`. */
export function authorizedWith({ scheme, proxy, preemptive, callers, ...account }: EventOf<'send'>): string {
  const none = callers ? "with the caller's own authorization" : 'without credentials';
  const toOrigin = scheme === undefined ? none : by({ scheme, ...account }, preemptive);
  if (!proxy) return toOrigin;
  const toProxy = `to the proxy ${by(proxy, preemptive && scheme === undefined)}`;
  return `${toOrigin}, ${toProxy}`;
}

function by(account: Account, preemptive: boolean): string {
  const { scheme, username, nc } = account;
  const as = username === undefined ? 'with a token' : `as ${shown(username)}`;
  const details = [
    shown(scheme),
    ...(nc === undefined ? [] : [`nc ${nc}`]),
    ...(Object.hasOwn(account, 'assumed') ? ['assumed'] : []),
    ...(Object.hasOwn(account, 'byConnection') ? ['by its connection'] : []),
    ...(Object.hasOwn(account, 'begins') ? ['begins a handshake'] : []),
    ...(Object.hasOwn(account, 'remark') ? [shown(String(account.remark))] : []),
    ...(preemptive ? ['at once'] : []),
  ];
  return `${as} (${details.join(', ')})`;
}

type Account = NonNullable<EventOf<'send'>['proxy']> &
  Pick<EventOf<'send'>, 'assumed' | 'byConnection' | 'begins' | 'remark'>;

/** The account that a provider gave, or the token by its dates and its audience. */
export function givenAccount({ username, token }: Pick<EventOf<'provider'>, 'username' | 'token'>): string {
  if (username !== undefined) return shown(username);
  const facts = token ? writtenFacts(token).map(shown) : [];
  return facts.length === 0 ? 'a token' : `a token (${facts.join(', ')})`;
}

/** Why a provider gave no credential that can be used, without the provider's name in front. */
export function absenceReason({ outcome, reason }: EventOf<'provider'>): string | undefined {
  if (outcome === 'found' || reason === undefined) return undefined;
  return shown(outcome === 'failed' ? reason.replace(/^\w+: /, '') : reason);
}

/** What a response says of the credential: `refused (not stale)`. */
export function verdictOn({ verdict, reason }: EventOf<'verdict'>): string {
  return verdict === 'refused' ? `refused (${shown(reason)})` : shown(reason);
}

/** The verdict that a provider was told: `alice was refused`. */
export function toldVerdict({ verdict, username }: EventOf<'told'>): string {
  const account = username === undefined ? 'the token' : shown(username);
  return `${account} was ${verdict === 'approve' ? 'accepted' : 'refused'}`;
}

/** What became of a request that was not answered: `gave back the server's own 401`. */
export function endedBy({ status, code }: Pick<EventOf<'end'>, 'status' | 'code'>): string {
  if (code === 'ERR_AUTH_MUTUAL' && status !== 401) return 'failed the request';
  return `gave back the ${status === 407 ? "proxy's own 407" : `server's own ${status ?? 401}`}`;
}
