/** The same requests under every pollution of Object.prototype, in programs of their own. */

import type { ChallengeServer } from '../../src/testing/challenge-server.js';
import { temporaryFile } from './files.js';
import type { Errand, Findings, Pollution } from './polluted.js';
import { program } from './program.js';
import { server } from './stage.js';

const alice = 'machine 127.0.0.1 login alice password wonderland\n';

// As many as a process goes through in a few seconds.
const PART = 20;

/** Goes the same ways once for every pollution, in processes of their own. */
export async function findings(guarded: ChallengeServer, pollutions: readonly Pollution[]): Promise<Findings[]> {
  const netrc = await temporaryFile('netrc', alice);
  const found: Findings[] = [];
  for (let first = 0; first < pollutions.length; first += PART) {
    found.push(...(await run({ url: guarded.url, netrc, pollutions: pollutions.slice(first, first + PART) })));
  }
  return found;
}

async function run(errand: Errand): Promise<Findings[]> {
  const { status, stdout, stderr } = await program('test/support/polluted.ts', [JSON.stringify(errand)]);
  const lines = stdout.split('\n').slice(0, -1);
  const unfinished = errand.pollutions[lines.length]?.name;
  expect({ status, stderr, unfinished }).toEqual({ status: 0, stderr: '', unfinished: undefined });
  return lines.map((line) => JSON.parse(line));
}

export function guardedPaths(): Promise<ChallengeServer> {
  return server({
    users: { alice: 'wonderland', bob: 'builder' },
    protect: {
      '/digest': { scheme: 'digest', realm: 'files' },
      '/basic': { scheme: 'basic', realm: 'docs' },
      '/other': { raw: 'Negotiate' },
    },
  });
}

/** The requests of one pollution, as far as they are the same each time. */
export function sendsUnder({ requests }: ChallengeServer, name: string): string[] {
  return requests
    .filter(({ headers }) => headers['x-pollution'] === name)
    .map(({ method, url, status, scheme, user, body }) => [method, url, scheme, user, body, status].join(' '));
}
