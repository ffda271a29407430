import { Abandoned } from '../../../../src/base/abort.js';
import { Lane, Lanes } from '../../../../src/exchange/memory/lane.js';

const lane = () => new Lane({ needsBody: false, authorize: () => ({ value: 'x' }) });
const patient = <T>(waiting: Promise<T>): Promise<T> => waiting;

test('a lane for a request that has just left is handed to the next request', async () => {
  const [lanes, only] = [new Lanes(), lane()];
  await lanes.enter(only, patient);
  let leave: (gone: Abandoned) => void = () => {};
  const leaving = lanes.take(() => new Promise((_, reject) => (leave = reject)));
  const next = lanes.take(patient);
  lanes.give(only);
  leave(new Abandoned());
  await expect(leaving).rejects.toBeInstanceOf(Abandoned);
  expect(await next).toBe(only);
});

test('a request that leaves the queue gets no lane', async () => {
  const [lanes, only] = [new Lanes(), lane()];
  await lanes.enter(only, patient);
  expect(await lanes.take(async () => 'timeout')).toBeUndefined();
  lanes.give(only);
  expect(await lanes.take(patient)).toBe(only);
});

test('beyond 64 lanes a nonce serves one request, and is dropped', async () => {
  const lanes = new Lanes();
  for (let index = 0; index < 64; index += 1) await lanes.enter(lane(), patient);
  const last = lane();
  expect(await lanes.enter(last, patient)).toBe(last);
  expect(lanes.isTaken(last)).toBe(false);
  lanes.give(last);
  expect(await lanes.take(async () => 'timeout')).toBeUndefined();
});
