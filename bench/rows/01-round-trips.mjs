/** Row 1: round trips for 100 sequential requests to one space, cold. */

import { curl, getMany, ours, peers } from '../clients.mjs';
import { counted } from '../lines.mjs';
import { startServer } from '../start-server.mjs';

const N = 100;

export async function run() {
  const server = await startServer();
  const others = {};
  const client = ours(server.origin);
  await getMany(client, '/digest/', N);
  const { requests } = await server.counted();
  for (const peer of peers(server.origin)) {
    await getMany(peer, '/digest/', N);
    others[peer.name] = String((await server.counted()).requests);
  }
  const ran = await curl(server.origin, '/digest/', N);
  others.curl = ran ? String((await server.counted()).requests) : 'not installed';
  server.stop();
  return [counted(`round trips, ${N} sequential requests, cold`, requests, N + 1, others)];
}
