/** Many requests, many of them at once, over nonces that expire: all are answered, and nothing grows. */

import { fork } from 'node:child_process';
import { getEventListeners, once, setMaxListeners } from 'node:events';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import axios from 'axios';
import { installAuth, trace } from '../../dist/esm/index.js';

const REQUESTS = Number(process.env.SOAK_REQUESTS ?? 10_000);
const IN_FLIGHT = 100;
const LIFETIME = 500; // Milliseconds of a nonce.
const SAMPLES = 30;
const MEBIBYTE = 2 ** 20;
// In MiB. Between the medians of two thirds of a run there is a tenth of it; a kilobyte that is kept a nonce is more.
const LITTLE = 0.75;

const server = fork(fileURLToPath(new URL('server.mjs', import.meta.url)), [String(LIFETIME)]);
const [{ origin }] = await once(server, 'message');
const httpAgent = new http.Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
const leaving = new AbortController();
setMaxListeners(4 * IN_FLIGHT, leaving.signal);
const told = { asked: 0, approved: 0, rejected: 0 };
const heap = [];

const start = performance.now();
const client = axios.create({ baseURL: origin, proxy: false, httpAgent, signal: leaving.signal });
installAuth(client, { providers: [provider()] });
const sent = await run();
const seconds = (performance.now() - start) / 1000;
const { resources, listeners, count } = await close();
report();

function provider() {
  return {
    name: 'soak',
    get: () => {
      told.asked += 1;
      return { username: 'alice', password: 'wonderland' };
    },
    approve: () => {
      told.approved += 1;
    },
    reject: () => {
      told.rejected += 1;
    },
  };
}

/** Keeps so many in flight; gives how often something was sent, and how often one request was at most. */
async function run() {
  let next = 0;
  const sent = { all: 0, most: 0 };
  const worker = async () => {
    for (let i = next++; i < REQUESTS; i = next++) {
      const sends = trace(await client.get(`/${i}`)).events.filter(({ type }) => type === 'send').length;
      sent.all += sends;
      sent.most = Math.max(sent.most, sends);
      if (i % Math.ceil(REQUESTS / SAMPLES) === 0) sample();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return sent;
}

function sample() {
  globalThis.gc();
  heap.push(process.memoryUsage().heapUsed / MEBIBYTE);
}

/** What is left when the last request has been answered and the agent is gone. */
async function close() {
  const listeners = getEventListeners(leaving.signal, 'abort').length;
  server.send('report');
  const [count] = await once(server, 'message');
  httpAgent.destroy();
  server.disconnect();
  await once(server, 'exit');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const resources = process.getActiveResourcesInfo().filter((kind) => /^(TCP|Timeout)/.test(kind));
  return { resources, listeners, count };
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function report() {
  const third = Math.floor(heap.length / 3);
  // What is loaded and compiled on the way comes in the first third.
  const [before, after] = [median(heap.slice(third, 2 * third)), median(heap.slice(-third))];
  const { accepted, cold, stale, wrong, replayed, mostSockets } = count;
  const arrived = accepted + cold + stale + wrong + replayed;
  const expiries = Math.ceil((1000 * seconds) / LIFETIME);
  const expected = [
    ['every request was let in, once', accepted === REQUESTS],
    ['none was refused, and no nc came twice', wrong === 0 && replayed === 0],
    ['each challenge has cost one send', sent.all === arrived && arrived === REQUESTS + cold + stale],
    [
      'challenged were those in flight at the start and when a nonce expired',
      cold + stale <= IN_FLIGHT * (1 + expiries),
    ],
    ['nonces have expired on the way', stale > 0],
    ['one request was sent three times at most', sent.most <= 3],
    ['the credential was asked for once, and approved once', isOnce(told)],
    ['there were no more sockets than requests in flight', mostSockets <= IN_FLIGHT],
    ['no socket and no timer is left', resources.length === 0],
    ['no listener is left on the signal', listeners === 0],
    ['the heap does not grow', after - before < LITTLE],
  ];
  console.log(
    `${REQUESTS} requests, ${IN_FLIGHT} in flight, in ${seconds.toFixed(0)} s: ${arrived} sends, ${cold} cold, ${stale} stale; ` +
      `heap ${before.toFixed(1)} MiB, then ${after.toFixed(1)} MiB; ${mostSockets} sockets`,
  );
  for (const [what, holds] of expected) console.log(`  ${holds ? 'ok    ' : 'NOT OK'}  ${what}`);
  if (!expected.every(([, holds]) => holds)) process.exitCode = 1;
}

function isOnce({ asked, approved, rejected }) {
  return asked === 1 && approved === 1 && rejected === 0;
}
