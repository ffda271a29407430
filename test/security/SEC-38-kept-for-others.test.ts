/** What a store keeps for an origin is not deleted because one realm of it refuses it, while another may want it (SEC-38). */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chain, git, keychain, type Provider } from '../../src/index.js';
import { ask, origin } from '../support/credential-request.js';
import { temporaryFolder } from '../support/files.js';
import { memoryKeychain } from '../support/keychain.js';
import { alice, client, plainServer, server } from '../support/stage.js';

const quiet = { validateStatus: null };

/** A keychain in memory with alice's password for an origin, and what was deleted from it. */
function stored(origin: string) {
  const { backend, calls } = memoryKeychain({ [`axios-challenge:${origin}`]: { alice: alice.password } });
  return { backend, deleted: () => calls.filter((call) => call.startsWith('delete ')) };
}

/** Lets alice in under /own, and nobody under /other. */
function twoRealms(schemes: readonly ['basic' | 'digest', 'basic' | 'digest'] = ['basic', 'basic']) {
  const [own, other] = schemes;
  return server({
    protect: { '/own': { scheme: own, realm: 'own' }, '/other': { scheme: other, realm: 'other' } },
    onAuthenticated: ({ url }, response) => {
      if (url === '/own/leads') response.writeHead(302, { Location: '/other/a' }).end();
      else if (url?.startsWith('/own')) response.end('in');
      else {
        const challenge = other === 'basic' ? 'Basic realm="other"' : 'Digest realm="other", nonce="n", qop="auth"';
        response.writeHead(401, { 'WWW-Authenticate': challenge }).end();
      }
    },
  });
}

const WAYS: ReadonlyArray<readonly [string, (provider: Provider) => Provider]> = [
  ['alone', (provider) => provider],
  ['in a chain', (provider) => chain(provider)],
];

describe.each(WAYS)('a keychain %s', (_, made) => {
  test.each([
    ['basic', 'basic'],
    ['basic', 'digest'],
    ['digest', 'basic'],
    ['digest', 'digest'],
  ] as const)('SEC-38 keeps what its own realm (%s) accepted, though another (%s) refuses it', async (...schemes) => {
    const guarded = await twoRealms(schemes);
    const { backend, deleted } = stored(guarded.url);
    const instance = client(guarded.url, { providers: [made(keychain({ backend }))], allowInsecure: true }, quiet);
    expect((await instance.get('/own/a')).status).toBe(200);
    expect((await instance.get('/other/a')).status).toBe(401);
    expect((await instance.get('/own/b')).status).toBe(200);
    expect(deleted()).toEqual([]);
  });

  test('SEC-38 keeps a password that was accepted up to a redirect into another realm', async () => {
    const guarded = await twoRealms();
    const { backend, deleted } = stored(guarded.url);
    const instance = client(guarded.url, { providers: [made(keychain({ backend }))] }, quiet);
    expect((await instance.get('/own/leads')).status).toBe(401);
    expect(deleted()).toEqual([]);
  });

  test('SEC-38 deletes a password that its only realm refuses', async () => {
    const guarded = await twoRealms();
    const { backend, deleted } = stored(guarded.url);
    await client(guarded.url, { providers: [made(keychain({ backend }))] }, quiet).get('/other/a');
    expect(deleted()).toEqual([`delete axios-challenge:${guarded.url} alice`]);
  });
});

test('SEC-38 keeps a password that a person typed for one realm, although another realm refuses it', async () => {
  const guarded = await twoRealms();
  const { backend, calls } = memoryKeychain();
  const person: Provider = { name: 'person', interactive: true, get: () => (calls.length === 0 ? alice : undefined) };
  const providers = [keychain({ backend, save: 'always' }), person];
  const instance = client(guarded.url, { providers }, quiet);
  expect((await instance.get('/own/a')).status).toBe(200);
  const saved = [`set axios-challenge:${guarded.url} alice wonderland`];
  expect(calls).toEqual(saved);
  expect((await instance.get('/other/a')).status).toBe(401);
  expect(calls).toEqual(saved);
});

test('SEC-38 deletes a password that all of its realms have refused', async () => {
  const plain = await plainServer(({ url }, response) => {
    response.writeHead(401, { 'WWW-Authenticate': `Basic realm="${url?.at(1)}"` }).end();
  });
  const { backend, deleted } = stored(plain.url);
  const instance = client(plain.url, { providers: [keychain({ backend })] }, quiet);
  await instance.get('/a/');
  expect(deleted()).toEqual([`delete axios-challenge:${plain.url} alice`]);
});

test('SEC-38 a changed password counts as not given to another realm', async () => {
  const { backend, deleted } = stored(origin);
  const provider = keychain({ backend });
  const [own, other] = [ask({ realm: 'own' }), ask({ realm: 'other' })];
  const [keeper] = provider.providers ?? [];
  const given = await keeper?.get(own);
  await keeper?.get(other);
  await keeper?.reject?.(other, given as never);
  expect(deleted()).toEqual([]);
  await keeper?.reject?.(own, given as never);
  expect(deleted()).toEqual([`delete axios-challenge:${origin} alice`]);
});

test("SEC-38 git's helpers are told to erase a password that no other realm got", async () => {
  const folder = await temporaryFolder();
  const log = join(folder, 'log');
  const answer = 'protocol=https\\nhost=files.example\\nusername=alice\\npassword=p\\n';
  const script = `#!/bin/sh\nfor action; do :; done\necho "$action" >> '${log}'\n[ "$action" = fill ] && printf '${answer}'\nexit 0\n`;
  await writeFile(join(folder, 'git'), script, { mode: 0o755 });
  const provider = git({ path: join(folder, 'git') });
  const [own, other] = [ask({ realm: 'own' }), ask({ realm: 'other' })];
  const mine = await provider.get(own);
  const theirs = await provider.get(other);
  await provider.reject?.(other, theirs as never);
  expect(await readFile(log, 'utf8')).toBe('fill\nfill\n');
  await provider.reject?.(own, mine as never);
  expect(await readFile(log, 'utf8')).toBe('fill\nfill\nreject\n');
});
