/** Looks at the challenges of a URL without answering any. */

import { trace } from '../axios/record.js';
import { defaultSchemes } from '../defaults.js';
import { realmText } from '../exchange/realm.js';
import { type Choice, select } from '../exchange/select.js';
import type { Happening } from '../exchange/trace.js';
import type { Challenge, Provider } from '../model.js';
import { parseChallenges } from '../syntax/challenge.js';
import { addressOf } from './address.js';
import type { Given } from './command.js';
import { fieldLines } from './field-lines.js';
import { type Opinion, opinionsOf } from './opinions.js';
import { accountOf } from './options.js';
import { send } from './send.js';
import { quietSources } from './sources.js';

const TIMEOUT = 30_000;

/** What `probe` finds. No secret is in it: nonces are not. */
export interface Survey {
  readonly url: string;
  readonly status: number;
  readonly challenges: readonly Judged[];
  readonly providers: readonly Opinion[];
  /** Whether a challenge would be answered, by a provider or by a person. */
  readonly answerable: boolean;
}

/** A challenge, and what would become of it. */
export interface Judged extends Challenge {
  /** `Digest SHA-256` */
  readonly label: string;
  readonly wouldAnswer: boolean;
  /** Why not. */
  readonly reason?: string;
}

/** @throws Stop when there is no response */
export async function survey(given: Given, leaving: AbortSignal): Promise<Survey> {
  const address = addressOf(given.url ?? '');
  const account = accountOf('probe', given, address);
  const sources = quietSources(given, address, account);
  const challenge = { providers: sources.map(forProxies), allowInsecure: given.has('allow-insecure') };
  const response = await send({ address, signal: leaving, timeout: TIMEOUT, challenge });
  response.data.on('error', () => {}).destroy();
  const { status } = response;
  if (status !== 401) return { url: address.shown, status, challenges: [], providers: [], answerable: false };
  const challenges = parseChallenges(fieldLines(response, 'www-authenticate'));
  const { judged, choices } = judge(challenges, lastPart(trace(response)?.events ?? []));
  const realm = realmText((choices[0]?.challenge ?? challenges[0])?.params.realm ?? '');
  const asked = { sources, choices, realm, address, signal: leaving };
  const providers = await opinionsOf(asked);
  const answerable = providers.some(({ outcome }) => outcome === 'found' || outcome === 'would ask');
  return { url: address.shown, status, challenges: judged, providers, answerable };
}

/** A proxy on the way is answered, and the server behind it is not. */
function forProxies(source: Provider): Provider {
  return { ...source, get: (request) => (request.proxy ? source.get(request) : undefined) };
}

/** What the client that was sent with has found out about the last response. */
function lastPart(events: readonly Happening[]): readonly Happening[] {
  return events.slice(events.findLastIndex(({ type }) => type === 'reply'));
}

function judge(challenges: readonly Challenge[], events: readonly Happening[]) {
  const { choices, passedOver, labels } = select(challenges, defaultSchemes());
  const weaker = passedOver.map(({ reason }) => reason);
  const objections = new Map(events.flatMap(objectionOf).slice(weaker.length));
  const foreign = events.find((event) => event.type === 'end' && event.code === 'ERR_AUTH_ORIGIN');
  const against = foreign?.type === 'end' ? foreign.reason : undefined;
  const judged = challenges.map((challenge, index): Judged => {
    const label = labels[index] ?? challenge.scheme;
    const isChoice = choices.some((choice) => choice.challenge === challenge);
    const reason = isChoice ? (against ?? objections.get(label)) : weaker.shift();
    return { ...challenge, label, wouldAnswer: reason === undefined, ...(reason !== undefined && { reason }) };
  });
  const answered = new Set(judged.filter(({ wouldAnswer }) => wouldAnswer).map(({ label }) => label));
  // The strongest first.
  const left: readonly Choice[] = choices.filter(({ label }) => answered.has(label));
  return { judged, choices: left };
}

/** An exchange passes over what is weaker first, and then what its policy forbids. */
function objectionOf(event: Happening): Array<readonly [label: string, reason: string]> {
  return event.type === 'passedOver' ? [[event.challenge, event.reason]] : [];
}
