/** A Secret Service of its own for a test: a session bus with gnome-keyring, in temporary folders. */

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { needs } from './servers/process.js';
import { afterwards } from './stage.js';

const run = promisify(execFile);

const PARTS = [
  ['dbus-run-session', 'dbus'],
  ['gnome-keyring-daemon', 'gnome-keyring'],
  ['secret-tool', 'libsecret-tools'],
] as const;

/** `describe`, where all the parts are. */
export const needsSecretService = PARTS.map(([program, install]) => needs(program, install)).reduce(
  (all, one) => (all === describe ? one : all),
  describe as ReturnType<typeof needs>,
);

const NAME = 'org.freedesktop.secrets';
const BUS = 'org.freedesktop.DBus';

// keytar finds nothing without it.
const SCHEMA = ['xdg:schema', 'org.freedesktop.Secret.Generic'];

const START = `printf 'pw\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
echo "$DBUS_SESSION_BUS_ADDRESS"; cat >/dev/null`;

/** The store, seen with `secret-tool`. */
export interface SecretService {
  /** The environment of a program that uses it. */
  readonly variables: NodeJS.ProcessEnv;
  store(service: string, account: string | undefined, password: string): Promise<void>;
  lookup(service: string, account: string): Promise<string | undefined>;
  /** All secrets of a service. */
  secrets(service: string): Promise<string[]>;
  clear(service: string): Promise<void>;
  lock(): Promise<void>;
  /** Holds its daemon where it is: from then on it answers nobody. */
  freeze(): Promise<{ kill(): void }>;
  /** Resolves when it listens; what it gives resolves when the store is called the next time. */
  watch(): Promise<{ readonly called: Promise<void> }>;
  /** How many programs are connected to the bus, once that is `expected`; the last count, if it never is. */
  connections(expected?: number): Promise<number>;
}

/** Starts an unlocked store, which is gone after the test. */
export async function secretService(): Promise<SecretService> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-keyring-'));
  const own = { XDG_DATA_HOME: join(folder, 'data'), XDG_RUNTIME_DIR: join(folder, 'run') };
  for (const path of Object.values(own)) await mkdir(path, { mode: 0o700 });
  const session = spawn('dbus-run-session', ['--', 'bash', '-c', START], {
    env: { ...process.env, ...own },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  afterwards(async () => {
    const ended = once(session, 'exit');
    session.stdin.end();
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const [address] = await once(session.stdout.setEncoding('utf8'), 'data');
  return toolsOf({ ...own, DBUS_SESSION_BUS_ADDRESS: address.trim() });
}

function toolsOf(variables: NodeJS.ProcessEnv): SecretService {
  const env = { ...process.env, ...variables };
  return {
    variables,
    store: async (service, account, password) => {
      const attributes = ['service', service, ...(account === undefined ? [] : ['account', account]), ...SCHEMA];
      const stored = run('secret-tool', ['store', '--label=test', ...attributes], { env });
      stored.child.stdin?.end(password);
      await stored;
    },
    lookup: (service, account) =>
      run('secret-tool', ['lookup', 'service', service, 'account', account], { env }).then(
        ({ stdout }) => stdout,
        () => undefined,
      ),
    secrets: async (service) => {
      const { stdout } = await run('secret-tool', ['search', '--all', 'service', service], { env });
      return [...stdout.matchAll(/^secret = (.*)$/gm)].map(([, secret]) => secret as string);
    },
    clear: async (service) => void (await run('secret-tool', ['clear', 'service', service], { env })),
    lock: async () => {
      const path = '/org/freedesktop/secrets';
      const lock = ['org.freedesktop.Secret.Service.Lock', `array:objpath:${path}/collection/login`];
      await send(env, NAME, path, ...lock);
    },
    freeze: async () => {
      const pid = await daemonOf(env);
      afterwards(() => signal(pid, 'SIGKILL'));
      signal(pid, 'SIGSTOP');
      return { kill: () => signal(pid, 'SIGKILL') };
    },
    watch: () => watch(env),
    connections: (expected) => connections(env, expected),
  };
}

async function send(env: NodeJS.ProcessEnv, destination: string, ...call: string[]): Promise<string> {
  const { stdout } = await run('dbus-send', ['--session', '--print-reply', `--dest=${destination}`, ...call], { env });
  return stdout;
}

async function daemonOf(env: NodeJS.ProcessEnv): Promise<number> {
  await send(env, NAME, '/', `${BUS}.Peer.Ping`); // It takes the name some time after it has started.
  const answer = await send(env, BUS, '/', `${BUS}.GetConnectionUnixProcessID`, `string:${NAME}`);
  return Number(/uint32 (\d+)/.exec(answer)?.[1]);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // ESRCH: it has ended.
  }
}

async function watch(env: NodeJS.ProcessEnv): Promise<{ readonly called: Promise<void> }> {
  const monitor = spawn('dbus-monitor', ['--session', `type='method_call',destination='${NAME}'`], { env });
  afterwards(() => monitor.kill());
  const lines = createInterface({ input: monitor.stdout });
  const seen = (pattern: RegExp) =>
    new Promise<void>((resolve) => {
      lines.on('line', (line) => pattern.test(line) && resolve());
    });
  const called = seen(/^method call .*path=\/org\/freedesktop\/secrets;/);
  await seen(/member=NameLost/); // Who listens to the bus has no name on it.
  return { called };
}

async function connections(env: NodeJS.ProcessEnv, expected?: number): Promise<number> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const names = await send(env, BUS, '/', `${BUS}.ListNames`);
    const count = names.match(/":/g)?.length ?? 0;
    if (expected === undefined || count === expected || Date.now() > deadline) return count;
    await wait(20);
  }
}
