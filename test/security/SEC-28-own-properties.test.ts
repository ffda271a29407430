/** SEC-28: what sits on Object.prototype is no option, no credential and no answer. */

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { netrc, type Provider } from '../../src/index.js';
import type { ChallengeServer } from '../../src/testing/challenge-server.js';
import type { Errand, Findings, Pollution } from '../support/polluted.js';
import { program, ROOT } from '../support/program.js';
import { afterwards, server } from '../support/stage.js';

// What every object has anyway, or the language itself reads: with one of these polluted no program runs.
const LANGUAGE = /^(get|set|value|then|constructor|toString|toJSON)$/;

// follow-redirects takes them for parts of the URL, and tells of one that it did not send; for listeners, and dies.
const FOREIGN = /^(host|hostname|pathname|search|socket|connect|abort)$/;

// The outcome of the request by fetch, among those of one client.
const FETCHED = 7;

const ROOMS = ['axios', 'exchange', 'providers', 'schemes', 'syntax', '.'];

/** Every option, and every member of every type, that our source declares. */
async function declaredNames(): Promise<string[]> {
  const found = new Set<string>();
  for (const room of ROOMS) {
    for (const entry of await readdir(join(ROOT, 'src', room), { recursive: room !== '.', withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
      for (const [, name = ''] of text.matchAll(/^ +(?:readonly )?(\w+)\??[:(]/gm)) found.add(name);
    }
  }
  return [...found].filter((name) => !LANGUAGE.test(name) && !FOREIGN.test(name)).sort();
}

async function netrcFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-'));
  afterwards(() => rm(folder, { recursive: true }));
  const file = join(folder, 'netrc');
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

const alice = 'machine 127.0.0.1 login alice password wonderland\n';

// As many as a process goes through in a few seconds.
const PART = 50;

/** Goes the same ways once for every pollution, in processes of their own. */
async function findings(guarded: ChallengeServer, pollutions: readonly Pollution[]): Promise<Findings[]> {
  const netrc = await netrcFile(alice);
  const found: Findings[] = [];
  for (let first = 0; first < pollutions.length; first += PART) {
    found.push(...(await run({ url: guarded.url, netrc, pollutions: pollutions.slice(first, first + PART) })));
  }
  return found;
}

async function run(errand: Errand): Promise<Findings[]> {
  const { status, stdout, stderr } = await program('test/support/polluted.ts', [JSON.stringify(errand)]);
  const lines = stdout.split('\n').slice(0, -1);
  const unfinished = errand.pollutions[lines.length]?.name;
  expect({ status, stderr, unfinished }).toEqual({ status: 0, stderr: '', unfinished: undefined });
  return lines.map((line) => JSON.parse(line));
}

function guardedPaths(): Promise<ChallengeServer> {
  return server({
    users: { alice: 'wonderland', bob: 'builder' },
    protect: {
      '/digest': { scheme: 'digest', realm: 'files' },
      '/basic': { scheme: 'basic', realm: 'docs' },
      '/other': { raw: 'Negotiate' },
    },
  });
}

/** The requests of one pollution, as far as they are the same each time. */
function sendsUnder({ requests }: ChallengeServer, name: string): string[] {
  return requests
    .filter(({ headers }) => headers['x-pollution'] === name)
    .map(({ method, url, status, scheme, user, body }) => [method, url, scheme, user, body, status].join(' '));
}

test('SEC-28 own properties: every name, one by one, changes no outcome and no request', async () => {
  const names = await declaredNames();
  const pollutions = [{ name: 'clean', properties: [] }, ...names.map((name) => ({ name, properties: [name] }))];
  expect(names).toEqual(expect.arrayContaining(['providers', 'allowInsecure', 'onEvent', 'mutual', 'interactive']));
  const guarded = await guardedPaths();
  const [clean, ...polluted] = await findings(guarded, pollutions);
  const sends = sendsUnder(guarded, 'clean');
  expect(sends.length).toBeGreaterThan(15);
  const changed = polluted.flatMap(({ name, ours, bare }) => {
    const unlike = (row: number) => bare[row] !== clean?.bare[row];
    const lost = bare.filter((_, row) => unlike(row)).length;
    // Where axios and Node themselves go other ways (`signal`, `timeout`), so do we; fetch alone has more of them.
    if (lost > 1 || (lost === 1 && !unlike(FETCHED))) return [];
    const others = ours.filter((outcome, i) => outcome !== clean?.ours[i] && !unlike(i % bare.length));
    if (lost === 0 && sendsUnder(guarded, name).join() !== sends.join()) others.push('other requests');
    return others.length > 0 ? [[name, ...others]] : [];
  });
  expect(changed).toEqual([]);
}, 120_000);

const OPTIONS = [
  ...['providers', 'schemes', 'allowInsecure', 'preemptive', 'maxCredentials', 'mutual', 'onEvent', 'challenge'],
  ...['auth', 'username', 'password', 'token', 'credential', 'origin', 'realm', 'prefix', 'file', 'default', 'service'],
  ...['save', 'backend', 'confirm', 'interactive', 'store', 'approve', 'reject', 'absence', 'trustOrigins', 'cached'],
  ...['algorithms', 'interactiveSource', 'baseOrigin', 'nonce', 'nc', 'next', 'qop', 'authorization', 'isTTY'],
];

test('SEC-28 own properties: all options together change no outcome and no request', async () => {
  const pollutions = [
    { name: 'clean', properties: [] },
    { name: 'bundle', properties: OPTIONS },
  ];
  const guarded = await guardedPaths();
  const [clean, bundle] = await findings(guarded, pollutions);
  expect(bundle?.bare).toEqual(clean?.bare);
  expect(bundle?.ours).toEqual(clean?.ours);
  expect(sendsUnder(guarded, 'bundle')).toEqual(sendsUnder(guarded, 'clean'));
});

test('SEC-28 own properties: a netrc entry without a password has none', async () => {
  const provider = netrc({ file: await netrcFile('machine 127.0.0.1 login carol\n') });
  const request = { origin: 'http://127.0.0.1', realm: '', scheme: 'basic', proxy: false, url: '', refused: 0 };
  Object.defineProperty(Object.prototype, 'password', { value: 'polluted', configurable: true });
  try {
    const given = (await provider.get(request)) as Awaited<ReturnType<Provider['get']>>;
    expect(Object.entries(given ?? {})).toEqual([['username', 'carol']]);
  } finally {
    Reflect.deleteProperty(Object.prototype, 'password');
  }
});
