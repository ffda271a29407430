import { GIVEN_UP } from '../../../src/exchange/flight.js';
import { Lane, Lanes } from '../../../src/exchange/lane.js';

const lane = () => new Lane({ needsBody: false, authorize: () => ({ value: 'x' }) });
const patient = <T>(waiting: Promise<T>): Promise<T> => waiting;

test('a lane that is handed to somebody who has just left goes to the next one', async () => {
  const [lanes, only] = [new Lanes(), lane()];
  await lanes.enter(only, patient);
  let leave: (gone: typeof GIVEN_UP) => void = () => {};
  const leaving = lanes.take(() => new Promise((resolve) => (leave = resolve)));
  const next = lanes.take(patient);
  lanes.give(only);
  leave(GIVEN_UP);
  expect(await leaving).toBe(GIVEN_UP);
  expect(await next).toBe(only);
});

test('who leaves the queue is not handed a lane', async () => {
  const [lanes, only] = [new Lanes(), lane()];
  await lanes.enter(only, patient);
  expect(await lanes.take(async () => 'timeout')).toBeUndefined();
  lanes.give(only);
  expect(await lanes.take(patient)).toBe(only);
});

test('beyond 64 lanes a nonce serves one request, and is left', async () => {
  const lanes = new Lanes();
  for (let index = 0; index < 64; index += 1) await lanes.enter(lane(), patient);
  const last = lane();
  expect(await lanes.enter(last, patient)).toBe(last);
  expect(lanes.isTaken(last)).toBe(false);
  lanes.give(last);
  expect(await lanes.take(async () => 'timeout')).toBeUndefined();
});
