/** Examines the challenges of a URL without answering them. */

import { linesOf } from '../../axios/response/headers.js';
import { trace } from '../../axios/trace/store.js';
import { realmText } from '../../exchange/challenge/realm.js';
import { type Choice, read, select } from '../../exchange/challenge/select.js';
import { flatten } from '../../exchange/provider/find.js';
import type { Happening } from '../../exchange/trace/events.js';
import type { Challenge, Provider, Scheme } from '../../model.js';
import { parseChallenges } from '../../syntax/challenge.js';
import { addressOf } from '../input/address.js';
import type { Invocation } from '../input/command.js';
import { withUser } from '../input/options.js';
import { usualSchemes } from '../input/schemes.js';
import { sendRequest } from '../send/send.js';
import { isPersonAsked, quietSources } from '../send/sources.js';
import { type Opinion, opinionsOf } from './providers.js';
import { type TokenAdvice, tokenAdvice } from './token.js';

const TIMEOUT = 30_000;

/** The result of `probe`. It contains no secret; a nonce is not a secret. */
export interface Survey {
  readonly url: string;
  readonly status: number;
  readonly challenges: readonly Judged[];
  readonly providers: readonly Opinion[];
  /** How to get a token, if the server asks for one. */
  readonly token?: TokenAdvice;
  /** Whether a provider has a credential, or a person would be asked for it. */
  readonly answerable: boolean;
}

/** A challenge, and whether the client would answer it. */
export interface Judged extends Challenge {
  /** `Digest SHA-256` */
  readonly label: string;
  readonly wouldAnswer: boolean;
  /** Why the client would not answer it. */
  readonly reason?: string;
}

/** Sends a GET and examines its 401. @throws Stop when no response arrives */
export async function survey(given: Invocation, leaving: AbortSignal): Promise<Survey> {
  const address = withUser('probe', given, addressOf(given.url ?? ''));
  const sources = flatten(await quietSources(given, address, true)).filter(asksNobody);
  const schemes = usualSchemes(given);
  const challenge = { providers: sources.map(forProxies), schemes, allowInsecure: given.has('allow-insecure') };
  const response = await sendRequest({ address, signal: leaving, timeout: TIMEOUT, challenge });
  response.data.on('error', () => {}).destroy();
  const { status } = response;
  if (status !== 401) return { url: address.shown, status, challenges: [], providers: [], answerable: false };
  const challenges = parseChallenges(linesOf(response, 'www-authenticate') ?? []);
  const { judged, choices } = judge(challenges, schemes, lastPart(trace(response)?.events ?? []));
  const realm = realmText((choices[0]?.challenge ?? challenges[0])?.params.realm ?? '');
  const asked = { sources, choices, realm, address, isPersonAsked: isPersonAsked(given, address), signal: leaving };
  const providers = await opinionsOf(asked);
  const answerable = providers.some(({ outcome }) => outcome === 'found' || outcome === 'would ask');
  const bearer = judged.find(({ scheme }) => scheme === 'bearer');
  const question = { challenge: bearer, address, isDiscovering: given.has('discover'), signal: leaving };
  const token = bearer?.wouldAnswer ? await tokenAdvice(question) : undefined;
  return { url: address.shown, status, challenges: judged, providers, ...(token && { token }), answerable };
}

/** Whether a provider answers by itself: the part of the keychain that asks which account is meant does not. */
function asksNobody(source: Provider): boolean {
  return source.interactive !== true;
}

/**
 * Lets a provider answer the challenge of a proxy, but not that of the origin, which `probe` only examines. It hears no
 * verdict: the keychain deletes a password that is refused, and `probe` changes nothing.
 */
function forProxies(source: Provider): Provider {
  return { name: source.name, get: (request) => (request.proxy ? source.get(request) : undefined) };
}

/** The recorded events from the last response on. */
function lastPart(events: readonly Happening[]): readonly Happening[] {
  return events.slice(events.findLastIndex(({ type }) => type === 'reply'));
}

/** Takes the judgement of each challenge from the record of the exchange, which has evaluated it. */
function judge(challenges: readonly Challenge[], schemes: readonly Scheme[], events: readonly Happening[]) {
  const { choices, labels } = select(read(challenges, schemes));
  const passedOver = events.flatMap((event) => (event.type === 'passedOver' ? [event] : []));
  // The exchange records first what no scheme answers or what is weaker, in the order of the field.
  const unanswerable = passedOver.filter(({ code }) => code === undefined).values();
  const forbidden = new Map(
    passedOver.filter(({ code }) => code !== undefined).map(({ challenge, reason }) => [challenge, reason]),
  );
  const foreign = events.find((event) => event.type === 'end' && event.code === 'ERR_AUTH_ORIGIN');
  const against = foreign?.type === 'end' ? foreign.reason : undefined;
  const judged = challenges.map((challenge, index): Judged => {
    const label = labels[index] ?? challenge.scheme;
    const isChoice = choices.some((choice) => choice.challenge === challenge);
    const reason = against ?? (isChoice ? forbidden.get(label) : unanswerable.next().value?.reason);
    return { ...challenge, label, wouldAnswer: reason === undefined, ...(reason !== undefined && { reason }) };
  });
  const answered = new Set(judged.filter(({ wouldAnswer }) => wouldAnswer).map(({ label }) => label));
  // The strongest challenge comes first.
  const left: readonly Choice[] = choices.filter(({ label }) => answered.has(label));
  return { judged, choices: left };
}
