/** Row 8: the heap after many different origins have challenged; nothing is sent. */

import axios, { AxiosError, AxiosHeaders } from 'axios';
import { installAuth } from 'axios-challenge';
import { ALICE } from '../clients.mjs';
import { line } from '../lines.mjs';

export async function run({ quick }) {
  // The largest memory holds 10,000 entries: before it is full, the heap grows.
  const [few, many] = [12_000, quick ? 18_000 : 100_000];
  const client = axios.create({ adapter: challenger });
  installAuth(client, { providers: [{ name: 'anywhere', get: () => ALICE }] });
  // Code that was never run before takes heap of its own.
  await visit(client, 0, few);
  const before = heap();
  await visit(client, few, few + 1000);
  const after = heap();
  await visit(client, few + 1000, many);
  const end = heap();
  return [
    line({
      label: `heap after ${show(many)} origins against ${show(few)}`,
      ours: `${(end / before).toFixed(3)} (${mebi(before)}, ${mebi(after)} after ${show(few + 1000)}, ${mebi(end)})`,
      how: 'heapUsed after gc()',
      value: end / before,
      limit: 1.05,
      target: 'flat, <= 1.05',
    }),
  ];
}

async function visit(client, from, to) {
  for (let i = from; i < to; i += 1) await client.get(`https://host-${i}.example/report`);
}

/** A server of every origin, as axios sees it: 401 without an Authorization, 200 with one. */
async function challenger(config) {
  if (config.headers.Authorization) return response(config, 200, {});
  const challenge = `Digest realm="${config.url}", nonce="${Math.random()}", qop="auth"`;
  const refused = response(config, 401, { 'www-authenticate': challenge });
  throw new AxiosError('401', AxiosError.ERR_BAD_REQUEST, config, null, refused);
}

/** `responseURL` says who answered: without it no challenge of an adapter function is answered. */
function response(config, status, headers) {
  const request = { responseURL: config.url };
  return { data: '', status, statusText: '', headers: new AxiosHeaders(headers), config, request };
}

function heap() {
  for (let i = 0; i < 3; i += 1) globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function mebi(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function show(number) {
  return number.toLocaleString('en');
}
