/** The command line as a process of its own, in a home of its own. */

import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiled, ROOT } from '../support/compiled.js';
import { afterwards } from '../support/stage.js';

export const CLI = 'src/cli/main.ts';

/** What the environment holds for alice, the user of the strict server. */
export const ALICE = { AXIOS_CHALLENGE_USERNAME: 'alice', AXIOS_CHALLENGE_PASSWORD: 'wonderland' };

/** How it ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as bytes. */
  readonly bytes: Buffer;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
}

/** Runs it to its end; `input` is its stdin. */
export function cli(args: readonly string[], variables: NodeJS.ProcessEnv = {}, input = ''): Promise<Ended> {
  const { child, ended } = start(args, variables);
  child.stdin.on('error', () => {}).end(input);
  return ended;
}

/** Starts it. Nobody is at a terminal, and the keychain of this machine is out of reach. */
export function start(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [compiled(CLI), ...args], { cwd: ROOT, env: environment(variables) });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk) => out.push(chunk));
  child.stderr.on('data', (chunk) => err.push(chunk));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject).on('close', (status) => {
      const bytes = Buffer.concat(out);
      resolve({ status, bytes, stdout: bytes.toString(), stderr: Buffer.concat(err).toString() });
    });
  });
  afterwards(() => child.kill('SIGKILL'));
  return { child, ended };
}

/** Without the variables of this machine that would say something to it. */
export function environment(variables: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(AXIOS_CHALLENGE|NO_COLOR$|FORCE_COLOR$)/.test(name),
  );
  const home = folder();
  return {
    ...Object.fromEntries(inherited),
    NODE_OPTIONS: '',
    NO_PROXY: '127.0.0.1',
    AXIOS_CHALLENGE_NO_PROMPT: '1',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
    HOME: home,
    XDG_STATE_HOME: join(home, 'state'),
    GIT_CONFIG_NOSYSTEM: '1',
    ...variables,
  };
}

/** A folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'axios-challenge-cli-'));
  afterwards(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Runs a line as a person would type it, in a folder of its own, with a `pass` that knows alice's password. */
export function shell(line: string, variables: NodeJS.ProcessEnv): Promise<Omit<Ended, 'bytes'>> {
  const place = folder();
  const script = (name: string, text: string) => {
    writeFileSync(join(place, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(place, name), 0o755);
  };
  script('axios-challenge', `exec '${process.execPath}' '${compiled(CLI)}' "$@"`);
  script('pass', 'echo wonderland');
  const env = environment({ ...variables, PATH: `${place}:${process.env.PATH}` });
  return new Promise((resolve) => {
    const child = execFile('sh', ['-c', line], { env, cwd: place }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr });
    });
    child.stdin?.end();
  });
}
