/** What the record of an exchange tells about its end, as advice needs it. */

import type { CredentialKind } from '../../model.js';
import { textOf } from '../../syntax/said.js';
import { parseUrl } from '../../syntax/url.js';
import type { AuthEvent, Trace } from './events.js';
import type { EventOf } from './words.js';

/** How an exchange ended, and what each provider said last. */
export interface Situation {
  readonly end: EventOf<'end'>;
  /** The party that challenged: the origin of the last send, or the proxy on the way. */
  readonly origin: string;
  readonly isProxy: boolean;
  /** What the challenge asks for. */
  readonly kind: CredentialKind;
  /** What each provider said last, by its name. */
  readonly providers: ReadonlyMap<string, EventOf<'provider'>>;
  /** When it ended, in milliseconds since 1970. */
  readonly time: number;
  /** The provider of the credential that was sent last. */
  readonly source: EventOf<'provider'> | undefined;
  /** What the last send was authorized with: `Digest SHA-256`. */
  readonly scheme: string | undefined;
  /** The challenges of the last response that were not passed over, by their labels. */
  readonly asked: readonly string[];
  /** Why the others were. */
  readonly hindrances: readonly string[];
  /** Those of them that no scheme of this client answers, by their auth-schemes in lower case. */
  readonly unknown: readonly string[];
}

/** `undefined` for an exchange that has not ended. */
export function situationOf({ url, events, began }: Trace): Situation | undefined {
  const end = events.findLast((event) => event.type === 'end');
  if (end?.type !== 'end') return undefined;
  const isProxy = end.status === 407;
  const said = events.flatMap((event) => (event.type === 'provider' ? [event] : []));
  const sent = events.findLast((event) => event.type === 'send');
  const passedOver = passedOverIn(events);
  const asked = labelsLeft(events, passedOver);
  return {
    end,
    origin: parseUrl(sent?.type === 'send' ? sent.url : url)?.origin ?? url,
    isProxy,
    kind: kindOfRefused(end.code, sent) ?? kindOfAsked(asked),
    providers: new Map(said.map((event) => [event.provider, event])),
    time: began + end.at,
    source: said.findLast(({ outcome }) => outcome === 'found'),
    scheme: sent?.type === 'send' && sent.scheme !== undefined ? textOf(sent.scheme) : undefined,
    asked,
    hindrances: passedOver.map(({ reason }) => textOf(reason)),
    unknown: passedOver.filter(isUnknown).map(({ challenge }) => textOf(challenge).toLowerCase()),
  };
}

/** Of what was refused, if anything was: a server may ask for either kind. */
function kindOfRefused(code: string | undefined, sent: AuthEvent | undefined): CredentialKind | undefined {
  if (code !== 'ERR_AUTH_REFUSED' || sent?.type !== 'send' || sent.scheme === undefined) return undefined;
  return kindOfLabel(sent.scheme);
}

function kindOfLabel(label: string): CredentialKind {
  const text = textOf(label);
  if (/^Negotiate\b/.test(text)) return 'ambient';
  return /^(Basic|Digest|NTLM)\b/.test(text) ? 'password' : 'token';
}

function isUnknown({ reason }: EventOf<'passedOver'>): boolean {
  return textOf(reason).startsWith('no scheme of this client');
}

/** The last challenges that may be answered. */
function labelsLeft(events: Trace['events'], passedOver: readonly EventOf<'passedOver'>[]): readonly string[] {
  const challenged = events.findLast(({ type }) => type === 'challenged');
  if (challenged?.type !== 'challenged') return [];
  return challenged.challenges.filter((label) => !passedOver.some(({ challenge }) => challenge === label));
}

/** What challenges ask for: a password where one does. */
function kindOfAsked(labels: readonly string[]): CredentialKind {
  const kinds = labels.map(kindOfLabel);
  const [first = 'password'] = kinds;
  return kinds.includes('password') ? 'password' : kinds.includes('token') ? 'token' : first;
}

/** The challenges of the last response that were passed over. */
function passedOverIn(events: Trace['events']): readonly EventOf<'passedOver'>[] {
  const start = events.findLastIndex(({ type }) => type === 'challenged');
  return events.slice(Math.max(start, 0)).flatMap((event) => (event.type === 'passedOver' ? [event] : []));
}

/** A variable of the environment that `env()` named as the reason why it has nothing. */
export interface NamedVariable {
  /** `AXIOS_CHALLENGE`, or the prefix of a tool's own. */
  readonly prefix: string;
  readonly isOtherOrigin: boolean;
}

/** The variables that the provider `env` looked for; `undefined` if it was not asked or named none. */
export function variablesOf({ providers }: Situation): NamedVariable | undefined {
  const reason = providers.get('env')?.reason ?? '';
  const bound = /^(\w+)_URL is (?:(?!not )|not set, and )/.exec(reason)?.[1];
  if (bound !== undefined) return { prefix: bound, isOtherOrigin: true };
  const prefix = /(\w+)_(?:USERNAME|TOKEN)\b/.exec(reason)?.[1];
  return prefix === undefined ? undefined : { prefix, isOtherOrigin: false };
}
