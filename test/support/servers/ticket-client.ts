/**
 * Our client in a process of its own, with the tickets of its environment: GSSAPI reads the variables of the process,
 * which a test cannot set for itself. Takes a story as JSON, and prints what came of it.
 */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The package of the machine, built where it is installed: `npm --prefix test/kerberos install`. */
export const KERBEROS = fileURLToPath(new URL('../../kerberos/node_modules/kerberos/lib/index.js', import.meta.url));

/** What is asked for, one after another; `atOnce`: all together. */
export interface TicketStory {
  readonly origin: string;
  readonly paths: readonly string[];
  readonly atOnce?: boolean;
  readonly principal?: string;
  /** The file of a cache that takes the place of its own after the first request, as another kinit has it. */
  readonly nextCache?: string;
  readonly mutual?: 'require';
  /** A password for Basic. */
  readonly password?: { readonly username: string; readonly password: string };
}

/** What came of it. */
export interface TicketOutcome {
  readonly results: ReadonlyArray<{
    readonly status?: number;
    readonly user?: string;
    readonly code?: string;
    readonly text: string;
  }>;
  /** The scheme that each send carried, and the status that it got. */
  readonly sends: ReadonlyArray<readonly [scheme: string, status: number]>;
}

/** Plays it. */
export async function withTickets(story: TicketStory, environment: Record<string, string>): Promise<TicketOutcome> {
  if (!existsSync(KERBEROS)) throw new Error('npm --prefix test/kerberos install');
  const script = fileURLToPath(new URL('./ticket-process.ts', import.meta.url));
  const env = { ...process.env, ...environment, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', script, KERBEROS, JSON.stringify(story)],
    { env },
  );
  return JSON.parse(stdout);
}
