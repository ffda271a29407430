/** SEC-64 A token is renewed once for all processes, and is deleted only when the issuer does not know it any more. */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Generations } from '../../src/oauth/tokens/lock/generations.js';
import type { StoredToken } from '../../src/oauth/tokens/stored-token.js';
import { tokensIn } from '../../src/oauth/tokens/tokens.js';
import { temporaryFolder } from '../support/files.js';
import { fileTokens } from '../support/token-file.js';

const KEY = 'https://id.example files';
const OLD: StoredToken = { access: 'a0', refresh: 'r0', expires: 1 };
const LATER = Date.now() + 3_600_000;
const OTHERS: StoredToken = { access: 'b1', refresh: 's1', expires: LATER };

/** Each refresh token is good once, as RFC 9700 §4.14.2 wants it; the second use ends all of them. */
function strictIssuer() {
  let [good, isRevoked] = ['r0', false];
  const sent: Array<string | undefined> = [];
  const grant = async ({ refresh }: StoredToken): Promise<StoredToken | 'gone'> => {
    sent.push(refresh);
    await new Promise((resolve) => setImmediate(resolve));
    isRevoked ||= refresh !== good;
    if (isRevoked) return 'gone';
    good = `r${sent.length}`;
    return { access: `a${sent.length}`, refresh: good, expires: LATER };
  };
  return { sent, grant };
}

/** Each has its own lock, as a process has; what they share is the store and the folder. */
async function stage(stored: StoredToken = OLD) {
  const [folder, store] = [await temporaryFolder(), fileTokens(await temporaryFolder())];
  const process = () => tokensIn(store, { folder });
  await process().write(KEY, stored);
  const generations = new Generations(join(folder, 'locks', createHash('sha256').update(KEY).digest('hex')));
  return { process, store, generations };
}

test('SEC-64 twenty who hold one expired token use its refresh token once, and all are served', async () => {
  const { process } = await stage();
  const { sent, grant } = strictIssuer();
  const served = await Promise.all(Array.from({ length: 20 }, () => process().renew(KEY, OLD, grant)));
  expect([sent, new Set(served.map((token) => token?.access))]).toEqual([['r0'], new Set(['a1'])]);
});

test('SEC-64 what another has renewed since is taken, and not renewed again', async () => {
  const { process } = await stage(OTHERS);
  const { sent, grant } = strictIssuer();
  expect(await process().renew(KEY, OLD, grant)).toEqual(OTHERS);
  expect(sent).toEqual([]);
});

test('SEC-64 of many who take a lock over one has it', async () => {
  const { generations } = await stage();
  const { number } = await generations.top();
  const claims = Array.from({ length: 20 }, () => new Generations(generations.folder).claim(number + 1));
  expect((await Promise.all(claims)).filter((has) => has)).toHaveLength(1);
});

test('SEC-64 who claims a lock too late, where others have had it since, does not have it', async () => {
  const { process, generations } = await stage();
  for (let i = 0; i < 8; i++) await process().write(KEY, OLD);
  const { number } = await generations.top();
  await generations.claim(number + 1);
  expect(await generations.claim(1)).toBe(false);
});

test('SEC-64 who has lost the lock writes nothing over the token of the new owner', async () => {
  const { process, generations } = await stage();
  const grant = async (): Promise<StoredToken> => {
    await generations.claim(3); // As a process that saw no sign of life does.
    await process().read(KEY);
    return { access: 'late', refresh: 'late', expires: LATER };
  };
  await process().renew(KEY, OLD, grant);
  expect(await process().read(KEY)).toEqual(OLD);
});

test('SEC-64 no failure but invalid_grant deletes a token', async () => {
  const { process } = await stage();
  await expect(process().renew(KEY, OLD, () => Promise.reject(new Error('503')))).rejects.toThrow('503');
  expect(await process().read(KEY)).toEqual(OLD);
  expect(await process().renew(KEY, OLD, async () => 'gone')).toBeUndefined();
  expect(await process().read(KEY)).toBeUndefined();
});

test('SEC-64 invalid_grant deletes what was sent, and not the token of a login since', async () => {
  const { process, store } = await stage();
  const login = JSON.stringify({ version: 1, ...OTHERS });
  const grant = async () => {
    await store.set(KEY, login);
    return 'gone' as const;
  };
  expect(await process().renew(KEY, OLD, grant)).toEqual(OTHERS);
  expect(await store.get(KEY)).toBe(login);
});
