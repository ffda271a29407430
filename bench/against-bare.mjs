/** A client against bare axios, request by request, with bare axios against itself beside it to show the noise. */

import { ratioLine } from './lines.mjs';
import { ratios, shown, summary, takeTurns } from './measure.mjs';

const BLOCK = 20;

// V8 compiles a function for speed after some thousand calls. All contenders call axios's code, but a client's own is called
// by one of them.
const WARM_UP = 10_000 / BLOCK;

/**
 * A line of wall time and a line of CPU time; `limit` is held against both.
 *
 * @param parts - clients that do a part of the work, by name: they show where the time goes
 */
export async function againstBare({ label, makeBare, client, parts, space, limit, rounds }) {
  const contenders = [makeBare(), client, makeBare(), ...Object.values(parts)].map((one) => blocks(one, space));
  await takeTurns(contenders, Math.min(WARM_UP, 2 * rounds));
  const [reference, measured, control, ...partial] = await takeTurns(contenders, rounds);
  return ['wall', 'cpu'].map((clock) => {
    const median = (samples) => summary(ratios(samples, reference, clock)).median.toFixed(3);
    return ratioLine({
      label,
      clock: clock === 'wall' ? 'wall time' : 'CPU time',
      summary: summary(ratios(measured, reference, clock)),
      limit,
      others: {
        'bare axios': `${(perRequest(reference, clock) * 1000).toFixed(0)} µs`,
        'bare again': shown(summary(ratios(control, reference, clock))),
        ...Object.fromEntries(Object.keys(parts).map((name, i) => [name, median(partial[i])])),
      },
    });
  });
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
