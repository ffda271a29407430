/** Tokens in a real Secret Service, in parts; `secret-tool` says what is in it. */

import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../support/files.js';
import { program } from '../support/program.js';
import { needsSecretService, secretService } from '../support/secret-service.js';
import type { Step } from '../support/token-keeper.js';

const KEY = 'https://id.example files';
const ACCOUNT = createHash('sha256').update(KEY).digest('hex');
const SERVICE = 'axios-challenge:oauth';

const token = (letter: string, parts: number) => ({
  access: letter.repeat(1200 * parts - 300),
  refresh: 'r',
  expires: 1,
});

async function keeper(steps: Step[], variables: NodeJS.ProcessEnv, state: string): Promise<unknown> {
  const { stdout, stderr } = await program('test/support/token-keeper.ts', [JSON.stringify([KEY, steps])], {
    ...variables,
    XDG_STATE_HOME: state,
  });
  if (stdout === '') throw new Error(`the keeper said nothing: ${stderr}`);
  return JSON.parse(stdout);
}

needsSecretService('tokens in the keychain', () => {
  test('a token of several parts is written, read by the next process, renewed there, and forgotten', async () => {
    const [store, state] = [await secretService(), await temporaryFolder()];
    const [old, renewed] = [token('x', 4), token('y', 2)];
    expect(await keeper([{ write: old }], store.variables, state)).toEqual(['undefined']);
    expect(JSON.parse((await store.lookup(SERVICE, ACCOUNT)) ?? '')).toMatchObject({ slot: 'a', parts: 4 });
    expect((await store.lookup(SERVICE, `${ACCOUNT}.a.1`))?.length).toBe(1200);
    expect(await keeper(['read', { renew: renewed }, 'read'], store.variables, state)).toEqual([old, renewed, renewed]);
    expect(await store.lookup(SERVICE, `${ACCOUNT}.a.0`)).toBeUndefined();
    expect((await store.lookup(SERVICE, `${ACCOUNT}.b.1`))?.length).toBeGreaterThan(0);
    expect(await keeper(['forget', 'read'], store.variables, state)).toEqual(['undefined', null]);
    for (const name of ['', '.a.0', '.b.0', '.b.1'])
      expect(await store.lookup(SERVICE, ACCOUNT + name)).toBeUndefined();
    expect(await readdir(join(state, 'axios-challenge', 'locks'))).toEqual([ACCOUNT]);
  });

  test('a locked store is said to be locked, and not empty', async () => {
    const [store, state] = [await secretService(), await temporaryFolder()];
    await keeper([{ write: token('x', 2) }], store.variables, state);
    await store.lock();
    const said = `keychain: locked, with an entry under ${SERVICE} (unlock it, as logging in to the desktop does)`;
    expect(await keeper(['read', { renew: token('y', 2) }], store.variables, state)).toEqual([said, said]);
  });

  test('without a Secret Service the reason is given, and a token that was written serves the process', async () => {
    const nowhere = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
    const [read, write, again] = (await keeper(
      ['read', { write: token('x', 1) }, 'read'],
      nowhere,
      await temporaryFolder(),
    )) as [string, string, unknown];
    expect([read, write]).toEqual(Array(2).fill(expect.stringMatching(/^keychain: the store says: /)));
    expect(again).toEqual(token('x', 1));
  });
});
