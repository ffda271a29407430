/** Row 5: requests to an origin that never challenges, against bare axios without the plugin. */

import { againstBare } from '../against-bare.mjs';
import { bare, idle, ours } from '../clients.mjs';
import { startServer } from '../start-server.mjs';

export async function run({ quick }) {
  const server = await startServer();
  const lines = await againstBare({
    label: 'request to an origin that never challenges',
    makeBare: () => bare(server.origin),
    client: ours(server.origin),
    parts: { 'an idle plugin': idle(server.origin) },
    space: '/open/',
    limit: 1.02,
    rounds: quick ? 20 : 800,
  });
  server.stop();
  return lines;
}
