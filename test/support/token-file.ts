/** A TokenStore of files, for tests of several processes: what stands in for the keychain of a user. */

import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenStore } from '../../src/oauth/tokens/store/token-store.js';

export function fileTokens(folder: string): TokenStore {
  const pathOf = (key: string) => join(folder, createHash('sha256').update(key).digest('hex'));
  return {
    get: (key) => readFile(pathOf(key), 'utf8').catch(() => undefined),
    set: async (key, value) => {
      const draft = `${pathOf(key)}.${process.pid}`;
      await writeFile(draft, value);
      await rename(draft, pathOf(key));
    },
    delete: (key) => rm(pathOf(key), { force: true }),
  };
}
