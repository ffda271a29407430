/** Runs a program as a child process, within limits of time and output. */

import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { withinTime } from './deadline.js';
import type { Environment } from './variables.js';

export interface RunOptions {
  /** Written to stdin, which is then closed. */
  readonly input?: string | undefined;
  /** Milliseconds until the program and all it has started are killed. */
  readonly timeout: number;
  /** Kills them when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** The whole environment of the program; by default that of this process. */
  readonly environment?: Environment | undefined;
  /** How many bytes of stdout are read at most; by default 64 KiB. */
  readonly maxOutput?: number | undefined;
}

/** How a program ended: with an exit status or by a signal. */
export interface Outcome {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
}

/**
 * - `missing`: there is no such program (ENOENT).
 * - `denied`: it is not executable (EACCES).
 * - `failed`: it did not start for another reason.
 * - `late`: it took too long.
 * - `flooded`: it printed too much.
 * - `aborted`: nobody waits for it any more.
 */
export type RunFailureReason = 'missing' | 'denied' | 'failed' | 'late' | 'flooded' | 'aborted';

/** The program did not start, or did not end by itself. Holds nothing of what it read or printed. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
  readonly reason: RunFailureReason;

  constructor(reason: RunFailureReason) {
    super(reason);
    this.reason = reason;
  }
}

const MAX_OUTPUT = 64 * 1024;
const GRACE = 500; // Milliseconds between SIGTERM and SIGKILL.

/**
 * Runs `argv[0]` with the rest as its arguments, without a shell. What it says on stderr is lost: it may hold a secret.
 * Rejects with a `RunFailure`; every exit status is an outcome.
 */
export async function run(argv: readonly string[], options: RunOptions): Promise<Outcome> {
  const { input = '', timeout, signal, environment, maxOutput = MAX_OUTPUT } = own(options);
  if (signal?.aborted) throw new RunFailure('aborted');
  const child = start(argv, environment);
  const late = () => new RunFailure('late');
  const left = () => new RunFailure('aborted');
  try {
    const outcome = outcomeOf(child, maxOutput);
    child.stdin?.on('error', () => {}).end(input); // EPIPE: it ended without reading.
    return await withinTime(outcome, { milliseconds: timeout, signal, late, left });
  } catch (error) {
    stop(child);
    throw error;
  }
}

function start([program = '', ...args]: readonly string[], environment: Environment = process.env): ChildProcess {
  // Its own group, so that what it starts is killed with it, and no terminal to ask at (setsid).
  const detached = process.platform !== 'win32';
  const stdio: StdioOptions = ['pipe', 'pipe', 'ignore'];
  try {
    return spawn(program, args, { env: own(environment), detached, shell: false, windowsHide: true, stdio });
  } catch (error) {
    throw new RunFailure(reasonOf(error)); // No cause: its message has the arguments in it.
  }
}

function outcomeOf(child: ChildProcess, maxOutput: number): Promise<Outcome> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new RunFailure(reasonOf(error))));
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxOutput) chunks.push(chunk);
      else reject(new RunFailure('flooded'));
    });
    child.on('close', (status, signal) => resolve({ status, signal, stdout: Buffer.concat(chunks).toString('utf8') }));
  });
}

/** SIGTERM, and SIGKILL for what is still there a moment later; then nothing of it keeps this process alive. */
function stop(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const killing = setTimeout(() => {
    kill(child, 'SIGKILL');
    child.stdout?.destroy();
  }, GRACE);
  child.on('close', () => clearTimeout(killing)); // Nobody holds its stdout any more.
  kill(child, 'SIGTERM');
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-(child.pid as number), signal);
  } catch {
    // ESRCH: all of the group have ended.
  }
}

function reasonOf(error: unknown): RunFailureReason {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'missing';
  return code === 'EACCES' ? 'denied' : 'failed';
}

/** Own properties only: `spawn` hands the program even the variables of a polluted `Object.prototype` (SEC-28). */
function own<T extends object>(options: T): T {
  return Object.assign(Object.create(null), options);
}
