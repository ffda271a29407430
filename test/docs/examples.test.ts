/** Every example runs, as a process of its own, on the package as it is published. */

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program, ROOT } from '../support/program.js';
import { afterwards, server } from '../support/stage.js';

const credential = { AXIOS_CHALLENGE_USERNAME: 'alice', AXIOS_CHALLENGE_PASSWORD: 'wonderland' };

test('npm start shows the handshake of Basic and of Digest, and succeeds', async () => {
  const { status, stdout, stderr } = await program('examples/start.ts');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/GET \S+\/basic\/report {2}-> {2}200\n {2}1 {2}sent without credentials +401 {2}Basic/);
  expect(stdout).toMatch(
    /chose Digest SHA-256 \(passed over: Basic, weaker; Digest MD5, weaker\)\n.*sent as alice.* 200/,
  );
  expect(stdout).not.toContain('wonderland');
});

test('npm start -- URL does it for any server', async () => {
  const guarded = await server();
  const { status, stdout } = await program('examples/start.ts', [`${guarded.url}/x`], credential);
  expect(status).toBe(0);
  expect(stdout).toMatch(/sent as alice \(Digest SHA-256, nc 1\) +200/);
});

test('npm start -- URL without a credential or a terminal fails, and says what to do', async () => {
  const guarded = await server();
  const { status, stdout } = await program('examples/start.ts', [guarded.url], { AXIOS_CHALLENGE_NO_PROMPT: '1' });
  expect(status).toBe(1);
  expect(stdout).toContain('AXIOS_CHALLENGE_USERNAME');
});

const IDEAS: ReadonlyArray<
  readonly [string, 'digest' | 'bearer', (url: string) => Promise<readonly string[]>, object]
> = [
  ['basic.ts', 'digest', async (url) => [url], credential],
  ['unattended.ts', 'digest', async (url) => [url], credential],
  ['provider.ts', 'digest', async (url) => [url, await notebook(url)], {}],
  ['token.ts', 'bearer', async (url) => [url, 't0k3n'], {}],
];

test.each(IDEAS)('examples/%s is let in', async (file, scheme, argsFor, variables) => {
  const guarded = await server({ tokens: ['t0k3n'], protect: { scheme } });
  const { status, stdout, stderr } = await program(`examples/${file}`, await argsFor(`${guarded.url}/`), {
    ...variables,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('authenticated: true');
});

test('examples/unattended.ts says why it was not let in', async () => {
  const guarded = await server();
  const { status, stderr } = await program('examples/unattended.ts', [guarded.url]);
  expect(status).toBe(1);
  expect(stderr).toContain('AXIOS_CHALLENGE_USERNAME is not set');
});

test.each(['testing.ts', 'protocol.ts'])('examples/%s runs by itself', async (file) => {
  const { status, stdout } = await program(`examples/${file}`);
  expect(status).toBe(0);
  expect(stdout).not.toBe('');
});

test('no example is left out here', async () => {
  const known = [...IDEAS.map(([file]) => file), 'testing.ts', 'protocol.ts', 'start.ts'];
  expect((await readdir(join(ROOT, 'examples'))).sort()).toEqual(known.sort());
});

async function notebook(url: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-'));
  afterwards(() => rm(folder, { recursive: true }));
  const file = join(folder, 'notebook.json');
  await writeFile(file, JSON.stringify({ [new URL(url).origin]: { username: 'alice', password: 'wonderland' } }));
  return file;
}
