/** The keychain on a real Secret Service; `secret-tool` says what is in it. */

import { program } from '../support/program.js';
import { needsSecretService, secretService } from '../support/secret-service.js';
import { server } from '../support/stage.js';
import type { Report, Visit } from '../support/visitor.js';

async function visit(visit: Visit, variables: NodeJS.ProcessEnv): Promise<Report> {
  const silent = { AXIOS_CHALLENGE_NO_PROMPT: '1', ...variables };
  const { stdout } = await program('test/support/visitor.ts', [JSON.stringify(visit)], silent);
  return JSON.parse(stdout);
}

const right = { username: 'alice', password: 'wonderland' };
const wrong = { username: 'alice', password: 'mistyped' };

needsSecretService('the keychain', () => {
  test('what secret-tool stored is found', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.store(`axios-challenge:${url}`, 'alice', 'wonderland');
    const { status, explained } = await visit({ urls: [url] }, store.variables);
    expect(status).toBe(200);
    expect(explained).toMatch(/keychain +alice/);
  });

  test('what was typed and accepted is saved, and found by the next process', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    expect((await visit({ urls: [url], save: 'always', typed: right }, store.variables)).status).toBe(200);
    expect(await store.lookup(`axios-challenge:${url}`, 'alice')).toBe('wonderland');
    expect((await visit({ urls: [url] }, store.variables)).status).toBe(200);
  });

  test('what the server refused is not saved', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    expect((await visit({ urls: [url], save: 'always', typed: wrong }, store.variables)).status).toBe(401);
    expect(await store.lookup(`axios-challenge:${url}`, 'alice')).toBeUndefined();
  });

  test('what was stored and refused is deleted', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.store(`axios-challenge:${url}`, 'alice', 'outdated');
    expect((await visit({ urls: [url] }, store.variables)).status).toBe(401);
    expect(await store.lookup(`axios-challenge:${url}`, 'alice')).toBeUndefined();
  });

  test('of several accounts the one that the URL or the environment names is taken', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.store(`axios-challenge:${url}`, 'alice', 'wonderland');
    await store.store(`axios-challenge:${url}`, 'bob', 'builder');
    const unnamed = await visit({ urls: [url] }, store.variables);
    expect(unnamed).toMatchObject({ status: 401, explained: expect.stringMatching(/2 accounts under .*put the user/) });
    const inUrl = await visit({ urls: [url.replace('//', '//alice@')] }, store.variables);
    const inEnv = await visit({ urls: [url] }, { ...store.variables, AXIOS_CHALLENGE_USERNAME: 'alice' });
    expect([inUrl.status, inEnv.status]).toEqual([200, 200]);
  });

  test('a locked one is passed over', async () => {
    const [{ url }, store] = [await server(), await secretService()];
    await store.store(`axios-challenge:${url}`, 'alice', 'wonderland');
    await store.lock();
    const { status, explained } = await visit({ urls: [url] }, store.variables);
    expect({ status, explained }).toMatchObject({ status: 401, explained: expect.stringContaining('keychain') });
  });

  test('where there is no session bus the reason is told', async () => {
    const { url } = await server();
    const { status, explained } = await visit({ urls: [url] }, { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' });
    expect({ status, explained }).toMatchObject({ status: 401, explained: expect.stringMatching(/keychain +\S/) });
  });
});
