/** A program that renews a token at an issuer: its argument says which, and stdin when; it says what it got. */

import { once } from 'node:events';
import type { LockTimes } from '../../src/oauth/tokens/lock/file-lock.js';
import type { StoredToken } from '../../src/oauth/tokens/stored-token.js';
import { tokensIn } from '../../src/oauth/tokens/tokens.js';
import { fileTokens } from './token-file.js';

export interface Task {
  readonly key: string;
  readonly issuer: string;
  /** Of the file-based store, and of the locks. */
  readonly store: string;
  readonly folder: string;
  readonly held: StoredToken;
  readonly times: Partial<LockTimes>;
}

export interface Outcome {
  readonly token?: StoredToken | undefined;
  readonly error?: string;
  readonly notes: readonly string[];
}

const task: Task = JSON.parse(process.argv[2] ?? '');

async function grant({ refresh = '' }: StoredToken): Promise<StoredToken | 'gone'> {
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh });
  const response = await fetch(task.issuer, { method: 'POST', body });
  const answer = (await response.json()) as { access_token: string; refresh_token: string; error?: string };
  if (answer.error === 'invalid_grant') return 'gone';
  return { access: answer.access_token, refresh: answer.refresh_token, expires: Date.now() + 3_600_000 };
}

async function renew(): Promise<Outcome> {
  const notes: string[] = [];
  const options = { folder: task.folder, times: task.times, note: (reason: string) => notes.push(reason) };
  try {
    return { token: await tokensIn(fileTokens(task.store), options).renew(task.key, task.held, grant), notes };
  } catch (error) {
    return { error: (error as Error).message, notes };
  }
}

process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
process.stdout.write(`${JSON.stringify(await renew())}\n`);
