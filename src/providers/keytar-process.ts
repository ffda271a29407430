/** `keytar` in a process of its own: a store that hangs blocks threads of it for ever, and a locked one has made it crash. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { AuthError } from '../errors.js';
import type { KeychainBackend } from './keychain-backend.js';
import { keytarTrouble, storeTrouble } from './keytar-trouble.js';

// Plain text, so that it is what it is however this package is compiled and bundled. A line in, a line out, until stdin
// ends; `exit` would wait for the threads of a call that hangs. Where keytar keeps to itself why its native part did not
// load, that is loaded once more.
const SCRIPT = `
const { createInterface } = require('node:readline');
const { dirname, join } = require('node:path');
const main = process.argv[1];
function load() {
  try {
    return require(main);
  } catch (error) {
    for (const folder of ['build/Release', 'prebuilds/' + process.platform + '-' + process.arch]) {
      try {
        require(join(dirname(main), '..', folder, 'keytar.node'));
      } catch (reason) {
        if (reason.code === 'ERR_DLOPEN_FAILED') throw reason;
      }
    }
    throw error;
  }
}
const lineOf = (value) => JSON.stringify(value).replace(/\\u2028/g, '\\\\u2028').replace(/\\u2029/g, '\\\\u2029') + '\\n';
async function answer([method, ...args]) {
  let keytar;
  try {
    keytar = load();
  } catch ({ code, message }) {
    return { broken: { code, message } };
  }
  return keytar[method](...args).then((value) => ({ value }), ({ message }) => ({ failure: message }));
}
createInterface({ input: process.stdin })
  .on('line', async (line) => process.stdout.write(lineOf(await answer(JSON.parse(line)))))
  .on('close', () => process.kill(process.pid, 'SIGKILL'));
`;

interface Reply {
  readonly value?: unknown;
  /** Why the store did not do it. */
  readonly failure?: string;
  /** What loading keytar has thrown. */
  readonly broken?: { readonly code?: string; readonly message: string };
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** `path` is keytar's main file. The process begins with the first call, ends with `signal`, and holds up no exit. */
export function keytarProcess(path: string, signal: AbortSignal): Required<KeychainBackend> {
  let helper: Helper | undefined;
  const call = async <T>(...request: readonly [method: keyof KeychainBackend, ...args: string[]]): Promise<T> => {
    helper ??= new Helper(path, signal);
    return (await helper.ask(request)) as T;
  };
  return {
    getPassword: (service, account) => call('getPassword', service, account),
    setPassword: (service, account, password) => call('setPassword', service, account, password),
    deletePassword: (service, account) => call('deletePassword', service, account),
    findPassword: (service) => call('findPassword', service),
    findCredentials: (service) => call('findCredentials', service),
  };
}

class Helper {
  readonly #child: Child;
  readonly #lines: Interface;
  readonly #ended: Promise<never>;

  constructor(path: string, signal: AbortSignal) {
    this.#child = start(path);
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#ended = endOf(this.#child);
    signal.addEventListener('abort', () => this.#child.kill('SIGKILL'), { once: true });
    if (signal.aborted) this.#child.kill('SIGKILL');
  }

  /** One question at a time. */
  async ask(request: readonly string[]): Promise<unknown> {
    const line = new Promise<string>((resolve) => this.#lines.once('line', resolve));
    this.#child.stdin.write(lineOf(request));
    const { value, failure, broken }: Reply = JSON.parse(await Promise.race([line, this.#ended]));
    if (broken) throw trouble(keytarTrouble(broken));
    if (failure !== undefined) throw trouble(storeTrouble(failure));
    return value;
  }
}

/** One line for readline, to which U+2028 and U+2029 are ends of lines as well, from Node 24 on. */
function lineOf(value: unknown): string {
  return `${JSON.stringify(value)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029')}\n`;
}

function start(path: string): Child {
  // What is meant for this process (NODE_OPTIONS, NODE_V8_COVERAGE) would run in that one too.
  const inherited = Object.entries(process.env).filter(([name]) => !/^NODE_/i.test(name));
  const child = spawn(process.execPath, ['-e', SCRIPT, path], {
    cwd: dirname(path),
    env: Object.assign(Object.create(null), Object.fromEntries(inherited)),
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  child.stdin.on('error', () => {}); // EPIPE: it has ended, which `endOf` tells.
  for (const held of [child, child.stdin as Socket, child.stdout as Socket]) held.unref();
  return child;
}

function endOf(child: Child): Promise<never> {
  const ended = new Promise<never>((_, reject) => {
    child.on('error', ({ message }) => reject(trouble(`keytar did not start: ${message}`)));
    child.on('close', (status, signal) => reject(trouble(`keytar crashed (${signal ?? `status ${status}`})`)));
  });
  ended.catch(() => {}); // Mostly nobody waits any more.
  return ended;
}

function trouble(reason: string): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `keychain: ${reason}`);
}
