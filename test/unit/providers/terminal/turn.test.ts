import { dismissAll, inTurn } from '../../../../src/providers/terminal/turn.js';

function latch() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test('the second conversation begins when the first has ended', async () => {
  const [log, gate]: [string[], ReturnType<typeof latch>] = [[], latch()];
  const first = inTurn(() => gate.opened.then(() => log.push('first')));
  const second = inTurn(async () => log.push('second'));
  gate.open();
  await Promise.all([first, second]);
  expect(log).toEqual(['first', 'second']);
});

test('a conversation that fails does not keep the next from beginning', async () => {
  const first = inTurn(() => Promise.reject(new Error('gone')));
  const second = inTurn(async () => 'second');
  await expect(first).rejects.toThrow('gone');
  expect(await second).toBe('second');
});

test('a task that is aborted while it waits ends at once, and the third task still waits for the first', async () => {
  const [gate, leaving, log] = [latch(), new AbortController(), [] as string[]];
  const first = inTurn(() => gate.opened.then(() => log.push('first')));
  const second = inTurn(async () => log.push('second'), leaving.signal);
  const third = inTurn(async () => log.push('third'));
  leaving.abort();
  expect(await second).toBeUndefined();
  await new Promise(setImmediate);
  expect(log).toEqual([]);
  gate.open();
  await Promise.all([first, third]);
  expect(log).toEqual(['first', 'third']);
});

test('a task that was aborted before ends at once', async () => {
  const gate = latch();
  const first = inTurn(() => gate.opened);
  expect(await inTurn(async () => 'asked', AbortSignal.abort())).toBeUndefined();
  gate.open();
  await first;
});

test('when the person has left, all waiting tasks are dropped, and a later task is run', async () => {
  const [gate, log] = [latch(), [] as string[]];
  const first = inTurn(() => gate.opened.then(() => log.push('first')));
  const waiting = [inTurn(async () => log.push('second')), inTurn(async () => log.push('third'))];
  await new Promise(setImmediate);
  dismissAll();
  expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
  const later = inTurn(async () => log.push('later'));
  await new Promise(setImmediate);
  expect(log).toEqual([]);
  gate.open();
  await Promise.all([first, later]);
  expect(log).toEqual(['first', 'later']);
});
