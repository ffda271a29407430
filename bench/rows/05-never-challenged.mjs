/** Row 5: requests to an origin that never challenges, against bare axios without the plugin. */

import { againstBare } from '../against-bare.mjs';
import { ALICE, bare, idle, least, ours } from '../clients.mjs';
import { THE_PIECES } from '../join-pieces.mjs';
import { pieced } from '../pieced.mjs';
import { startServer } from '../start-server.mjs';

export async function run({ quick }) {
  const [server, other] = [await startServer(), await startServer()];
  const common = {
    makeBare: () => bare(server.origin),
    parts: {
      'an idle plugin': idle(server.origin),
      'the least plugin': least(server.origin),
      [THE_PIECES]: await pieced(server.origin),
    },
    space: '/open/',
    limit: { of: THE_PIECES, within: 0.02 },
    rounds: quick ? 20 : 800,
  };
  const fresh = ours(server.origin);
  const met = ours(server.origin, [{ name: 'bench', get: () => ALICE }]);
  await met.get(`${other.origin}/digest/1`);
  const lines = [
    ...(await againstBare({ ...common, label: 'request to an origin that never challenges', client: fresh })),
    ...(await againstBare({ ...common, label: 'the same, another origin has challenged', client: met })),
  ];
  server.stop();
  other.stop();
  return lines;
}
