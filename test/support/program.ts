/** Runs a program of this package as its users would: as a process of its own. */

import { spawn } from 'node:child_process';
import { ROOT, runnable } from './compiled.js';

export { ROOT };

/** How a program ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a TypeScript file with no input, no terminal, and without the variables of this machine that begin with AXIOS_CHALLENGE. */
export function program(file: string, args: readonly string[] = [], variables: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AXIOS_CHALLENGE'));
  const env = { ...Object.fromEntries(inherited), NODE_OPTIONS: '', NO_PROXY: '127.0.0.1', ...variables };
  const child = spawn(process.execPath, [...runnable(file), ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A session of its own (setsid): there is no terminal to ask at, whoever runs the tests.
    detached: true,
    timeout: 90_000,
  });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    text.stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, ...text }));
  });
}
