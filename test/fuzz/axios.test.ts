/** The same stories with the real axios, on this machine: what its adapter, its redirects and its sockets add. */

import { getEventListeners } from 'node:events';
import http from 'node:http';
import { Readable } from 'node:stream';
import axios, { type AxiosInstance, isAxiosError } from 'axios';
import fc from 'fast-check';
import { AuthError, explain, installAuth } from '../../src/index.js';
import type { ReceivedRequest } from '../../src/testing/challenge-server.js';
import { through } from '../support/proxy.js';
import { budget, TIMEOUT } from './budget.js';
import { Loopback, sleep } from './model/loopback.js';
import { People } from './model/people.js';
import { type Call, orderlyStory, type Place, type Story, story } from './model/story.js';

const WHOLE = Buffer.alloc(3000, 'the whole body, ');
/** Whoever waits for more than this has been forgotten. */
const LONGEST = 20_000;
const HOPS = 5;

interface Made {
  readonly call: Call;
  readonly signal: AbortSignal;
  /** How it ended; `undefined`: it did not. */
  outcome?: unknown;
}

test(
  'the real axios keeps the laws, too, and leaves neither socket nor listener',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(story, orderlyStory), async (one) => expect(await breaches(one)).toEqual([])),
      // It takes its time, so the first that is found is as good as the shortest.
      { ...budget(25), endOnFailure: true },
    );
  },
  TIMEOUT,
);

async function breaches(one: Story): Promise<readonly string[]> {
  const loopback = await Loopback.start(one);
  const httpAgent = new http.Agent({ keepAlive: true });
  try {
    const people = new People(one, loopback);
    const calls = await play(one, loopback, people, httpAgent);
    const found = [...calls.flatMap(ending), ...arrivals(one, loopback, calls), ...verdicts(people)];
    return found.length === 0 ? leftOpen(httpAgent) : [...found, ...calls.map(({ outcome }) => explain(outcome))];
  } finally {
    httpAgent.destroy();
    await loopback.close();
  }
}

async function play(one: Story, loopback: Loopback, { providers }: People, httpAgent: http.Agent): Promise<Made[]> {
  const proxy = loopback.servers.proxy ? through(loopback.servers.proxy) : (false as const);
  const client = axios.create({ proxy, httpAgent, maxRedirects: HOPS });
  const trustOrigins = one.trusting ? [loopback.originOf('a'), loopback.originOf('b')] : [];
  const { maxCredentials, preemptive, mutual } = one;
  installAuth(client, { providers, trustOrigins, maxCredentials, preemptive, mutual });
  const calls = one.calls.map((call, index) => make(client, loopback, call, index));
  let stop = () => {};
  const late = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LONGEST);
    stop = () => clearTimeout(timer);
  });
  await Promise.race([Promise.all(calls.map(({ end }) => end)), late]);
  stop();
  return calls.map(({ made }) => made);
}

function make(client: AxiosInstance, loopback: Loopback, call: Call, index: number) {
  const controller = new AbortController();
  const made: Made = { call, signal: controller.signal };
  const end = (async () => {
    await sleep(call.start / 10);
    if (call.abort !== undefined) setTimeout(() => controller.abort(), call.abort / 10);
    const { timeout } = call;
    const method = methodOf(call);
    const url = loopback.originOf(call.place) + call.path;
    const config = { url, method, timeout, headers: { 'X-Call': `${index}` }, data: bodyOf(call), signal: made.signal };
    made.outcome = await client.request(config).catch((error: unknown) => error);
  })();
  return { made, end };
}

/** Node has no framing for the stream of a GET. */
function methodOf(call: Call): string {
  return bodyOf(call) === undefined ? call.method : 'POST';
}

function bodyOf({ body }: Call): unknown {
  if (body === 'none' || body === 'broken') return undefined;
  return body === 'stream' ? Readable.from([WHOLE]) : WHOLE;
}

/** Every call ends, with axios's own error or a server that cannot prove itself, and nobody listens any more. */
function ending({ outcome, signal }: Made, index: number): readonly string[] {
  if (outcome === undefined) return [`call ${index} never ends`];
  const isMutual = outcome instanceof AuthError && outcome.code === 'ERR_AUTH_MUTUAL';
  const isStrange = outcome instanceof Error && !isAxiosError(outcome) && !isMutual;
  const left = getEventListeners(signal, 'abort').length;
  return [
    ...(isStrange ? [`call ${index} fails with ${(outcome as Error).stack}`] : []),
    ...(left > 0 ? [`call ${index} left ${left} listeners on its signal`] : []),
  ];
}

/** What the servers saw of it all. */
function arrivals(one: Story, loopback: Loopback, calls: readonly Made[]): readonly string[] {
  const answers = one.maxCredentials + 3;
  const most = (1 + answers + (one.proxy ? answers : 0)) * (HOPS + 1);
  const seen = new Set<string>();
  const counts = new Map<number, number>();
  const places = Object.entries(loopback.servers) as Array<[Place, { requests: readonly ReceivedRequest[] }]>;
  return places.flatMap(([place, { requests }]) =>
    requests.flatMap((request) => {
      const index = Number(request.headers['x-call']);
      const { call } = calls[index] as Made;
      const use = request.nc === undefined ? undefined : `${place} ${request.nonce} ${request.nc}`;
      const isRepeated = use !== undefined && seen.has(use);
      if (use !== undefined) seen.add(use);
      counts.set(index, (counts.get(index) ?? 0) + (place === 'proxy' ? 0 : 1));
      return [
        ...(request.violation === undefined ? [] : [`${place}: ${request.violation}`]),
        ...(isRepeated ? [`nc ${request.nc} was used twice at ${place}`] : []),
        ...(isWhole(request, call) ? [] : [`call ${index} arrived with ${request.body.length} bytes`]),
        ...(isInPlace(request, place, call, one) ? [] : [`${place} was sent ${request.authorization}`]),
        ...(counts.get(index) === most + 1 ? [`call ${index} was sent more than ${most} times`] : []),
      ];
    }),
  );
}

/** The whole body, or none where a redirect has made a GET of it, or where nobody has waited for it. */
function isWhole({ body, method, status }: ReceivedRequest, call: Call): boolean {
  const hasBody = bodyOf(call) !== undefined && method === methodOf(call);
  return hasBody ? body.equals(WHOLE) || (body.length === 0 && (status === 0 || status >= 400)) : body.length === 0;
}

function isInPlace(request: ReceivedRequest, place: Place, call: Call, { trusting }: Story): boolean {
  const { authorization, scheme, user, headers } = request;
  if (place !== 'proxy' && headers['proxy-authorization'] !== undefined) return false;
  if (authorization === undefined || scheme === undefined) return true;
  if (place !== 'proxy' && place !== call.place && !trusting) return false;
  return scheme === 'bearer'
    ? authorization.endsWith(`-${place}`)
    : user === `me@${place}` || /userhash=true/.test(authorization);
}

/** Only what is wrong is rejected where servers say what they mean, and only what is right is approved. */
function verdicts({ told }: People): readonly string[] {
  return told.flatMap(({ verdict, secret }) =>
    verdict === 'approve' && secret.startsWith('wrong') ? [`${secret} was approved`] : [],
  );
}

/** What an agent still holds a moment after it was given up. */
async function leftOpen(agent: http.Agent): Promise<readonly string[]> {
  const held = () => [agent.sockets, agent.freeSockets, agent.requests].flatMap((lists) => Object.values(lists)).flat();
  const isIdle = () => Object.keys(agent.sockets).length + Object.keys(agent.requests).length === 0;
  for (let turn = 0; turn < 200 && !isIdle(); turn += 1) await sleep(10);
  const busy = isIdle() ? [] : ['a socket is in use, and all calls have ended'];
  agent.destroy();
  for (let turn = 0; turn < 200 && held().length > 0; turn += 1) await sleep(10);
  return held().length === 0 ? busy : [...busy, `${held().length} sockets are left`];
}
