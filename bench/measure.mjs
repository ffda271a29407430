/** Takes turns and sums up: short rounds of every contender, ratios within a round, quartiles over the rounds. */

/**
 * Runs the contenders in turns, each time in another order, so that what disturbs the machine disturbs all of them.
 *
 * @param contenders - functions that do one short piece of work; the first is what the others are compared with
 * @returns the samples of each: wall and CPU time of this process, in milliseconds
 */
export async function takeTurns(contenders, rounds) {
  const samples = contenders.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const index of order(contenders.length, round)) samples[index].push(await timed(contenders[index]));
  }
  return samples;
}

/** As `takeTurns`, for work that waits for nothing: the clock alone. */
export function takeTurnsSync(contenders, rounds) {
  const samples = contenders.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const index of order(contenders.length, round)) {
      const start = performance.now();
      contenders[index]();
      samples[index].push({ wall: performance.now() - start });
    }
  }
  return samples;
}

/** The ratios of two contenders, round by round. */
export function ratios(samples, reference, clock = 'wall') {
  return samples.map((sample, round) => sample[clock] / reference[round][clock]);
}

/** Median, quartiles, and how far the median may be off by chance (the notch of a box plot). */
export function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share));
  return { low, median, high, error: (1.57 * (high - low)) / Math.sqrt(sorted.length), n: sorted.length };
}

/** `1.031 ±0.004 [0.98-1.09]`: the median, its error, the quartiles. */
export function shown({ low, median, high, error }, unit = '') {
  const digits = median < 10 ? 3 : 1;
  return `${median.toFixed(digits)}${unit} ±${error.toFixed(digits)} [${low.toFixed(2)}-${high.toFixed(2)}]`;
}

function order(length, round) {
  const rotated = Array.from({ length }, (_, index) => (index + round) % length);
  return round % 2 === 0 ? rotated : rotated.reverse();
}

async function timed(work) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: (user + system) / 1000 };
}

function quantile(sorted, share) {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}
