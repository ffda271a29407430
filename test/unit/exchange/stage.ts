/** What the tests of an exchange play by hand: where a request goes, how it is sent, what comes back, and what was answered. */

import { clock } from '../../../src/axios/client/clock.js';
import type { Rules } from '../../../src/exchange/challenge/rules.js';
import { Spaces } from '../../../src/exchange/memory/spaces.js';
import { type Attempt, type Context, Conversation } from '../../../src/exchange/party/conversation.js';
import type { Pinning } from '../../../src/exchange/port/pinning.js';
import type { Reply, Target, Wire } from '../../../src/exchange/port/transport.js';
import { Recorder } from '../../../src/exchange/trace/recorder.js';
import type { Challenge, Credential, Provider, Scheme } from '../../../src/model.js';
import { basic } from '../../../src/schemes/basic.js';
import { choiceOf } from '../../support/offer.js';

export const target: Target = {
  origin: 'https://files.example',
  url: 'https://files.example/docs',
  pathname: '/docs',
  method: 'PUT',
  uri: '/docs',
};

/** A transport whose body can always go again, with the `send` of a test. */
export function wireOf<Outcome>(send: Wire<Outcome>['send'], changes: Partial<Wire<Outcome>> = {}): Wire<Outcome> {
  return {
    target,
    signal: undefined,
    timeout: 0,
    throughProxy: () => undefined,
    consumed: () => undefined,
    ready: async () => undefined,
    bytes: async () => undefined,
    cancel: () => Promise.reject(new Error('canceled')),
    send,
    ...changes,
  };
}

/** A client that can keep a connection, and has no more to say about it. */
export function pinningOf(changes: Partial<Pinning> = {}): Pinning {
  return {
    obstacle: () => undefined,
    pin: async () => 'open',
    unpin: () => {},
    keep: () => {},
    close: () => {},
    binding: undefined,
    ...changes,
  };
}

/** One request to an origin, with the memory of nobody else. */
export function contextOf<Outcome>(
  wire: Wire<Outcome>,
  schemes: readonly Scheme[],
  providers: readonly Provider[],
): Context<Outcome> & { readonly recorder: Recorder } {
  const place = () => target;
  const recorder = new Recorder({ place, clock, began: clock.now(), listener: undefined, isCallers: false });
  const party = { username: undefined, baseOrigin: undefined, sentScheme: undefined, handsOff: undefined };
  const rules = rulesOf(schemes, providers);
  const origin = { ...party, status: 401 as const, proxy: false, rules, spaces: new Spaces() };
  return { wire, clock, recorder, origin, proxy: () => undefined };
}

/** An exchange, and an answer of it that is on its way. */
export interface UnderWay {
  readonly conversation: Conversation<number>;
  readonly attempt: Attempt;
}

/** What a test chooses of an answer on its way. */
export interface Answered {
  readonly scheme: Scheme;
  readonly challenge: Challenge;
  readonly credential: Credential;
  /** Who gave the credential, and is asked for another. */
  readonly provider: Provider;
}

/** Alice's password is on its way to the realm files, and nobody has said yet whether it is right. */
export function underWay(changes: Partial<Answered> = {}): UnderWay {
  const { scheme, challenge, credential, provider } = { ...ALICE, ...changes };
  const wire = wireOf<number>(async () => replyOf(200, undefined, undefined));
  const context = contextOf(wire, [scheme], [provider]);
  const conversation = new Conversation(context, context.origin);
  const choice = choiceOf(scheme, challenge);
  const space = conversation.spaces.of(target.origin, challenge);
  space.offered(choice, target.url);
  const answer = choice.offer.answer(credential);
  const session = space.open({ credential, given: credential, provider, choice, answer }, clock);
  const { lane, doubts } = session;
  return { conversation, attempt: { space, session, lane, target, borrowed: false, doubts } };
}

const ALICE: Answered = {
  scheme: basic(),
  challenge: { scheme: 'basic', params: { realm: 'files' } },
  credential: { username: 'alice', password: 'wonderland' },
  provider: { name: 'book', get: () => undefined },
};

/** The rules of a client that sets no option. */
export function rulesOf(schemes: readonly Scheme[], providers: readonly Provider[]): Rules {
  return {
    schemes,
    providers,
    allowsInsecure: () => false,
    trustsOrigin: () => false,
    preemptive: true,
    maxCredentials: 3,
    mutual: 'verify',
    assumption: undefined,
    onEvent: undefined,
  };
}

/** What came back: a 401 has a challenge. */
export function replyOf(
  status: number,
  field: string | undefined,
  authorization: Reply<number>['authorization'],
): Reply<number> {
  return {
    status,
    challenges: field,
    authenticationInfo: undefined,
    target,
    isExposed: false,
    visited: [],
    authorization,
    proxy: undefined,
    response: {},
    outcome: status,
    body: () => undefined,
    free: async () => {},
    discard: async () => {},
  };
}
