/** Plays a story: every call is an exchange of its own, all in one memory, until nothing happens any more. */

import { getEventListeners } from 'node:events';
import type { Rules } from '../../../src/exchange/challenge/rules.js';
import { exchange } from '../../../src/exchange/exchange.js';
import { Spaces } from '../../../src/exchange/memory/spaces.js';
import type { Challenger } from '../../../src/exchange/party/challenger.js';
import type { Context } from '../../../src/exchange/party/conversation.js';
import { needsExchange } from '../../../src/exchange/send/direct.js';
import { type DirectSend, directSend } from '../../../src/exchange/send/known.js';
import type { Trace } from '../../../src/exchange/trace/events.js';
import { Recorder } from '../../../src/exchange/trace/recorder.js';
import { basic } from '../../../src/schemes/basic.js';
import { bearer } from '../../../src/schemes/bearer.js';
import { digest } from '../../../src/schemes/digest/digest.js';
import { FakeWire, type Network, type Outcome } from './fake-wire.js';
import { People, type Told } from './people.js';
import type { Call, Story } from './story.js';
import { VirtualTime } from './time.js';
import { ORIGINS, World } from './world.js';

/** How a call went. */
export interface Played {
  readonly call: Call;
  readonly wire: FakeWire;
  readonly trace: Trace;
  /** When it was settled; `undefined`: it never was. */
  settled?: number;
  outcome?: Outcome;
  error?: unknown;
  /** When its caller gave up. */
  aborted?: number;
  /** How many listeners were left on its signal. */
  listeners: number;
}

/** How a story went. */
export interface Ending {
  readonly story: Story;
  readonly world: World;
  readonly calls: readonly Played[];
  readonly told: readonly Told[];
  readonly impatience: number;
}

export async function play(story: Story): Promise<Ending> {
  const time = new VirtualTime();
  const world = new World(story, time);
  const people = new People(story, world);
  const known = new Set(story.proxyKnown ? [ORIGINS.a, ORIGINS.b] : []);
  const stage: Stage = {
    network: { world, time, hasProxy: story.proxy !== undefined, known },
    rules: rulesOf(story, people),
    spaces: new Spaces(),
    proxySpaces: new Spaces(),
  };
  const calls: Played[] = [];
  story.calls.forEach((call, index) => {
    time.after(call.start, () => {
      calls[index] = begin(stage, call, index);
    });
  });
  await time.run();
  return { story, world, calls, told: people.told, impatience: time.impatience };
}

interface Stage {
  readonly network: Network;
  readonly rules: Rules;
  readonly spaces: Spaces;
  readonly proxySpaces: Spaces;
}

function rulesOf({ trusting, preemptive, maxCredentials, mutual }: Story, { providers }: People): Rules {
  const trustsOrigin = (origin: string) => trusting && [ORIGINS.a, ORIGINS.b].includes(origin);
  const schemes = [digest(), bearer(), basic()];
  const allowsInsecure = () => false;
  const rest = { onEvent: undefined, assumption: undefined };
  return { schemes, providers, allowsInsecure, trustsOrigin, preemptive, maxCredentials, mutual, ...rest };
}

function begin(stage: Stage, call: Call, index: number): Played {
  const { time } = stage.network;
  const controller = new AbortController();
  const wire = new FakeWire(stage.network, index, call, controller.signal);
  const place = () => wire.target;
  const recorder = new Recorder({ place, clock: time, began: time.now(), listener: undefined, isCallers: false });
  const played: Played = {
    call,
    wire,
    get trace() {
      return recorder.trace;
    },
    listeners: 0,
  };
  if (call.abort !== undefined) {
    time.after(call.abort, () => {
      if (played.settled !== undefined) return;
      played.aborted = time.now();
      controller.abort();
    });
  }
  const settle = (how: Partial<Played>) => {
    Object.assign(played, how, { settled: time.now() });
    // What is taken off in a `finally` may be a few turns behind.
    setImmediate(() => {
      played.listeners = getEventListeners(controller.signal, 'abort').length;
    });
  };
  run(stage, wire, recorder).then(
    (outcome) => settle({ outcome }),
    (error: unknown) => settle({ error }),
  );
  return played;
}

/** As a client does: it makes the first send by itself where the exchange says so. */
async function run(stage: Stage, wire: FakeWire, recorder: Recorder): Promise<Outcome> {
  const { network, rules, spaces } = stage;
  const clock = network.time;
  const proxy = () => (wire.throughProxy(wire.target) ? challenger(stage, 407) : undefined);
  const context = { wire, clock, recorder, origin: challenger(stage, 401), proxy };
  const direct = wire.isOrdinary && !proxy() ? directSend({ rules, spaces }, wire.target, clock) : undefined;
  return direct ? runDirect(context, direct) : exchange(context);
}

async function runDirect(context: Context<Outcome>, direct: DirectSend): Promise<Outcome> {
  const { wire, clock, recorder, origin } = context;
  const { known } = direct;
  const began = clock.now();
  const reply = await wire
    .send(known)
    .catch((error: unknown) => {
      known?.record(recorder, began);
      throw error;
    })
    .finally(() => known?.end());
  const milliseconds = clock.now() - began;
  const { status, authenticationInfo, target, outcome } = reply;
  const answered = { status, authenticationInfo, hasMoved: target !== wire.target };
  if (needsExchange(direct, answered, origin.rules)) return exchange(context, { reply, milliseconds, known });
  if (known) recorder.first({ status, milliseconds }, known.described);
  return outcome;
}

function challenger({ rules, spaces, proxySpaces }: Stage, status: 401 | 407): Challenger {
  const nobody = { username: undefined, baseOrigin: undefined, sentScheme: undefined, handsOff: undefined };
  if (status === 401) return { ...nobody, status, proxy: false, rules, spaces };
  const mutual = rules.mutual === 'require' ? 'verify' : rules.mutual;
  return { ...nobody, status, proxy: true, rules: { ...rules, mutual }, spaces: proxySpaces };
}
