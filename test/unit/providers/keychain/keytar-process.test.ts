/** The process that keytar runs in, with a keytar of our own in it. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { keytarProcess } from '../../../../src/providers/keychain/keytar-process.js';
import { KeychainStore } from '../../../../src/providers/keychain/store.js';
import { temporaryFile } from '../../../support/files.js';
import { program, ROOT } from '../../../support/program.js';
import { afterwards } from '../../../support/stage.js';

/** The path of a module whose functions are these. */
function keytar(source: string): Promise<string> {
  return temporaryFile('keytar.js', source);
}

async function start(source: string) {
  const over = new AbortController();
  afterwards(() => over.abort());
  return keytarProcess(await keytar(source), over.signal);
}

const trouble = (message: unknown) => ({ code: 'ERR_AUTH_PROVIDER', message });

test('requests and replies arrive unchanged', async () => {
  const password = 'a "b"\n\u2028\u2029\u{1f511}\ud800 c';
  const store = await start(
    'exports.getPassword = async (...all) => all.join(); exports.findPassword = async () => null',
  );
  expect(await store.getPassword('s', password)).toBe(`s,${password}`);
  expect(await store.findPassword('s')).toBeNull();
});

test('no password is in the arguments or in the environment of the process', async () => {
  const store = await start(`exports.setPassword = async () => {};
    exports.findPassword = async () => JSON.stringify([process.argv, process.execArgv, process.env])`);
  await store.setPassword('s', 'alice', 's3cret-p4ssword');
  const seen = await store.findPassword('s');
  expect(seen).toContain('keytar.js');
  expect(seen).not.toContain('s3cret-p4ssword');
});

test('NODE_OPTIONS of the program does not act on the process', async () => {
  const before = process.env.NODE_OPTIONS;
  process.env.NODE_OPTIONS = '--require /nonexistent.js';
  try {
    const store = await start('exports.findPassword = async () => String(process.env.NODE_OPTIONS)');
    expect(await store.findPassword('s')).toBe('undefined');
  } finally {
    if (before === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = before;
  }
});

test.each([
  [
    'the store fails',
    'exports.findPassword = async () => { throw new Error("no such bus\\nmore") }',
    /: the store says: no such bus\b(?!\n)/,
  ],
  [
    'keytar crashes',
    'exports.findPassword = () => process.kill(process.pid, "SIGSEGV")',
    /: keytar crashed \(SIGSEGV\)$/,
  ],
  ['keytar ends', 'exports.findPassword = () => process.exit(3)', /: keytar crashed \(status 3\)$/],
  ['keytar does not load', 'throw new Error("bad binary")', /: keytar does not load: bad binary/],
])('%s: the error says so', async (_, source, reason) => {
  await expect((await start(source)).findPassword('s')).rejects.toMatchObject(trouble(expect.stringMatching(reason)));
});

test('a process that cannot be started is an error with the reason', async () => {
  const executable = process.execPath;
  const path = await keytar('');
  process.execPath = '/nonexistent/node';
  try {
    const failing = keytarProcess(path, new AbortController().signal).findPassword('s');
    await expect(failing).rejects.toMatchObject(trouble(expect.stringMatching(/: keytar did not start: .*ENOENT/)));
  } finally {
    process.execPath = executable;
  }
});

test('a call that blocks forever is cut off, and its process is killed', async () => {
  const path = await keytar(`require('node:fs').writeFileSync(__filename + '.pid', String(process.pid));
    exports.findPassword = () => { for (;;); }`);
  const finding = new KeychainStore(async (over) => keytarProcess(path, over), 4_000).find('s');
  await expect(finding).rejects.toMatchObject(trouble(expect.stringContaining('no answer within 4000 ms')));
  const pid = Number(await readFile(`${path}.pid`, 'utf8'));
  const deadline = Date.now() + 5_000;
  while (isRunning(pid) && Date.now() < deadline) await new Promise(setImmediate);
  expect(isRunning(pid)).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a store whose signal is aborted leaves no process', async () => {
  const store = keytarProcess(await keytar('exports.findPassword = async () => "x"'), AbortSignal.abort());
  await expect(store.findPassword('s')).rejects.toMatchObject(trouble(expect.stringMatching(/SIGKILL/)));
});

test('an error does not hold the password of the call', async () => {
  const store = await start('exports.setPassword = async () => { throw new Error("no") }');
  const error = await store.setPassword('s', 'alice', 's3cret-p4ssword').catch((reason) => reason);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('s3cret-p4ssword');
});

test('a call without a waiting caller does not keep the program from ending', async () => {
  const path = await keytar('exports.findPassword = () => new Promise(() => setInterval(() => {}, 1000))');
  const source = join(ROOT, 'src/providers/keychain/keytar-process.ts');
  await writeFile(
    join(path, '../program.mts'),
    `import { keytarProcess } from ${JSON.stringify(source)};
    keytarProcess(${JSON.stringify(path)}, new AbortController().signal).findPassword('s');
    console.log('asked');`,
  );
  expect(await program(join(path, '../program.mts'))).toMatchObject({ status: 0, stdout: 'asked\n' });
});
