/** Runs `keytar` in its own process: a store that hangs blocks threads forever, and a locked one has made it crash. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { AuthError } from '../../errors.js';
import { inheritable } from '../inheritance.js';
import { here } from '../module-url.js';
import type { KeychainBackend } from './backend.js';
import { keytarTrouble, storeTrouble } from './keytar-trouble.js';

/** The text of keytar-helper.cjs, which bundle.js puts in its place. */
declare const KEYTAR_HELPER: string | undefined;

/** From the source, where nothing was bundled, the file is read: the child process cannot load TypeScript. */
function helperText(): string {
  if (typeof KEYTAR_HELPER === 'string') return KEYTAR_HELPER;
  return readFileSync(new URL('./keychain/keytar-helper.cjs', here), 'utf8');
}

interface Reply {
  readonly value?: unknown;
  /** Why the store failed. */
  readonly failure?: string;
  /** The error that loading keytar threw. */
  readonly broken?: { readonly code?: string; readonly message: string };
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** `path` is keytar's main file. The process starts with the first call, ends with `signal`, and delays no exit. */
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

  /** Send the next request only after the reply to this one. */
  async ask(request: readonly string[]): Promise<unknown> {
    const line = new Promise<string>((resolve) => this.#lines.once('line', resolve));
    this.#child.stdin.write(lineOf(request));
    const { value, failure, broken }: Reply = JSON.parse(await Promise.race([line, this.#ended]));
    if (broken) throw trouble(keytarTrouble(broken));
    if (failure !== undefined) throw trouble(storeTrouble(failure));
    return value;
  }
}

/** One line. U+2028 and U+2029 are escaped, because readline takes them for line ends from Node 24 on. */
function lineOf(value: unknown): string {
  return `${JSON.stringify(value)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029')}\n`;
}

function start(path: string): Child {
  // Variables meant for this process (NODE_OPTIONS, NODE_V8_COVERAGE) would act on the child process too.
  const inherited = Object.entries(inheritable(process.env)).filter(([name]) => !/^NODE_/i.test(name));
  const child = spawn(process.execPath, ['-e', helperText(), path], {
    cwd: dirname(path),
    env: Object.assign(Object.create(null), Object.fromEntries(inherited)),
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  child.stdin.on('error', () => {}); // EPIPE: the child has ended, which `endOf` reports.
  for (const held of [child, child.stdin as Socket, child.stdout as Socket]) held.unref();
  return child;
}

function endOf(child: Child): Promise<never> {
  const ended = new Promise<never>((_, reject) => {
    child.on('error', ({ message }) => reject(trouble(`keytar did not start: ${message}`)));
    child.on('close', (status, signal) => reject(trouble(`keytar crashed (${signal ?? `status ${status}`})`)));
  });
  ended.catch(() => {}); // Usually no call is waiting when the child ends.
  return ended;
}

function trouble(reason: string): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', `keychain: ${reason}`);
}
