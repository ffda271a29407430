/** The command provider with docker's own helper for the Secret Service, and a store of its own. */

import { execFileSync } from 'node:child_process';
import { command } from '../../src/providers/command/command.js';
import { ask } from '../support/credential-request.js';
import { needsSecretService, secretService } from '../support/secret-service.js';
import { needs } from '../support/servers/process.js';

const HELPER = 'docker-credential-secretservice';
const needsHelper = needs(HELPER, 'golang-docker-credential-helpers');
const needsBoth = needsHelper === describe ? needsSecretService : needsHelper;

/** The provider, and a store in which docker has kept `ServerURL`, `Username` and `Secret`. */
async function kept(entry?: { ServerURL: string; Username: string; Secret: string }) {
  const environment = { ...process.env, ...(await secretService()).variables };
  if (entry) execFileSync(HELPER, ['store'], { env: environment, input: JSON.stringify(entry) });
  return command([HELPER, 'get'], { input: 'docker', environment });
}

const request = ask();
const { origin } = request;

needsBoth('command with a helper of docker', () => {
  test('what docker login has kept is found', async () => {
    const provider = await kept({ ServerURL: origin, Username: 'alice', Secret: 'wonderland' });
    expect(await provider.get(request)).toEqual({ username: 'alice', password: 'wonderland' });
  });

  test('an identity token is a token', async () => {
    const provider = await kept({ ServerURL: origin, Username: '<token>', Secret: 'abc.def' });
    expect(await provider.get(ask({ scheme: 'bearer' }))).toEqual({ token: 'abc.def' });
  });

  test.each([
    ['an empty store', undefined],
    ['a store that knows another host', 'https://other.example'],
    ['a store that knows another port', `${origin}:8443`],
  ])('%s has none, and that is said', async (_, ServerURL) => {
    const provider = await kept(
      ServerURL === undefined ? undefined : { ServerURL, Username: 'bob', Secret: 'builder' },
    );
    expect(await provider.get(request)).toBeUndefined();
    expect(provider.absence?.(request)).toBe(`${HELPER} has no credential for this origin`);
  });

  test('a session without a bus is trouble', async () => {
    const environment = { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
    const provider = command([HELPER, 'get'], { input: 'docker', environment });
    await expect(provider.get(request)).rejects.toMatchObject({
      code: 'ERR_AUTH_PROVIDER',
      message: expect.stringMatching(/^command: docker-credential-secretservice ended with status 1/),
    });
  });
});
