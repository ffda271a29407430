/** A Secret Service of its own for a test: a session bus with gnome-keyring, in temporary folders. */

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

// keytar finds nothing without it.
const SCHEMA = ['xdg:schema', 'org.freedesktop.Secret.Generic'];

const START = `printf 'pw\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
echo "$DBUS_SESSION_BUS_ADDRESS"; cat >/dev/null`;

/** The store, seen with `secret-tool`. */
export interface SecretService {
  /** The environment of a program that uses it. */
  readonly variables: NodeJS.ProcessEnv;
  store(service: string, account: string, password: string): Promise<void>;
  lookup(service: string, account: string): Promise<string | undefined>;
  lock(): Promise<void>;
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
      const attributes = ['service', service, 'account', account, ...SCHEMA];
      const stored = run('secret-tool', ['store', '--label=test', ...attributes], { env });
      stored.child.stdin?.end(password);
      await stored;
    },
    lookup: (service, account) =>
      run('secret-tool', ['lookup', 'service', service, 'account', account], { env }).then(
        ({ stdout }) => stdout,
        () => undefined,
      ),
    lock: async () => {
      const [name, path] = ['org.freedesktop.secrets', '/org/freedesktop/secrets'];
      const lock = ['org.freedesktop.Secret.Service.Lock', `array:objpath:${path}/collection/login`];
      await run('dbus-send', ['--session', '--print-reply', `--dest=${name}`, path, ...lock], { env });
    },
  };
}
