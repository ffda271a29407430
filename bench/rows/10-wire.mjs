/** Row 10: requests and bytes on the wire for 1,000 sequential requests, cold. */

import { curl, getMany, ours, peers } from '../clients.mjs';
import { line } from '../lines.mjs';
import { startServer } from '../start-server.mjs';

export async function run({ quick }) {
  const n = quick ? 100 : 1000;
  const server = await startServer();
  const sums = {};
  for (const client of [ours(server.origin), ...peers(server.origin)]) {
    await getMany(client, '/digest/', n);
    sums[client.name] = await server.counted();
  }
  if (await curl(server.origin, '/digest/', n)) sums.curl = await server.counted();
  server.stop();
  const { 'axios-challenge': own, ...others } = sums;
  const say = (write) => ({ ours: write(own), others: mapValues(others, write) });
  const requests = line({
    label: `requests on the wire for ${n.toLocaleString('en')}`,
    how: 'counted',
    value: own.requests,
    limit: n + 1,
    target: `<= ${n + 1}`,
    ...say((sum) => String(sum.requests)),
  });
  const bytes = line({
    label: 'bytes up + down for each of them',
    how: 'counted',
    ...say(({ bytesIn, bytesOut }) => `${Math.round(bytesIn / n)} + ${Math.round(bytesOut / n)}`),
  });
  const values = mapValues(sums, (sum) => sum.requests / n);
  const chart = {
    title: 'Sends for one Digest request',
    unit: `mean of ${n.toLocaleString('en')}; fewer is better`,
    values,
  };
  return [{ ...requests, bars: { title: 'sends for one request', values }, chart }, bytes];
}

function mapValues(object, write) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, write(value)]));
}
