/** The lock of all processes: who has it, who loses it, and what happens where it cannot be. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Abandoned } from '../../../../src/base/abort.js';
import { FileLock, LOCK_TIMES, type LockTimes } from '../../../../src/oauth/tokens/lock/file-lock.js';
import { Generations } from '../../../../src/oauth/tokens/lock/generations.js';
import { type Held, Turns } from '../../../../src/oauth/tokens/lock/lock.js';
import { stateFolder } from '../../../../src/oauth/tokens/lock/state-folder.js';
import { Watch } from '../../../../src/oauth/tokens/lock/watch.js';
import { temporaryFile, temporaryFolder } from '../../../support/files.js';

const KEY = 'https://id.example files';
const NAME = createHash('sha256').update(KEY).digest('hex');

function lockIn(folder: string, times: Partial<LockTimes> = {}) {
  const notes: string[] = [];
  const note = (reason: string) => notes.push(reason);
  return { lock: new FileLock({ folder: () => folder, times: { ...LOCK_TIMES, ...times }, note }), notes };
}

/** The lock of another process, as its file says. */
async function heldBy(owner: string): Promise<{ readonly folder: string; readonly generations: Generations }> {
  const folder = await temporaryFolder();
  const files = join(folder, 'locks', NAME);
  await mkdir(files, { recursive: true });
  await writeFile(join(files, '7'), owner);
  return { folder, generations: new Generations(files) };
}

function ended(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

const gone = () => JSON.stringify({ pid: ended(), host: hostname() });
const living = JSON.stringify({ pid: process.pid, host: hostname() });
const elsewhere = () => JSON.stringify({ pid: ended(), host: `${hostname()}.other` });

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

describe('a watcher counts the silence that it has seen', () => {
  test.each<[string, ReadonlyArray<readonly [sign: string, now: number, silence: number]>]>([
    [
      'from its first look on',
      [
        ['7 1', 5_000, 0],
        ['7 1', 5_250, 250],
        ['7 1', 5_500, 500],
      ],
    ],
    [
      'and begins anew after a sign of life',
      [
        ['7 1', 0, 0],
        ['7 1', 900, 900],
        ['7 2', 1_000, 0],
        ['7 2', 1_100, 100],
      ],
    ],
    [
      'and after a new owner',
      [
        ['7 1', 0, 0],
        ['7 1', 900, 900],
        ['8 1', 1_000, 0],
      ],
    ],
    [
      'not while it was asleep itself',
      [
        ['7 1', 0, 0],
        ['7 1', 28_800_000, 1000],
        ['7 2', 28_800_100, 0],
      ],
    ],
  ])('%s', (_, looks) => {
    const watch = new Watch();
    for (const [sign, now, silence] of looks) expect(watch.look(sign, now)).toBe(silence);
  });
});

describe('generations', () => {
  test('of many who claim the same, one has it', async () => {
    const folder = await temporaryFolder();
    const claims = Array.from({ length: 20 }, () => new Generations(folder).claim(1));
    expect((await Promise.all(claims)).filter((has) => has)).toHaveLength(1);
    expect(await new Generations(folder).top()).toEqual({ number: 1, isHeld: true });
  });

  test('who claims from an old look does not have it, and harms nobody', async () => {
    const generations = new Generations(await temporaryFolder());
    for (let i = 1; i < 9; i++) {
      expect(await generations.claim(i)).toBe(true);
      await generations.release(i);
    }
    expect(await generations.claim(9)).toBe(true);
    expect(await readdir(generations.folder)).not.toContain('2.done');
    expect(await generations.claim(2)).toBe(false);
    expect(await generations.claim(8)).toBe(false);
    expect(await generations.isHighest(9)).toBe(true);
    expect((await readdir(generations.folder)).sort()).toEqual(['6.done', '7.done', '8.done', '9']);
  });

  test('a late release of what was taken over releases nothing', async () => {
    const generations = new Generations(await temporaryFolder());
    await generations.claim(1);
    await generations.claim(2);
    expect(await generations.isHighest(1)).toBe(false);
    await generations.release(1);
    expect(await generations.top()).toEqual({ number: 2, isHeld: true });
    await rm(generations.folder, { recursive: true });
    await generations.release(2);
    expect(await generations.top()).toEqual({ number: 0, isHeld: false });
  });

  test('a sign of life changes what a watcher sees', async () => {
    const { generations } = await heldBy(living);
    await utimes(join(generations.folder, '7'), 1, 1);
    const before = await generations.lastBeat(7);
    await generations.beat(7);
    expect(await generations.lastBeat(7)).not.toBe(before);
    await generations.beat(8);
  });

  test.each(['', '{', 'null', '{"pid":"1","host":"h"}', '{"pid":-1,"host":"h"}', '{"pid":1}'])(
    'of a file that says %j no owner is known, and none is gone',
    async (text) => {
      const { generations } = await heldBy(text);
      expect([await generations.owner(7), await generations.isOwnerGone(7)]).toEqual([undefined, false]);
    },
  );
});

test('work of many happens one after the other', async () => {
  const folder = await temporaryFolder();
  let [inside, done] = [0, 0];
  const work = async () => {
    inside += 1;
    expect(inside).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
    done += 1;
  };
  await Promise.all(Array.from({ length: 20 }, () => lockIn(folder).lock.hold(KEY, { work })));
  expect(done).toBe(20);
});

/** When somebody finds the lock held. */
function isFoundHeld(): Promise<void> {
  const { promise, resolve } = deferred();
  const { lastBeat } = Generations.prototype;
  Generations.prototype.lastBeat = function (number) {
    Generations.prototype.lastBeat = lastBeat;
    resolve();
    return lastBeat.call(this, number);
  };
  return promise;
}

test('who waited is asked whether it still needs the lock, and leaves without it', async () => {
  const folder = await temporaryFolder();
  const held: Held<string> = { work: async () => 'worked', meanwhile: async () => 'found' };
  let second: Promise<string> | undefined;
  const work = async () => {
    const found = isFoundHeld();
    second = lockIn(folder).lock.hold(KEY, held);
    await found;
  };
  await lockIn(folder).lock.hold(KEY, { work });
  expect(await second).toBe('found');
  expect(await lockIn(folder).lock.hold(KEY, held)).toBe('worked');
});

test('an error of the work is thrown, and the lock is free', async () => {
  const { lock } = lockIn(await temporaryFolder());
  // Also with the code of a folder that cannot be written: it is not about the lock's.
  const error = Object.assign(new Error('full'), { code: 'ENOSPC' });
  await expect(lock.hold(KEY, { work: () => Promise.reject(error) })).rejects.toBe(error);
  expect(await lock.hold(KEY, { work: async () => 'again' })).toBe('again');
});

describe('an owner that is silent', () => {
  test.each<[string, () => string, Partial<LockTimes>]>([
    ['whose process has ended loses the lock soon', gone, { crashed: 50 }],
    ['of another machine loses it later', elsewhere, { crashed: 20, stale: 200 }],
    ['whose process is there loses it later', () => living, { crashed: 20, stale: 200 }],
    ['that did not come to write who it is loses it later', () => '', { crashed: 20, stale: 200 }],
  ])('%s', async (_, owner, times) => {
    const { folder, generations } = await heldBy(owner());
    const seen = await lockIn(folder, times).lock.hold(KEY, { work: (isOurs) => isOurs() });
    expect(seen).toBe(true);
    expect(await generations.top()).toEqual({ number: 8, isHeld: false });
  });

  test.each<[string, () => string]>([
    ['of another machine', elsewhere],
    ['whose process is there', () => living],
  ])('%s keeps it so long, and the wait is bounded', async (_, owner) => {
    const { folder } = await heldBy(owner());
    const holding = lockIn(folder, { crashed: 0, wait: 100 }).lock.hold(KEY, { work: async () => 'taken' });
    const message = expect.stringMatching(
      /^oauth: process \d+ has been renewing this token for 0\.1 s: try again, or end it/,
    );
    await expect(holding).rejects.toMatchObject({ code: 'ERR_AUTH_PROVIDER', message });
  });

  test('is taken over by one of many', async () => {
    const { folder, generations } = await heldBy(gone());
    const order: number[] = [];
    const takers = Array.from({ length: 10 }, () =>
      lockIn(folder, { crashed: 50 }).lock.hold(KEY, {
        work: async () => {
          const { number } = await generations.top();
          order.push(number);
        },
      }),
    );
    await Promise.all(takers);
    expect(new Set(order).size).toBe(10);
  });
});

test('an owner whose lock was taken over is told when it asks', async () => {
  const folder = await temporaryFolder();
  const told = await lockIn(folder).lock.hold(KEY, {
    work: async (isOurs) => {
      const before = await isOurs();
      await new Generations(join(folder, 'locks', NAME)).claim(2);
      return [before, await isOurs()];
    },
  });
  expect(told).toEqual([true, false]);
  expect(await new Generations(join(folder, 'locks', NAME)).top()).toEqual({ number: 2, isHeld: true });
});

test('a caller that gives up leaves at once, and leaves no lock', async () => {
  const { folder, generations } = await heldBy(living);
  const gaveUp = new AbortController();
  const waiting = lockIn(folder).lock.hold(KEY, { work: async () => 'taken', signal: gaveUp.signal });
  gaveUp.abort();
  await expect(waiting).rejects.toThrow(Abandoned);
  await expect(
    lockIn(folder).lock.hold('another', { work: async () => 'taken', signal: gaveUp.signal }),
  ).rejects.toThrow(Abandoned);
  expect(await generations.top()).toEqual({ number: 7, isHeld: true });
});

describe('where the folder cannot be written', () => {
  test('the process takes turns with itself, and that is said', async () => {
    const { lock, notes } = lockIn(join(await temporaryFile('file', ''), 'below'));
    const order: string[] = [];
    let second: Promise<unknown> | undefined;
    const work = async (isOurs: () => Promise<boolean>) => {
      second = lock.hold(KEY, { work: async () => order.push('second') });
      while (notes.length < 2) await new Promise((resolve) => setImmediate(resolve));
      order.push(`first ${await isOurs()}`);
    };
    await lock.hold(KEY, { work });
    await second;
    expect(order).toEqual(['first true', 'second']);
    expect(notes[0]).toMatch(/^without a lock that other processes see: .*below.* cannot be written \(ENOTDIR\)$/);
  });

  test('another fault of the disk is an error', async () => {
    const { lock } = lockIn('nul\0');
    const holding = lock.hold(KEY, { work: async () => 'taken' });
    await expect(holding).rejects.toMatchObject({
      code: 'ERR_AUTH_PROVIDER',
      message: expect.stringMatching(/^oauth: no lock in nul\\x00.*: TypeError, ERR_INVALID_ARG_VALUE$/),
    });
  });
});

describe('turns', () => {
  test('who gives up is passed over, and the next waits for who has the turn', async () => {
    const [turns, go, gaveUp] = [new Turns(60_000), deferred(), new AbortController()];
    const order: string[] = [];
    const first = turns.hold(KEY, { work: () => go.promise.then(() => order.push('first')) });
    const second = turns.hold(KEY, { work: async () => order.push('second'), signal: gaveUp.signal });
    const third = turns.hold(KEY, { work: async () => order.push('third') });
    gaveUp.abort();
    await expect(second).rejects.toThrow(Abandoned);
    expect(await turns.hold('another', { work: async () => order.push('another') })).toBe(1);
    go.resolve();
    await Promise.all([first, third]);
    expect(order).toEqual(['another', 'first', 'third']);
  });

  test('the wait is bounded', async () => {
    const turns = new Turns(20);
    const go = deferred();
    const first = turns.hold(KEY, { work: () => go.promise });
    const message = expect.stringMatching(
      /^oauth: another request of this process has been renewing this token for 0.02 s/,
    );
    await expect(turns.hold(KEY, { work: async () => 1 })).rejects.toMatchObject({ message });
    go.resolve();
    await first;
  });
});

test.each<[NodeJS.ProcessEnv, RegExp]>([
  [{ XDG_STATE_HOME: '/state' }, /^\/state\/axios-challenge$/],
  [{ XDG_STATE_HOME: 'state' }, /\.local\/state\/axios-challenge$/],
  [{}, /\.local\/state\/axios-challenge$/],
])('the state folder of %j', (environment, expected) => {
  expect(stateFolder(environment)).toMatch(expected);
});

test('the file of a lock says which process has it', async () => {
  const folder = await temporaryFolder();
  const text = await lockIn(folder).lock.hold(KEY, { work: () => readFile(join(folder, 'locks', NAME, '1'), 'utf8') });
  expect(JSON.parse(text)).toEqual({ pid: process.pid, host: hostname() });
});
