/** What `import` and `require` of the package load: axios, and what Node brings along; the rest when it is needed. */

import { execFile } from 'node:child_process';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from '../support/program.js';
import { afterwards } from '../support/stage.js';

const run = promisify(execFile);
const WATCH = join(ROOT, 'test/pack/watch-imports.mjs');

const ours = pathToFileURL(join(ROOT, 'dist')).href;

/** Who asks for what, when `door` is loaded, or run with arguments. */
async function requestsOf(
  dialect: string,
  door: string,
  args: readonly string[] = [],
): Promise<Array<[string | undefined, string]>> {
  const running = run(process.execPath, [WATCH, join(ROOT, 'dist', dialect, door), ...args], { timeout: 30_000 });
  // A command ends with a status of its own.
  const { stdout } = await running.catch((error: { readonly stdout: string }) => error);
  return stdout
    .trim()
    .split('\n')
    .map((line): [string | undefined, string] => JSON.parse(line));
}

/** What the files of this package ask for, other than each other. */
async function loadedBy(dialect: string, door: string): Promise<string[]> {
  const requests = await requestsOf(dialect, door);
  const foreign = requests.filter(([from, what]) => from?.startsWith(ours) && !what.startsWith('.'));
  return [...new Set(foreign.map(([, what]) => what))].sort();
}

const DOORS: ReadonlyArray<readonly [door: string, loads: readonly string[]]> = [
  [
    'index.js',
    [
      'axios',
      'node:crypto',
      'node:fs',
      'node:fs/promises',
      'node:http',
      'node:https',
      'node:path',
      'node:stream',
      'node:stream/promises',
      'node:tty',
      'node:util',
    ],
  ],
  ['protocol.js', ['node:crypto']],
  ['ntlm.js', ['node:crypto']],
  ['negotiate.js', []],
  [
    'oauth/oauth.js',
    [
      'axios',
      'node:child_process',
      'node:crypto',
      'node:dns/promises',
      'node:fs',
      'node:fs/promises',
      'node:http',
      'node:net',
      'node:os',
      'node:path',
      'node:timers/promises',
      'node:tty',
    ],
  ],
  ['testing/challenge-server.js', ['node:crypto', 'node:http', 'node:https', 'node:net', 'node:stream/consumers']],
];

const dialects = ['esm', 'commonjs'];

test.each(dialects.flatMap((dialect) => DOORS.map(([door, loads]) => [dialect, door, loads] as const)))(
  '%s/%s',
  async (dialect, door, loads) => {
    expect(await loadedBy(dialect, door)).toEqual(loads);
  },
);

/** The text of all files of this package that `door` loads. */
async function textLoadedBy(dialect: string, door: string, args?: readonly string[]): Promise<string> {
  const own = (await requestsOf(dialect, door, args)).filter(
    ([from, what]) => from?.startsWith(ours) && what.startsWith('.'),
  );
  const files = new Set([
    join(ROOT, 'dist', dialect, door),
    ...own.map(([from, what]) => fileURLToPath(new URL(what, from))),
  ]);
  return (await Promise.all([...files].map((file) => readFile(file, 'utf8')))).join('\n');
}

test.each(dialects)('%s: NTLM is loaded by its own door alone', async (dialect) => {
  const hasNtlm = async (door: string) => (await textLoadedBy(dialect, door)).includes('NTLMSSP');
  const doors = ['index.js', 'protocol.js', 'oauth/oauth.js', 'ntlm.js'];
  expect(await Promise.all(doors.map(hasNtlm))).toEqual([false, false, false, true]);
});

test.each(dialects)('%s: Negotiate is loaded by its own door alone, and kerberos by none', async (dialect) => {
  const hasNegotiate = async (door: string) => (await textLoadedBy(dialect, door)).includes('GSS_MECH_OID_SPNEGO');
  const doors = ['index.js', 'protocol.js', 'oauth/oauth.js', 'ntlm.js', 'negotiate.js'];
  expect(await Promise.all(doors.map(hasNegotiate))).toEqual([false, false, false, false, true]);
});

test.each([
  ['get', [], [false, false]],
  ['get --ntlm', ['--ntlm'], [true, false]],
  ['get --negotiate', ['--negotiate'], [false, true]],
] as const)('%s loads of NTLM and Negotiate what it is told to', async (_, options, loads) => {
  const text = await textLoadedBy('esm', 'cli/main.js', ['get', '-s', ...options, 'http://127.0.0.1:9/']);
  expect(text).toContain('use only one of --data');
  expect(['NTLM needs MD5', 'GSS_MECH_OID_SPNEGO'].map((words) => text.includes(words))).toEqual(loads);
});

// A sentence of each part that is loaded when it is used.
const LATER = [
  'answers led from realm to realm',
  'the connection of the handshake is gone',
  'keytar did not start',
  'The server calls this',
  'printed more than a credential',
  'can be read by others',
  'the password was not kept',
];

test.each(dialects)('%s: what few programs use is loaded when it is used', async (dialect) => {
  const parts = join(ROOT, 'dist', dialect, 'parts');
  const texts = await Promise.all((await readdir(parts)).map((file) => readFile(join(parts, file), 'utf8')));
  expect(LATER.filter((sentence) => texts.some((text) => text.includes(sentence)))).toEqual(LATER);
  const loaded = await textLoadedBy(dialect, 'index.js');
  expect(LATER.filter((sentence) => loaded.includes(sentence))).toEqual([]);
});

/** Runs a program with the public names of some doors. */
async function runWith(
  dialect: string,
  names: Readonly<Record<string, string>>,
  program: string,
  copy = join(ROOT, 'dist', dialect),
): Promise<string> {
  const loads = Object.entries(names).map(([door, taken]) => {
    const path = join(copy, door);
    return dialect === 'esm'
      ? `import { ${taken} } from ${JSON.stringify(pathToFileURL(path).href)};`
      : `const { ${taken} } = require(${JSON.stringify(path)});`;
  });
  const type = dialect === 'esm' ? 'module' : 'commonjs';
  const { stdout } = await run(process.execPath, [`--input-type=${type}`, '-e', [...loads, program].join('\n')], {
    cwd: ROOT,
    timeout: 30_000,
  });
  return stdout.trim();
}

const ASK_THE_KEYCHAIN = `
  const request = { origin: 'https://files.example', realm: '', scheme: 'digest', proxy: false, url: '', refused: 0 };
  Promise.resolve(keychain().get(request)).then(() => console.log('it answered'), ({ message }) => console.log(message));
`;

// Which of these it is depends on the machine; a helper that is not found says something else.
const ANSWER_OF_THE_HELPER = /^(it answered|keychain: the store says: .*|keychain: keytar does not load: .*)$/;

test.each(dialects)('%s: the helper of the keychain is in the package', async (dialect) => {
  expect(await runWith(dialect, { 'index.js': 'keychain' }, ASK_THE_KEYCHAIN)).toMatch(ANSWER_OF_THE_HELPER);
});

const SHAKE_HANDS = `
  (async () => {
    const server = await challengeServer({ protect: { scheme: 'ntlm' } });
    const { default: axios } = await import('axios');
    const [client, alice] = [axios.create(), staticCredential({ username: 'alice', password: 'wonderland' })];
    installAuth(client, { schemes: [ntlm({ origins: [server.url] })], providers: [alice] });
    for (const path of ['/a', '/b']) await client.get(server.url + path);
    console.log(server.requests.map(({ status }) => status).join(' '));
    await server.close();
  })();
`;

test.each(dialects)('%s: a connection is authenticated by what is loaded for it', async (dialect) => {
  const names = {
    'index.js': 'installAuth, staticCredential',
    'ntlm.js': 'ntlm',
    'testing/challenge-server.js': 'challengeServer',
  };
  expect(await runWith(dialect, names, SHAKE_HANDS)).toBe('401 401 200 200');
});

/** A copy of the package that a program can remove. */
async function copied(dialect: string, name: string): Promise<string> {
  const copy = join(ROOT, 'node_modules/.cache', `axios-challenge-${dialect}-${name}`);
  await cp(join(ROOT, 'dist', dialect), copy, { recursive: true });
  afterwards(() => rm(copy, { recursive: true, force: true }));
  return copy;
}

const askWithout = (parts: string) => `
  process.getBuiltinModule('node:fs').rmSync(${JSON.stringify(parts)}, { recursive: true });
  const request = { origin: 'https://files.example', realm: '', scheme: 'digest', proxy: false, url: '', refused: 0 };
  Promise.resolve(keychain().get(request)).catch(({ code, message }) => console.log(code, message));
`;

test.each(dialects)('%s: a keychain whose part is gone says so', async (dialect) => {
  const copy = await copied(dialect, 'keychain');
  const program = askWithout(join(copy, 'parts'));
  expect(await runWith(dialect, { 'index.js': 'keychain' }, program, copy)).toMatch(
    /^ERR_AUTH_PROVIDER keychain: a part could not be loaded: were the files of axios-challenge replaced/,
  );
});

/** A program that is challenged when its copy of the package is gone: since `installAuth`, or since before it. */
const outliving = (parts: string, isSince: boolean) => `
  (async () => {
    const { createServer } = await import('node:http');
    const { Readable } = await import('node:stream');
    const { rmSync } = await import('node:fs');
    const { default: axios } = await import('axios');
    const server = createServer(({ url, headers }, response) => {
      const isLetIn = url === '/open' || headers.authorization !== undefined;
      response.writeHead(isLetIn ? 200 : 401, { 'WWW-Authenticate': 'Basic realm="files"' }).end();
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseURL = 'http://127.0.0.1:' + server.address().port;
    const client = axios.create({ baseURL, proxy: false, validateStatus: null });
    const install = () => installAuth(client, { providers: [staticCredential({ username: 'alice', password: 'wonderland' })] });
    if (${isSince}) install();
    if (${isSince}) await new Promise((resolve) => setTimeout(resolve, 500));
    rmSync(${JSON.stringify(parts)}, { recursive: true });
    if (!${isSince}) install();
    const response = await client.get('/files');
    const sent = await client.post('/files', Readable.from(['abc']));
    console.log([response, sent].map((one) => one.status + ' ' + explain(one).split('\\n').at(-1).trim()).join(' | '));
    server.close();
  })();
`;

test.each(
  dialects.flatMap(
    (dialect) =>
      [
        [dialect, true, /^200 .* \| 200 /],
        [
          dialect,
          false,
          /^(401 gave back the server's own 401: what answers challenges could not be loaded: .*(?: \| |$)){2}$/,
        ],
      ] as const,
  ),
)('%s: a program goes on when its copy of the package is removed after installAuth: %p', async (...input) => {
  const [dialect, isSince, said] = input;
  const copy = await copied(dialect, `${isSince}`);
  const names = { 'index.js': 'installAuth, staticCredential, explain' };
  expect(await runWith(dialect, names, outliving(join(copy, 'parts'), isSince), copy)).toMatch(said);
});
