/** Row 9: requests per second, warm, at 1, 10 and 100 in flight. The chart leaves out what nobody can install. */

import { bare, getMany, least, ours, peers } from '../clients.mjs';
import { THE_PIECES } from '../join-pieces.mjs';
import { line } from '../lines.mjs';
import { ratios, summary, takeTurns } from '../measure.mjs';
import { pieced } from '../pieced.mjs';
import { answerFor, challengeOf, readyMade } from '../ready-made.mjs';
import { startServer } from '../start-server.mjs';

/** How far it may be below its pieces. */
const WITHIN = 0.03;

export async function run({ quick }) {
  const server = await startServer();
  const header = await readyMade(server.origin, '/digest/100');
  const answer = await answerFor(server.origin, '/digest/100');
  const clients = [
    ours(server.origin),
    bare(server.origin, header),
    ...peers(server.origin),
    least(server.origin, answer),
    await pieced(server.origin, await challengeOf(server.origin, '/digest/100')),
  ];
  for (const client of clients) await getMany(client, '/digest/', quick ? 100 : 10_000, 10);
  const lines = [];
  for (const inFlight of [1, 10, 100])
    lines.push(await compare(clients, inFlight, quick ? { rounds: 2, block: 100 } : { rounds: 40, block: 200 }));
  server.stop();
  return lines;
}

async function compare(clients, inFlight, { rounds, block }) {
  const contenders = clients.map((client) => () => getMany(client, '/digest/', block, inFlight));
  await takeTurns(contenders, rounds > 5 ? 2 : 1);
  const samples = await takeTurns(contenders, rounds);
  const [, reference] = samples;
  const shares = samples.map((own) => summary(ratios(reference, own)).median);
  const texts = samples.map((own, i) => `${perSecond(own, block)} (${shares[i].toFixed(2)})`);
  // Shares are taken within a round, so they are steadier than the rates themselves.
  const rates = shares.map((share) => Math.round(share * perSecond(reference, block)));
  const entries = (values, of = clients) => Object.fromEntries(of.map(({ name }, i) => [name, values[i]]));
  const { 'axios-challenge': own, ...others } = entries(texts);
  return {
    ...line({
      label: `requests per second, ${inFlight} in flight (of bare axios)`,
      ours: own,
      how: `wall time, median of ${rounds} rounds`,
      // Times, so that less is better: of bare axios against this package.
      value: 1 / shares[0],
      limit: 1 / (shares.at(-1) - WITHIN),
      target: `>= ${THE_PIECES} - ${WITHIN}`,
      others,
    }),
    bars: { title: `requests per second, ${inFlight} in flight, of bare axios`, values: entries(shares) },
    ...(inFlight === 10 && {
      chart: {
        title: 'Digest requests per second',
        unit: '10 at a time; more is better',
        values: entries(rates, clients.slice(0, -2)),
      },
    }),
  };
}

function perSecond(samples, block) {
  return Math.round((block * 1000) / summary(samples.map(({ wall }) => wall)).median);
}
