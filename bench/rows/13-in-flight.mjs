/** Row 13: the heap of a request in flight, authorized, of a thousand at once, beyond that of bare axios. */

import { setMaxListeners } from 'node:events';
import axios from 'axios';
import { installAuth, staticCredential } from 'axios-challenge';
import { ALICE } from '../clients.mjs';
import { memoryAgent } from '../in-memory.mjs';
import { line } from '../lines.mjs';
import { shown, summary } from '../measure.mjs';
import { readyMadeFrom } from '../ready-made.mjs';

const ORIGIN = 'http://127.0.0.1:9';
const CHALLENGE = 'Digest realm="bench", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", qop="auth"';
const KIB = 1024;

export async function run({ quick }) {
  const [rounds, requests] = quick ? [2, 200] : [9, 1000];
  const headers = { Authorization: readyMadeFrom(CHALLENGE, '/held/1000') };
  const samples = { ours: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    samples.ours.push(await heapOf(requests, true));
    samples.bare.push(await heapOf(requests, false, { headers }));
  }
  // Code that was never run before takes heap of its own.
  const [ours, bare] = [samples.ours, samples.bare].map((values) => summary(values.slice(1)));
  const beyond = summary(samples.ours.slice(1).map((value, i) => value - samples.bare[i + 1]));
  return [
    line({
      label: `heap of a request in flight, ${requests} at once, beyond bare axios`,
      ours: shown(beyond, ' KiB'),
      how: `heapUsed after gc(), median of ${rounds - 1} rounds`,
      value: beyond.median,
      limit: 4,
      target: '<= 4 KiB',
      others: { 'in all': `${ours.median.toFixed(1)} KiB`, 'bare axios': `${bare.median.toFixed(1)} KiB` },
    }),
  ];
}

/** KiB a request, while all of them wait for a response. */
async function heapOf(requests, isOurs, config = {}) {
  const client = axios.create({ baseURL: ORIGIN, proxy: false, httpAgent: memoryAgent() });
  if (isOurs) installAuth(client, { providers: [staticCredential(ALICE, { origin: ORIGIN })] });
  await client.get('/report', config);
  const leaving = new AbortController();
  setMaxListeners(0, leaving.signal);
  const before = heap();
  const sent = Array.from({ length: requests }, (_, i) =>
    client.get(`/held/${1000 + i}`, { ...config, signal: leaving.signal }).catch(() => {}),
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  const held = heap() - before;
  leaving.abort();
  await Promise.all(sent);
  return held / requests / KIB;
}

function heap() {
  for (let i = 0; i < 3; i += 1) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
