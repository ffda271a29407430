/** One renewal for all processes: real ones, a strict issuer, and what happens to the owner of the lock. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { LockTimes } from '../../src/oauth/tokens/lock/file-lock.js';
import { tokensIn } from '../../src/oauth/tokens/tokens.js';
import { compiled } from '../support/compiled.js';
import { temporaryFolder } from '../support/files.js';
import { afterwards } from '../support/stage.js';
import { fileTokens } from '../support/token-file.js';
import { type Issuer, tokenIssuer } from '../support/token-issuer.js';
import type { Outcome, Task } from '../support/token-renewer.js';

const KEY = 'https://id.example files';
const OLD = { access: 'access-0', refresh: 'refresh-0', expires: 1 };

interface Renewer {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  /** Begins to renew. */
  go(): void;
  readonly outcome: Promise<Outcome>;
}

async function renewer(task: Task): Promise<Renewer> {
  const child = spawn(process.execPath, [compiled('test/support/token-renewer.ts'), JSON.stringify(task)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  afterwards(() => {
    child.kill('SIGKILL');
    return ended;
  });
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  return { child, go: () => child.stdin.end('go\n'), outcome: outcomeOf(lines) };
}

/** Never settles for a process that was killed. */
function outcomeOf(lines: Interface): Promise<Outcome> {
  return once(lines, 'line').then(([line]) => JSON.parse(line));
}

async function stage(count: number, times: Partial<LockTimes>, options?: { isLenient: boolean }) {
  const [issuer, store, folder] = [
    await tokenIssuer('refresh-0', options),
    await temporaryFolder(),
    await temporaryFolder(),
  ];
  const tokens = tokensIn(fileTokens(store), { folder });
  await tokens.write(KEY, OLD);
  const task = { key: KEY, issuer: issuer.url, store, folder, held: OLD, times };
  const renewers = await Promise.all(Array.from({ length: count }, () => renewer(task)));
  return { issuer, tokens, renewers };
}

async function first(renewers: readonly Renewer[], issuer: Issuer) {
  const [owner, ...others] = renewers as [Renewer, ...Renewer[]];
  const { arrived, left, go } = issuer.hold();
  owner.go();
  await arrived;
  return { owner, others, left, answer: go };
}

async function outcomes(renewers: readonly Renewer[]): Promise<Array<string | undefined>> {
  for (const { go } of renewers) go();
  return (await Promise.all(renewers.map(({ outcome }) => outcome))).map(({ token, error }) => error ?? token?.access);
}

test('twenty processes with one expired token: one refresh grant, all served, nobody logged out', async () => {
  const { issuer, tokens, renewers } = await stage(20, {});
  expect(await outcomes(renewers)).toEqual(Array(20).fill('access-1'));
  expect([issuer.asked, issuer.isRevoked]).toEqual([1, false]);
  expect(await tokens.read(KEY)).toMatchObject({ access: 'access-1', refresh: 'refresh-1' });
}, 60_000);

test('an owner that is killed holds the lock no longer, and one of the others renews', async () => {
  const { issuer, tokens, renewers } = await stage(4, { beat: 100, crashed: 1000 });
  const { owner, others, left, answer } = await first(renewers, issuer);
  owner.child.kill('SIGKILL');
  // The issuer has to know it: a token for nobody would have used up the old one.
  await left;
  answer();
  expect(await outcomes(others)).toEqual(['access-1', 'access-1', 'access-1']);
  expect([issuer.given, issuer.isRevoked]).toEqual([1, false]);
  expect(await tokens.read(KEY)).toMatchObject({ access: 'access-1' });
}, 60_000);

test('an owner that lives keeps the lock, however slow its issuer is', async () => {
  const { issuer, renewers } = await stage(3, { beat: 50, crashed: 500, stale: 6000, wait: 12_000 });
  const { owner, others, answer } = await first(renewers, issuer);
  // They have waited for twice as long as an owner may be silent.
  for (const said of await outcomes(others)) expect(said).toMatch(/^oauth: process \d+ has been renewing .* for 12 s/);
  answer();
  expect((await owner.outcome).token?.access).toBe('access-1');
  expect(issuer.asked).toBe(1);
}, 60_000);

test('an owner that was stopped for too long sees that it has lost the lock, and writes nothing', async () => {
  const { issuer, tokens, renewers } = await stage(2, { beat: 100, stale: 1500 }, { isLenient: true });
  const { owner, others, answer } = await first(renewers, issuer);
  owner.child.kill('SIGSTOP');
  expect(await outcomes(others)).toEqual(['access-1']);
  const kept = await tokens.read(KEY);
  answer();
  owner.child.kill('SIGCONT');
  expect((await owner.outcome).token).toEqual(kept);
  expect(issuer.given).toBe(2);
  expect(await tokens.read(KEY)).toEqual(kept);
}, 60_000);

test('an owner that was stopped for a moment keeps the lock', async () => {
  const { issuer, tokens, renewers } = await stage(2, { beat: 100, stale: 20_000 });
  const { owner, others, answer } = await first(renewers, issuer);
  owner.child.kill('SIGSTOP');
  const served = outcomes(others);
  answer();
  owner.child.kill('SIGCONT');
  expect(await served).toEqual(['access-1']);
  expect((await owner.outcome).token?.access).toBe('access-1');
  expect([issuer.asked, (await tokens.read(KEY))?.refresh]).toEqual([1, 'refresh-1']);
}, 60_000);
