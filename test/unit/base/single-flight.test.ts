/** One run for all callers that wait for the same thing. */

import { Abandoned } from '../../../src/base/abort.js';
import { SingleFlight } from '../../../src/base/single-flight.js';

test('a run is aborted when its last caller gives up, and not before', async () => {
  const flight = new SingleFlight<string>();
  let signal: AbortSignal | undefined;
  const task = (given: AbortSignal) => {
    signal = given;
    return new Promise<string>(() => {});
  };
  const [one, other] = [new AbortController(), new AbortController()];
  const waits = [flight.join(task, one.signal), flight.join(task, other.signal)];
  one.abort();
  await expect(waits[0]).rejects.toBeInstanceOf(Abandoned);
  expect(signal?.aborted).toBe(false);
  other.abort();
  await expect(waits[1]).rejects.toBeInstanceOf(Abandoned);
  expect(signal?.aborted).toBe(true);
});

test('a caller that gives up as the run ends leaves the next run alone', async () => {
  const flight = new SingleFlight<string>();
  let end = (_: string) => {};
  const leaving = new AbortController();
  const gone = flight.join(() => new Promise((resolve) => (end = resolve)), leaving.signal);
  end('late');
  leaving.abort();
  await expect(gone).rejects.toBeInstanceOf(Abandoned);
  expect(await flight.join(async () => 'next', undefined)).toBe('next');
});
