/** A program on a real pseudo-terminal, with somebody at the keyboard. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { ROOT, runnable } from './compiled.js';
import { needs } from './servers/process.js';
import { afterwards } from './stage.js';

const PYTHON = '/usr/bin/python3';
const DRIVER = fileURLToPath(new URL('pty-driver.py', import.meta.url));
const PATIENCE = 15_000;

/** How a program left, and in what state the terminal is then (`stty -a`). */
export interface Left {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stty: string;
}

/** The streams of the program that are pipes, where they are not the terminal. */
export type Piped = ReadonlyArray<'stdin' | 'stdout' | 'stderr'>;

/** `describe`, where there is a pseudo-terminal to be had. */
export const needsPty = needs(PYTHON, 'python3');

/** Runs a program at a terminal: without CI, and without the variables that begin with AXIOS_CHALLENGE. */
export function atTerminal(file: string, args: readonly string[], piped: Piped = [], variables = {}): Window {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AXIOS_CHALLENGE|CI$)/.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    NODE_OPTIONS: '',
    NO_PROXY: '127.0.0.1',
    TERM: 'xterm',
    ...variables,
  };
  const command = [process.execPath, ...runnable(file), ...args];
  const stdio = Array(7).fill('pipe');
  return new Window(spawn(PYTHON, [DRIVER, piped.join(), ...command], { cwd: ROOT, env, stdio }));
}

/** What the person sees and does. */
export class Window {
  /** Every byte that came to the screen. */
  screen = '';
  /** What the program wrote to those of its streams that are pipes. */
  stdout = '';
  readonly #keyboard: Writable;
  readonly #reports: AsyncIterator<string>;
  readonly #pid: Promise<number>;
  #trouble = '';
  #seen = 0;
  #changed = () => {};
  #closed = false;

  constructor(driver: ChildProcess) {
    const [keyboard, screen, trouble, reports, stdout, stdin] = driver.stdio as [Writable, ...Readable[]];
    this.#keyboard = keyboard;
    this.#reports = createInterface({ input: reports as Readable })[Symbol.asyncIterator]();
    this.#pid = this.#report<{ pid: number }>().then(({ pid }) => pid);
    read(screen, (text) => this.#show(text));
    read(trouble, (text) => {
      this.#trouble += text;
    });
    read(stdout, (text) => {
      this.stdout += text;
    });
    (stdin as unknown as Writable).end('not a person\n');
    for (const stream of driver.stdio) stream?.on('error', () => {}); // EPIPE: the program has left.
    screen?.on('end', () => {
      this.#closed = true;
      this.#changed();
    });
    afterwards(() => this.#end(driver));
  }

  /** Waits until the screen shows it, after what was waited for before. */
  async until(expected: string | RegExp): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (!this.#find(expected)) {
      if (this.#closed || Date.now() > deadline)
        throw new Error(`no ${expected} on the screen:\n${this.screen}${this.#trouble}`);
      await this.#change();
    }
  }

  /** Waits for a question, and answers it. */
  async answer(question: string | RegExp, text: string): Promise<void> {
    await this.until(question);
    this.type(`${text}\r`);
  }

  type(keys: string): void {
    this.#keyboard.write(keys);
  }

  /** Closes the window. */
  hangUp(): void {
    this.#keyboard.end();
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    process.kill(await this.#pid, signal);
  }

  /** How the terminal is while the program is stopped (Ctrl-Z). */
  async stopped(): Promise<Pick<Left, 'stty'>> {
    await this.#pid;
    return this.#report<Left>();
  }

  /** Waits for the end of the program, and for the last of what it showed. */
  async left(): Promise<Left> {
    await this.#pid;
    const left = await this.#report<Left>();
    const deadline = Date.now() + PATIENCE;
    while (!this.#closed && Date.now() < deadline) await this.#change();
    return left;
  }

  async #report<T>(): Promise<T> {
    const { value } = await this.#reports.next();
    if (value === undefined) throw new Error(`the pty driver failed: ${this.#trouble}`);
    return JSON.parse(value);
  }

  #show(text: string): void {
    this.screen += text;
    this.#changed();
  }

  #find(expected: string | RegExp): boolean {
    const rest = this.screen.slice(this.#seen);
    const found = typeof expected === 'string' ? rest.indexOf(expected) : rest.search(expected);
    if (found >= 0) this.#seen += found + 1;
    return found >= 0;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE);
      this.#changed = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #end(driver: ChildProcess): Promise<void> {
    if (driver.exitCode !== null) return;
    const ended = once(driver, 'exit');
    this.hangUp();
    const pid = await this.#pid.catch(() => undefined);
    const timer = setTimeout(() => pid && process.kill(pid, 'SIGKILL'), 2_000);
    await ended;
    clearTimeout(timer);
  }
}

function read(stream: Readable | undefined, take: (text: string) => void): void {
  stream?.setEncoding('utf8').on('data', take);
}
