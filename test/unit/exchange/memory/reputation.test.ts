/** How a credential stands with a realm and with its origin (SEC-36, SEC-37). Times are in milliseconds. */

import { OriginReputation, type Reputation } from '../../../../src/exchange/memory/reputation.js';

const MINUTE = 60_000;

/** A send of a trial that gets no answer. */
function missed(reputation: Reputation, now: number): boolean {
  const trial = reputation.begin();
  trial.isOut = true;
  const mayGoOn = reputation.miss(trial, now);
  reputation.end(trial, now);
  return mayGoOn;
}

test.each([
  ['that was right before', true, MINUTE],
  ['that was never right', false, 15 * MINUTE],
])('a refused credential %s waits for a while', (_, wasRight, wait) => {
  const files = new OriginReputation().in('files', 0);
  files.refuse(0, wasRight);
  expect(files.objection(wait - 1)).toEqual({ reason: 'gave what the server has refused already' });
  expect(files.objection(wait)).toBeUndefined();
});

test('a realm that refuses says nothing for another realm, and three say it for all', () => {
  const account = new OriginReputation();
  const fresh = account.in('fresh', 0);
  for (const realm of ['one', 'two']) account.in(realm, 0).refuse(0, false);
  expect(fresh.objection(1)).toBeUndefined();
  account.in('three', 0).refuse(0, false);
  expect(fresh.objection(1)).toEqual({ reason: 'gave what 3 realms of this origin have refused' });
});

test('a realm that has accepted goes on, whatever three others say', () => {
  const account = new OriginReputation();
  const files = account.in('files', 0);
  files.accept();
  for (const realm of ['one', 'two', 'three']) account.in(realm, 0).refuse(0, false);
  expect(files.objection(1)).toBeUndefined();
  files.refuse(1, true);
  expect(files.isProven).toBe(false);
  expect(files.objection(2)).toBeDefined();
});

test('sends without an answer wait longer each time, to a quarter of an hour', () => {
  const files = new OriginReputation().in('files', 0);
  const waits = [0, 0, MINUTE, 4 * MINUTE, 15 * MINUTE, 15 * MINUTE];
  let now = 1;
  for (const wait of waits) {
    expect(missed(files, now)).toBe(wait === 0);
    if (wait > 0) expect(files.objection(now + wait - 1)?.reason).toContain('never answered');
    now += wait;
    expect(files.objection(now)).toBeUndefined();
  }
});

test('an answer forgives the sends that had none', () => {
  const account = new OriginReputation();
  const files = account.in('files', 0);
  for (let index = 0; index < 3; index += 1) missed(files, 1);
  expect(files.objection(2)).toBeDefined();
  account.forgive();
  expect(files.objection(2)).toBeUndefined();
});

test('a trial that ends with its send still out counts as a send without an answer, unless it was let in', () => {
  const [unsure, sure] = [new OriginReputation(), new OriginReputation()];
  for (const account of [unsure, sure]) {
    const files = account.in('files', 0);
    const trial = files.begin();
    trial.isOut = true;
    if (account === sure) files.accept();
    files.end(trial, 1);
  }
  expect([unsure.isHeld(2), sure.isHeld(2)]).toEqual([true, false]);
});

test('one trial at a time in a realm, three in an origin, and who waits hears of the end', async () => {
  const account = new OriginReputation();
  const [one, two, three, four] = ['1', '2', '3', '4'].map((realm) => account.in(realm, 0)) as [
    Reputation,
    Reputation,
    Reputation,
    Reputation,
  ];
  const trial = one.begin();
  expect([one.trial(0), two.trial(0)]).toEqual([trial, undefined]);
  const [second, third] = [two.begin(), three.begin()];
  expect([second === two.trial(0), four.trial(0) === third]).toEqual([true, true]);
  for (const [realm, ended] of [
    [one, trial],
    [two, second],
    [three, third],
  ] as const)
    realm.end(ended, 1);
  await expect(trial.over).resolves.toBeUndefined();
  expect(four.trial(1)).toBeUndefined();
});

test('realms that begin alike for 200 characters are one', () => {
  const account = new OriginReputation();
  const long = 'r'.repeat(200);
  expect(account.in(`${long}a`, 0)).toBe(account.in(`${long}b`, 0));
  expect(account.in(long.slice(1), 0)).not.toBe(account.in(long, 0));
});
