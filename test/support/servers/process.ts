/** Real servers as child processes of a test: found, started on a free port of 127.0.0.1, stopped by pid. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A server that runs until it is closed. */
export interface RunningServer {
  /** Its origin, without a slash at the end. */
  readonly url: string;
  /** Stops the process and starts it again in the same folder and on the same port. */
  restart(): Promise<void>;
  /** Stops the process and removes its folder. */
  close(): Promise<void>;
}

/** Where a server lives while a test runs. */
export interface Place {
  readonly folder: string;
  readonly port: number;
}

/** How a server is started: the files in its folder, by relative path, and its command, which stays in the foreground. */
export interface Recipe {
  readonly files: (place: Place) => Readonly<Record<string, string>>;
  readonly command: (place: Place) => readonly [program: string, ...args: string[]];
}

/** The file in the server's folder that takes its output; a server with a log of its own writes it here too. */
export const LOG = 'server.log';

const READY_WITHIN = 10_000;
const STOPPED_WITHIN = 3_000;

/**
 * `describe`, when the program (a name, or the path of a file) is on this machine. Without it the tests are skipped
 * with a word why; on CI they fail, since a test that nobody runs proves nothing.
 */
export function needs(program: string, install: string): (name: string, body: () => void) => void {
  if (find(program) !== undefined) return describe;
  const missing = `needs ${basename(program)} (apt-get install ${install})`;
  if (process.env.CI === 'true') return (name) => describe(name, () => test(missing, () => fail(missing)));
  console.warn(`skipped: ${missing}`);
  return describe.skip;
}

/** Starts a server; it accepts connections when this resolves. */
export async function launch(recipe: Recipe): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-server-'));
  try {
    const place = { folder, port: await freePort() };
    await write(folder, recipe.files(place));
    let child = await start(recipe, place);
    return {
      url: `http://127.0.0.1:${place.port}`,
      restart: async () => {
        await stop(child);
        child = await start(recipe, place);
      },
      close: async () => {
        await stop(child);
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function start(recipe: Recipe, place: Place): Promise<ChildProcess> {
  const [program, ...args] = recipe.command(place);
  const log = openSync(join(place.folder, LOG), 'a', 0o644);
  const child = spawn(find(program) ?? program, args, { cwd: place.folder, stdio: ['ignore', log, log] });
  closeSync(log);
  try {
    await once(child, 'spawn');
    await ready(child, place.port);
    return child;
  } catch (error) {
    await stop(child);
    throw new Error(`${program} did not start: ${await readFile(join(place.folder, LOG), 'utf8')}`, { cause: error });
  }
}

async function ready(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + READY_WITHIN;
  while (Date.now() < deadline) {
    if (hasEnded(child)) fail(`it ended with ${child.exitCode ?? child.signalCode}`);
    if (await listens(port)) return;
    await wait(20);
  }
  fail(`nothing listened on port ${port} within ${READY_WITHIN} ms`);
}

function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN);
  await ended;
  clearTimeout(timer);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

// Open to all, whatever the umask: Apache started by root reads them as www-data.
async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await chmod(folder, 0o755);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o755 });
    await writeFile(join(folder, path), content);
    await chmod(join(folder, path), path.endsWith('.cgi') ? 0o755 : 0o644);
  }
}

// Servers live in sbin, which is not on everybody's PATH.
export function find(program: string): string | undefined {
  if (isAbsolute(program)) return existsSync(program) ? program : undefined;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

function fail(message: string): never {
  throw new Error(message);
}
