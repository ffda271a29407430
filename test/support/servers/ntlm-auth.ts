/** Samba's ntlm_auth on pipes: asks for NTLM as a server does, and judges each message (squid's helper protocol). */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { find } from './process.js';

/** Who is let in. */
export interface SambaAccount {
  readonly domain: string;
  readonly username: string;
  readonly password: string;
}

/** The judge: one handshake at a time. */
export interface NtlmAuth {
  /** Takes the first message, and gives the server's; all in base64. */
  challenge(first: string): Promise<string>;
  /** Takes the last message: `AF LAB\alice`, or `NA NT_STATUS_...`. */
  verdict(last: string): Promise<string>;
  close(): Promise<void>;
}

/** Samba's configuration, with every folder that it writes to inside `folder`. */
export function smbConfiguration(folder: string): string {
  const places = ['private dir', 'state directory', 'cache directory', 'lock directory', 'pid directory'];
  return `[global]
workgroup = LAB
netbios name = LABHOST
${places.map((place) => `${place} = ${folder}`).join('\n')}
`;
}

/** The command that lets one account in, without a domain controller. */
export function ntlmAuthCommand(configuration: string, account: SambaAccount): readonly [string, ...string[]] {
  return [
    'ntlm_auth',
    `--configfile=${configuration}`,
    '--helper-protocol=squid-2.5-ntlmssp',
    `--username=${account.username}`,
    `--domain=${account.domain}`,
    `--password=${account.password}`,
  ];
}

/** Starts the judge. */
export async function ntlmAuth(account: SambaAccount): Promise<NtlmAuth> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-samba-'));
  await mkdir(join(folder, 'smb'));
  const configuration = join(folder, 'smb.conf');
  await writeFile(configuration, smbConfiguration(join(folder, 'smb')));
  const [program, ...args] = ntlmAuthCommand(configuration, account);
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(find(program) ?? program, args, {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (line: string): Promise<string> => {
    child.stdin.write(`${line}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('ntlm_auth has ended');
    return value.trim();
  };
  return {
    async challenge(first) {
      const answer = await ask(`YR ${first}`);
      if (!answer.startsWith('TT ')) throw new Error(`ntlm_auth does not take the first message: ${answer}`);
      return answer.slice(3);
    },
    verdict: (last) => ask(`KK ${last}`),
    async close() {
      const ended = once(child, 'exit');
      child.stdin.end();
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
