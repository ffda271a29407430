/** SEC-65 Tokens at rest: in the keychain whole or not at all, and nothing of them, or of their key, on the disk. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KeychainTokens } from '../../src/oauth/tokens/store/keychain-tokens.js';
import { tokensIn } from '../../src/oauth/tokens/tokens.js';
import { temporaryFolder } from '../support/files.js';
import { memoryKeychain } from '../support/keychain.js';

const KEY = JSON.stringify(['https://id.example', 'https://files.example', 'report-cli', 'alice']);
const OLD = { access: 's3cret-access-0', refresh: 's3cret-refresh-0', expires: 1 };
const NEW = { access: 's3cret-access-1', refresh: 's3cret-refresh-1' };

/** All that is in a folder, and who may read it. */
async function contentsOf(folder: string): Promise<Array<{ path: string; text: string; mode: number }>> {
  const paths = (await readdir(folder, { recursive: true })).map((path) => join(folder, path));
  return Promise.all(
    paths.map(async (path) => {
      const { mode } = await stat(path);
      return { path, text: await readFile(path, 'utf8').catch(() => ''), mode: mode & 0o777 };
    }),
  );
}

test('SEC-65 while a token is renewed, and after it, the state folder names no token and no key, and is the user’s alone', async () => {
  const [folder, { backend }] = [await temporaryFolder(), memoryKeychain({})];
  const tokens = tokensIn(undefined, { backend, folder });
  await tokens.write(KEY, OLD);
  const during: Array<{ path: string; text: string; mode: number }> = [];
  const grant = async () => {
    during.push(...(await contentsOf(folder)));
    return NEW;
  };
  await tokens.renew(KEY, OLD, grant);
  const all = [...during, ...(await contentsOf(folder))];
  expect(all.length).toBeGreaterThan(5);
  for (const { path, text, mode } of all) {
    expect(`${path} ${text}`).not.toMatch(/s3cret|id\.example|files|report-cli|alice/);
    if (process.platform !== 'win32') expect(mode & 0o077).toBe(0);
  }
});

test('SEC-65 the names of entries, which a locked store shows too, tell nothing of the key', async () => {
  const { backend, entries } = memoryKeychain({});
  await tokensIn(undefined, { backend, folder: await temporaryFolder() }).write(KEY, OLD);
  const names = Object.keys(entries['axios-challenge:oauth'] ?? {});
  expect(names.length).toBeGreaterThan(1);
  expect(names.join(' ')).toMatch(/^[0-9a-f]{64}(\.[ab]\.\d+)?( [0-9a-f]{64}(\.[ab]\.\d+)?)*$/);
});

const long = (letter: string) => letter.repeat(3_000);

test('SEC-65 a write that breaks off leaves the token that was there', async () => {
  const { backend } = memoryKeychain({});
  const whole = new KeychainTokens(backend, 3000);
  await whole.set(KEY, long('x'));
  for (const good of [0, 1, 2, 3]) {
    let sets = 0;
    const setPassword: typeof backend.setPassword = (...entry) => {
      sets += 1;
      return sets > good ? Promise.reject(new Error('gone')) : backend.setPassword(...entry);
    };
    await expect(new KeychainTokens({ ...backend, setPassword }, 3000).set(KEY, long('y'))).rejects.toThrow();
    expect(await whole.get(KEY)).toBe(long('x'));
  }
});

test('SEC-65 who reads parts of two tokens has neither, and reads again', async () => {
  const { backend } = memoryKeychain({});
  const whole = new KeychainTokens(backend, 3000);
  await whole.set(KEY, long('x'));
  let gets = 0;
  const getPassword: typeof backend.getPassword = async (...entry) => {
    gets += 1;
    // After the head and the first part.
    if (gets === 3) for (const letter of ['y', 'z']) await whole.set(KEY, long(letter));
    return backend.getPassword(...entry);
  };
  expect(await new KeychainTokens({ ...backend, getPassword }, 3000).get(KEY)).toBe(long('z'));
});

test('SEC-65 what is deleted leaves no part behind', async () => {
  const { backend, entries } = memoryKeychain({});
  const tokens = new KeychainTokens(backend, 3000);
  for (const letter of ['x', 'y']) await tokens.set(KEY, long(letter));
  await tokens.delete(KEY);
  expect(Object.keys(entries['axios-challenge:oauth'] ?? {})).toEqual([]);
});
