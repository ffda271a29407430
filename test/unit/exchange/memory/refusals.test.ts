/** The memory of refusals: who goes first when it is full, and what a send without an answer counts for. */

import { Refusals } from '../../../../src/exchange/memory/refusals.js';

const MINUTE = 60_000;
const alice = { username: 'alice', password: 'wonderland' };
const files = { origin: 'https://files.example', realm: 'files' };
const account = (name: number) => ({ username: `user${name}`, password: 'p' });

test('a full memory forgets first the entries that hold no credential back', () => {
  const refusals = new Refusals(String);
  const held = refusals.of(files, alice, 0);
  held.refuse(0, false);
  for (let name = 0; name < 4100; name += 1) refusals.of(files, account(name), 1);
  expect(refusals.of(files, alice, 2)).toBe(held);
});

test('a memory full of refusals forgets the oldest refusal of the origin that has most', () => {
  const refusals = new Refusals(String);
  const other = { origin: 'https://other.example', realm: 'r' };
  refusals.of(other, alice, 0).refuse(0, false);
  for (let name = 0; name < 4100; name += 1) refusals.of(files, account(name), 1).refuse(1, false);
  expect(refusals.of(other, alice, 2).objection(2)).toBeDefined();
  expect(refusals.of(files, account(0), 2).objection(2)).toBeUndefined();
  expect(refusals.of(files, account(4099), 2).objection(2)).toBeDefined();
});

test('forgetting one origin keeps the refusals of another origin', () => {
  const refusals = new Refusals(String);
  refusals.of(files, alice, 0).refuse(0, false);
  refusals.forget('https://other.example');
  expect(refusals.of(files, alice, 1).objection(1)).toBeDefined();
  refusals.forget('https://files.example');
  expect(refusals.of(files, alice, 1).objection(1)).toBeUndefined();
});

test('an account keeps the refusals of 64 realms, and forgets realms that gave no verdict', () => {
  const refusals = new Refusals(String);
  const at = (realm: number) => refusals.of({ ...files, realm: `r${realm}` }, alice, 1);
  const silent = at(0);
  for (let realm = 1; realm < 64; realm += 1) at(realm).refuse(1, true);
  const last = at(64);
  expect(at(0)).not.toBe(silent);
  last.refuse(1, true);
  for (let realm = 100; realm < 170; realm += 1) at(realm).refuse(1, true);
  expect(at(169).isRefused(2)).toBe(true);
});

test('three sends without an answer make a credential wait, an acceptance ends that, and so does half an hour', () => {
  const refusals = new Refusals(String);
  const standing = refusals.of(files, alice, 0);
  const miss = (now: number) => {
    const trial = standing.begin();
    trial.isOut = true;
    return standing.miss(trial, now);
  };
  expect([miss(0), miss(1), miss(2)]).toEqual([true, true, false]);
  expect(standing.objection(3)?.reason).toContain('never answered');
  expect(standing.objection(2 + MINUTE)).toBeUndefined();
  expect(standing.account.isHeld(40 * MINUTE)).toBe(true);
  standing.accept();
  expect(miss(4)).toBe(true);
  expect(standing.objection(5)).toBeUndefined();
});

test('a request waits for the trial of another realm if the origin allows no more sends', () => {
  const refusals = new Refusals(String);
  const [one, other] = [refusals.of(files, alice, 0), refusals.of({ ...files, realm: 'other' }, alice, 0)];
  const trials = [one.begin(), one.begin(), one.begin()];
  expect(other.trial(0)).toBe(trials[2]);
  for (const trial of trials) one.end(trial, 1);
  expect(other.trial(1)).toBeUndefined();
  expect(one.account.isHeld(1)).toBe(false);
});
