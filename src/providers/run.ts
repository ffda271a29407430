/** Runs a program as a child process, within limits of time and output. */

import type { ChildProcess, StdioOptions } from 'node:child_process';
import { withinTime } from '../base/abort.js';
import type { Environment } from './environment.js';
import { inheritable } from './inheritance.js';

export interface RunOptions {
  /** Written to stdin, which is then closed. */
  readonly input?: string | undefined;
  /** Milliseconds until the program and all it has started are killed. */
  readonly timeout: number;
  /** Kills the program and all it has started when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Inherited by the program without the variables of this package; by default the environment of this process. */
  readonly environment?: Environment | undefined;
  /** Variables for this program, which override the inherited ones. `undefined` removes a variable. */
  readonly told?: Environment | undefined;
  /** How many bytes of stdout are read at most; by default 64 KiB. */
  readonly maxOutput?: number | undefined;
}

/** How a program ended: with an exit status or by a signal. */
export interface RunResult {
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
 * - `aborted`: the signal was aborted.
 */
export type RunFailureReason = 'missing' | 'denied' | 'failed' | 'late' | 'flooded' | 'aborted';

/** The program did not start, or did not end by itself. The error holds nothing of its input or output. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
  readonly reason: RunFailureReason;

  constructor(reason: RunFailureReason) {
    super(reason);
    this.reason = reason;
  }
}

const MAX_OUTPUT = 64 * 1024;
const KILL_MS = 500; // Between SIGTERM and SIGKILL.

/**
 * Runs `argv[0]` with the rest as its arguments, without a shell. Its stderr is discarded: it may hold a secret.
 * Resolves with any exit status; rejects with a `RunFailure`.
 */
export async function run(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  const { input = '', timeout, signal, environment, told, maxOutput = MAX_OUTPUT } = own(options);
  if (signal?.aborted) throw new RunFailure('aborted');
  const child = await start(argv, environment, told);
  const late = () => new RunFailure('late');
  const left = () => new RunFailure('aborted');
  try {
    const outcome = outcomeOf(child, maxOutput);
    child.stdin?.on('error', () => {}).end(input); // EPIPE: the program ended without reading.
    return await withinTime(outcome, { milliseconds: timeout, signal, late, left });
  } catch (error) {
    stop(child);
    throw error;
  }
}

async function start(
  [program = '', ...args]: readonly string[],
  environment: Environment = process.env,
  told: Environment = {},
): Promise<ChildProcess> {
  const { spawn } = await import('node:child_process'); // Most processes run no program.
  const env = Object.assign(inheritable(environment), told);
  // In its own process group (setsid): its children are killed with it, and it has no terminal to prompt at.
  const detached = process.platform !== 'win32';
  const stdio: StdioOptions = ['pipe', 'pipe', 'ignore'];
  try {
    return spawn(program, args, { env, detached, shell: false, windowsHide: true, stdio });
  } catch (error) {
    throw new RunFailure(reasonOf(error)); // No cause: the message of spawn contains the arguments.
  }
}

function outcomeOf(child: ChildProcess, maxOutput: number): Promise<RunResult> {
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

/** Sends SIGTERM, then after `KILL_MS` SIGKILL. After that, an open stdout no longer keeps this process alive. */
function stop(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const killing = setTimeout(() => {
    kill(child, 'SIGKILL');
    child.stdout?.destroy();
  }, KILL_MS);
  child.on('close', () => clearTimeout(killing)); // No process holds its stdout any more.
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
    // ESRCH: every process of the group has ended.
  }
}

function reasonOf(error: unknown): RunFailureReason {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'missing';
  return code === 'EACCES' ? 'denied' : 'failed';
}

/** Own properties only: `spawn` passes even the variables of a polluted `Object.prototype` to the program (SEC-28). */
function own<T extends object>(options: T): T {
  return Object.assign(Object.create(null), options);
}
