/** Runs a block of the documentation as its reader would, with servers on this machine in place of the examples'. */

import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { type Ended, ROOT } from './program.js';
import { afterwards } from './stage.js';
import { withoutTimes } from './times.js';
import { visit } from './web-person.js';

/** Where the hosts of the examples are. */
export interface Hosts {
  /** `https://files.example` */
  readonly files: string;
  /** `http://proxy.example:3128` */
  readonly proxy?: string;
  /** `https://id.example` */
  readonly id?: string;
}

/** Alice's credential in the environment. */
export const ALICE = { AXIOS_CHALLENGE_USERNAME: 'alice', AXIOS_CHALLENGE_PASSWORD: 'wonderland' };

/** Runs a whole program. Its types are looked at elsewhere. */
export async function runProgram(code: string, hosts: Hosts, variables: NodeJS.ProcessEnv = ALICE): Promise<Ended> {
  const folder = place();
  const file = programIn(folder, hosted(code, hosts));
  const person = hosts.id === undefined ? undefined : personOnDevice();
  return shown(await run([process.execPath, file], folder, variables, person), hosts);
}

/** Runs a test file with Jest, in a project of its own. */
export function runInJest(code: string): Promise<Ended> {
  const folder = place();
  writeFileSync(join(folder, 'program.test.mjs'), compiled(code));
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const config = JSON.stringify({ rootDir: folder, testMatch: ['**/*.test.mjs'], transform: {} });
  return run([process.execPath, '--experimental-vm-modules', jest, '--config', config], folder, {});
}

/**
 * Runs command lines in `sh`, in a folder where `program.js` is `main`, with the command line of the package on the path
 * and a `pass` that knows alice's password. What they call /run/secrets is a folder of the test.
 */
export async function runShell(
  code: string,
  hosts: Hosts,
  main: string | undefined,
  variables: NodeJS.ProcessEnv = ALICE,
): Promise<Ended> {
  const folder = place();
  if (main !== undefined) programIn(folder, hosted(main, hosts));
  const path = `${binIn(folder)}:${process.env.PATH}`;
  const text = hosted(code, hosts).replaceAll('/run/secrets', secretsIn(folder)).replace(/^npx /gm, '');
  return shown(await run(['sh', '-e', '-c', text], folder, { ...variables, PATH: path }), hosts);
}

/** The code, with the addresses that answer here. The person who logs in for the client `cli` has no terminal here. */
export function hosted(code: string, { files, proxy, id }: Hosts): string {
  const { protocol, host } = new URL(files);
  const named = code.replace(/https:\/\/(\w+@)?files\.example/g, (_, user = '') => `${protocol}//${user}${host}`);
  const asking = named.replaceAll("clientId: 'cli'", "clientId: 'cli', prompt: true");
  const replaced = id === undefined ? named : asking.replaceAll('https://id.example', id);
  if (proxy === undefined) return replaced;
  const { hostname, port } = new URL(proxy);
  const apart = `host: '${hostname}', port: ${port}`;
  return replaced.replaceAll('http://proxy.example:3128', proxy).replaceAll("host: 'proxy.example', port: 3128", apart);
}

/** What came out, as the pages show it: with their hosts, and without milliseconds. */
function shown(ended: Ended, { files, proxy, id }: Hosts): Ended {
  const clean = (text: string) => {
    const known = proxy === undefined ? text : text.replaceAll(proxy, 'http://proxy.example:3128');
    const named = id === undefined ? known : known.replaceAll(id, 'https://id.example');
    return withoutTimes(
      named.replaceAll(files, 'https://files.example').replaceAll(hostVariable(files), 'FILES_EXAMPLE'),
    );
  };
  return { status: ended.status, stdout: clean(ended.stdout), stderr: clean(ended.stderr) };
}

/** The host as the names of variables spell it: `127_0_0_1___8080`. */
function hostVariable(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname.replaceAll('.', '_')}___${port}`;
}

/** In a home of its own, in a session without a terminal, and with the keychain of this machine out of reach. */
function run(
  [command, ...args]: string[],
  folder: string,
  variables: NodeJS.ProcessEnv,
  person: (shown: string) => void = () => {},
): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AXIOS_CHALLENGE|FORCE_COLOR$|CI$)/.test(name));
  const own = {
    NODE_OPTIONS: '',
    NO_PROXY: '127.0.0.1',
    HOME: folder,
    XDG_STATE_HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const child = spawn(command as string, args, {
    cwd: folder,
    env: {
      ...Object.fromEntries(inherited),
      ...own,
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
      ...variables,
    },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk) => {
      text[name] += chunk;
      if (name === 'stderr') person(text.stderr);
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, ...text }));
  });
}

/** Enters each code that is shown once, at its address. */
function personOnDevice(): (shown: string) => void {
  const entered = new Set<string>();
  return (shown) => {
    for (const [, address = '', code = ''] of shown.matchAll(/^Open (\S+) and enter (\S+)\n/gm)) {
      if (entered.has(code)) continue;
      entered.add(code);
      void visit(address, { types: { user_code: code, login: 'alice' } });
    }
  };
}

/** A folder from which the package finds itself by its name. */
function place(): string {
  const folder = mkdtempSync(join(ROOT, '.docs-'));
  afterwards(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

function programIn(folder: string, code: string): string {
  const file = join(folder, 'program.js');
  writeFileSync(file, compiled(code));
  return file;
}

function compiled(code: string): string {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

function binIn(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const script = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  script('axios-challenge', `exec '${process.execPath}' '${join(ROOT, 'dist/esm/cli/main.js')}' "$@"`);
  script('node', `exec '${process.execPath}' "$@"`);
  script('pass', 'echo wonderland');
  return bin;
}

function secretsIn(folder: string): string {
  const secrets = join(folder, 'secrets');
  mkdirSync(secrets);
  writeFileSync(join(secrets, 'files_password'), 'wonderland\n', { mode: 0o400 });
  return secrets;
}
