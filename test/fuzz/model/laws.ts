/** What holds in every story, whatever happens in it. Each law gives a sentence for each breach of it. */

import { AuthError } from '../../../src/errors.js';
import { formatTrace } from '../../../src/exchange/trace/explain.js';
import type { DigestProtection } from '../../../src/testing/challenge-server.js';
import { BODY } from './fake-wire.js';
import type { Ending, Played } from './play.js';
import type { Call, Place } from './story.js';
import { type Arrival, placeOf, WireError } from './world.js';

type Law = (ending: Ending) => readonly string[];

const MAX_RENEWALS = 3;
const MAX_STEP_UPS = 2;
/** Milliseconds that a response takes to be given up. */
const FREEING = 1;
/** The longest that one waits for another one: whoever does has been forgotten, if nobody is slow. */
const QUICK = 400;

/** Every call settles, soon after its caller has given up, and not with a challenge then, unless that was the last word. */
const settling: Law = ({ story, calls }) =>
  calls.flatMap(({ settled, aborted, outcome }, i) => {
    if (settled === undefined) return [`call ${i} never settles`];
    if (aborted === undefined) return [];
    const isTold = story.providers.some(({ hears }) => hears === 'slowly');
    if (outcome && !isTold && [401, 407].includes(outcome.status)) return [`call ${i} is given a challenge`];
    return settled > aborted + FREEING ? [`call ${i} goes on after it was given up`] : [];
  });

/** Nobody's wake-up is lost: where nothing is slow, nobody waits until patience runs out. */
const patience: Law = ({ story, impatience }) => {
  const delays = [...story.mishaps.flatMap(({ delays }) => delays), ...story.providers.map(({ delay }) => delay)];
  const isQuick = delays.every((delay) => delay <= QUICK) && story.calls.every(({ timeout }) => timeout === 0);
  return isQuick && impatience > 0 ? [`somebody waited ${impatience} times for nothing`] : [];
};

/** A call fails as its client does, or because a server does not prove itself. */
const failing: Law = ({ story, calls }) =>
  calls.flatMap(({ error, call }, i) => {
    if (error === undefined || error instanceof WireError) return [];
    const isMutual = error instanceof AuthError && error.code === 'ERR_AUTH_MUTUAL';
    const lies = (protections: readonly object[] | undefined) =>
      protections?.some((one) => 'rspauth' in one && one.rspauth === 'wrong') || story.mutual === 'require';
    if (
      isMutual &&
      (lies(story.servers[call.place]) || lies(story.servers.b) || lies(story.servers.a) || lies(story.proxy))
    )
      return [];
    return [`call ${i} fails with ${String((error as Error)?.stack ?? error)}`];
  });

/** Nobody is given the page of a server that lies about knowing the password. */
const proving: Law = ({ story, world, calls }) =>
  calls.flatMap(({ outcome }, i) => {
    const last = world.arrivals.findLast(({ call, place }) => call === i && place !== 'proxy');
    if (outcome?.status !== 200 || !last || last.received.scheme !== 'digest') return [];
    const isLiar = story.servers[last.place as 'a' | 'b'].every((one) => 'rspauth' in one && one.rspauth === 'wrong');
    return isLiar ? [`call ${i} was given a page without proof`] : [];
  });

/** The caller gets the last response. */
const answering: Law = ({ calls }) =>
  calls.flatMap(({ outcome, wire }, i) =>
    outcome && outcome.send !== wire.sends ? [`call ${i} got response ${outcome.send} of ${wire.sends}`] : [],
  );

/** The first send, and for the origin and the proxy an answer each for every credential or space, and every renewal. */
const bounds: Law = ({ story, calls }) => {
  const answers = Math.max(story.maxCredentials, 2) + MAX_RENEWALS;
  const most = 1 + answers + MAX_STEP_UPS + (story.proxy ? answers : 0);
  return calls.flatMap(({ wire }, i) => (wire.sends > most ? [`call ${i} was sent ${wire.sends} times`] : []));
};

/** A credential goes to its own place, and only if the caller addressed it or trusts it. */
const placement: Law = ({ story, world, calls }) =>
  world.arrivals.flatMap((arrival) => {
    const { place, received, call } = arrival;
    const value = place === 'proxy' ? arrival.proxyAuthorization : arrival.authorization;
    if (value === undefined) return [];
    const addressed = placeOf((calls[call] as Played).wire.target.origin);
    const isOurs = place === 'proxy' || place === addressed || story.trusting;
    return [
      ...(ownerOf(received, value, place) ? [] : [`${place} was sent ${value}`]),
      ...(isOurs ? [] : [`${place} was sent ${value}, though ${addressed} was addressed`]),
    ];
  });

/** The proxy keeps what was for it, and sees nothing of its own where there is none. */
const secrecy: Law = ({ world }) =>
  world.arrivals
    .filter(({ place, proxyAuthorization }) => place !== 'proxy' && proxyAuthorization !== undefined)
    .map(({ place, proxyAuthorization }) => `${place} was sent ${proxyAuthorization}, which is the proxy's`);

function ownerOf({ user, scheme }: Arrival['received'], value: string, place: Place): boolean {
  if (scheme === 'bearer') return value.endsWith(`-${place}`);
  // What nobody has read.
  if (scheme === undefined) return value.includes(`me@${place}`) || !value.includes('me@');
  return user === `me@${place}` || /userhash=true/.test(value);
}

/** No nc serves twice with one nonce. */
const counting: Law = ({ world }) => {
  const seen = new Set<string>();
  return world.arrivals.flatMap(({ place, received: { nonce, nc } }) => {
    if (nonce === undefined || nc === undefined) return [];
    const use = `${place} ${nonce} ${nc}`;
    if (seen.has(use)) return [`nc ${nc} was used twice at ${place}`];
    seen.add(use);
    return [];
  });
};

/** A body arrives whole, or a redirect has taken it away; a stream is sent once. */
const bodies: Law = ({ world, calls }) => [
  ...world.arrivals.flatMap(({ body, method, call }) => {
    const { call: made } = calls[call] as Played;
    const expected = made.body !== 'none' && method === made.method ? BODY : '';
    return body === expected ? [] : [`call ${call} arrived with "${body}"`];
  }),
  ...calls.flatMap(({ call, wire }, i) =>
    call.body === 'stream' && wire.bodies > 1 ? [`call ${i} sent its stream again`] : [],
  ),
];

/** The RFCs hold: the strict judges have nothing to say against the form of an answer. */
const grammar: Law = ({ world }) =>
  world.arrivals.filter(({ verdict }) => verdict === 'violation').map(({ reason, place }) => `${place}: ${reason}`);

/** Approve and reject have their reasons, and a server that says what it means never has a right credential rejected. */
const verdicts: Law = ({ story, world, told }) =>
  told.flatMap(({ verdict, place, secret, isRight, arrivals }) => {
    const before = world.arrivals.slice(0, arrivals).filter((one) => one.place === place);
    if (verdict === 'approve') {
      const isProven = before.some((one) => one.verdict === 'accepted' && (one.status < 400 || place === 'proxy'));
      return isProven && !secret.startsWith('wrong') ? [] : [`${secret} was approved without proof`];
    }
    const isRefused = before.some((one) => one.verdict === 'challenged' && one.received.scheme && !one.received.stale);
    if (!isRefused) return [`${secret} was rejected without proof`];
    return isRight && isHonest(story, place) ? [`${secret} was rejected, and is right`] : [];
  });

function isHonest({ servers, proxy, change }: Ending['story'], place: Place): boolean {
  const protections = place === 'proxy' ? (proxy ?? []) : servers[place];
  if (place === 'a' && change !== undefined) return false;
  return protections.every((one) => 'scheme' in one && (one.scheme !== 'digest' || isPlain(one)));
}

/** Says stale whenever it is, and leaves no doubt about what begins a -sess session. */
function isPlain({ staleFlag, staleOnBadNc, algorithm, nextnonce, sharedNonce, sessKey }: DigestProtection): boolean {
  const isClear = sessKey === 'first' ? !sharedNonce : nextnonce === undefined;
  return staleFlag !== false && staleOnBadNc !== false && (isClear || !algorithm?.endsWith('-sess'));
}

/** A wrong credential is tried once in a space, however many want in: accounts are locked after a few wrong ones. */
const lockout: Law = (ending) => {
  const { story, world } = ending;
  if (!isSmooth(ending)) return [];
  const wrong = story.providers.filter(({ gives }) => gives.startsWith('wrong')).length;
  return (['a', 'b', 'proxy'] as const).flatMap((place) => {
    const protections = place === 'proxy' ? (story.proxy ?? []) : story.servers[place];
    const refusals = world.arrivals.filter((one) => one.place === place && /^(wrong|unknown)/.test(one.reason ?? ''));
    const isTooMany = isHonest(story, place) && refusals.length > wrong * protections.length;
    return isTooMany ? [`${place} was sent ${refusals.length} wrong credentials`] : [];
  });
};

/** Nothing fails on the way, nobody gives up, and nobody waits too long: who found a credential tries it. */
function isSmooth({ story: { mishaps, calls, change }, impatience }: Ending): boolean {
  const goesOn = ({ abort, timeout, body }: Call) => abort === undefined && timeout === 0 && body !== 'broken';
  const isCalm = calls.every((call) => goesOn(call) && call.body !== 'stream');
  return isCalm && impatience === 0 && change === undefined && mishaps.every(({ kind }) => kind === 'none');
}

/** Nobody is left behind. */
const listeners: Law = ({ calls }) =>
  calls.flatMap(({ listeners: left }, i) => (left > 0 ? [`call ${i} left ${left} listeners on its signal`] : []));

/** Whoever reads a trace finds every send in it, and one end. */
const traces: Law = ({ calls }) =>
  calls.flatMap(({ trace: { events }, outcome }, i) => {
    const ends = events.filter(({ type }) => type === 'end').length;
    return outcome && ends > 1 ? [`the trace of call ${i} ends ${ends} times`] : [];
  });

const LAWS = {
  settling,
  patience,
  failing,
  proving,
  answering,
  bounds,
  placement,
  secrecy,
  counting,
  bodies,
  grammar,
  verdicts,
  lockout,
  listeners,
  traces,
};

/** Every breach, with the trace of each call behind them. */
export function breaches(ending: Ending): readonly string[] {
  const found = Object.entries(LAWS).flatMap(([name, law]) => law(ending).map((breach) => `${name}: ${breach}`));
  return found.length === 0 ? found : [...found, ...ending.calls.map(({ trace }, i) => `${i} ${formatTrace(trace)}`)];
}

/** Who was not let in, with the traces. */
export function outsiders({ calls }: Ending): readonly string[] {
  if (calls.every(({ outcome }) => outcome?.status === 200)) return [];
  return calls.map(({ trace }, i) => `${i} ${formatTrace(trace)}`);
}
