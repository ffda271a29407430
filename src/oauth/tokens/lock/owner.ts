/** Who holds a lock, as its file says: a process of a machine, and nothing about the token. */

import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

export interface Owner {
  readonly pid: number;
  readonly host: string;
}

export function ownerText(): string {
  return JSON.stringify({ pid: process.pid, host: hostname() } satisfies Owner);
}

/** `undefined` if the file is gone, not yet written, or not ours. */
export async function ownerIn(file: string): Promise<Owner | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    const { pid, host } = JSON.parse(text);
    return Number.isInteger(pid) && pid > 0 && typeof host === 'string' ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether no process of this machine has its number. In another container of the same name it may live all the same. */
export function isGone(owner: Owner | undefined): boolean {
  if (owner === undefined || owner.host !== hostname()) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
