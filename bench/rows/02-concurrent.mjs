/** Row 2: 100 concurrent requests, cold, then 100 more. */

import { ALICE, getMany, ours, peers } from '../clients.mjs';
import { counted, line } from '../lines.mjs';
import { startServer } from '../start-server.mjs';

const N = 100;

export async function run() {
  const server = await startServer();
  let lookups = 0;
  const counting = {
    name: 'counting',
    get: async () => {
      lookups += 1;
      return ALICE;
    },
  };
  const [cold, warm] = await twice(server, ours(server.origin, [counting]));
  const others = await othersOf(server);
  server.stop();
  return [
    counted(`${N} concurrent requests, cold: credential lookups`, lookups, 1),
    counted(`${N} concurrent requests, cold: sends`, cold.requests, 2 * N, others.cold),
    line({
      label: 'the same: nc values used twice',
      ours: `${cold.authorized - cold.ncs} of ${cold.authorized}`,
      how: 'counted',
      value: cold.authorized - cold.ncs,
      limit: 0,
      target: '0',
      others: others.ncs,
    }),
    counted(`${N} more, warm: sends`, warm.requests, N, others.warm),
  ];
}

async function twice(server, client) {
  await getMany(client, '/digest/', N, N);
  const cold = await server.counted();
  await getMany(client, '/digest/', N, N);
  return [cold, await server.counted()];
}

async function othersOf(server) {
  const others = { cold: {}, warm: {}, ncs: {} };
  for (const peer of peers(server.origin)) {
    const [cold, warm] = await twice(server, peer);
    others.cold[peer.name] = String(cold.requests);
    others.warm[peer.name] = String(warm.requests);
    others.ncs[peer.name] = `${cold.authorized - cold.ncs} of ${cold.authorized}`;
  }
  return others;
}
