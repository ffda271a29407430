/** A client against bare axios, request by request, with bare axios against itself beside it to show the noise. */

import { ratioLine } from './lines.mjs';
import { ratios, shown, summary, takeTurns } from './measure.mjs';

const BLOCK = 20;

// V8 compiles a function for speed after some thousand calls. All contenders call axios's code, but a client's own is called
// by one of them.
const WARM_UP = 10_000 / BLOCK;

/**
 * A line of wall time and a line of CPU time.
 *
 * @param parts - clients that do a part of the work, by name: they show where the time goes
 * @param limit - the part that the client is held against, and how far it may be above it
 */
export async function againstBare({ label, makeBare, client, parts, space, limit, rounds }) {
  // Few at a time, as in a program: the more clients take turns, the colder is the code of each. What the client is held
  // against takes turns with it.
  const { [limit?.of]: rival, ...rest } = parts;
  const first = [makeBare(), client, makeBare(), ...(rival ? [rival] : [])];
  const [reference, measured, control, held] = await beside(first, space, rounds);
  const others = rival ? [[limit.of, [reference, held]]] : [];
  for (const [name, part] of Object.entries(rest))
    others.unshift([name, await beside([makeBare(), part], space, rounds / 2)]);
  return ['wall', 'cpu'].map((clock) => {
    const median = ([bare, part]) => summary(ratios(part, bare, clock)).median;
    const medians = Object.fromEntries(others.map(([name, samples]) => [name, median(samples)]));
    return ratioLine({
      label,
      clock: clock === 'wall' ? 'wall time' : 'CPU time',
      summary: summary(ratios(measured, reference, clock)),
      limit: limit && medians[limit.of] + limit.within,
      target: limit && `<= ${limit.of} + ${limit.within}`,
      others: {
        'bare axios': `${(perRequest(reference, clock) * 1000).toFixed(0)} µs`,
        'bare again': shown(summary(ratios(control, reference, clock))),
        ...Object.fromEntries(Object.entries(medians).map(([name, value]) => [name, value.toFixed(3)])),
      },
    });
  });
}

/** The samples of each client, after as many requests as warm its code. */
async function beside(clients, space, rounds) {
  const contenders = clients.map((one) => blocks(one, space));
  await takeTurns(contenders, Math.min(WARM_UP, 2 * rounds));
  return takeTurns(contenders, rounds);
}

/** Paths of one length, so that a ready-made header is as long as one that is computed. */
function blocks({ get }, space) {
  let next = 0;
  return async () => {
    for (let i = 0; i < BLOCK; i += 1) {
      next = (next + 1) % 1000;
      await get(`${space}${1000 + next}`);
    }
  };
}

function perRequest(samples, clock) {
  return summary(samples.map((sample) => sample[clock])).median / BLOCK;
}
