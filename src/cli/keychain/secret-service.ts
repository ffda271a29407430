/** Asks the Secret Service of a Linux desktop, over D-Bus, which program provides it and whether it is locked. */

import { readFile } from 'node:fs/promises';
import { askBus, SECRETS } from '../../providers/keychain/secret-service.js';
import { visible } from '../../syntax/visible.js';
import { EXIT, Stop } from '../io/exit.js';

export const LOCKED = 'the keychain is locked (log in to the desktop, or unlock the keychain with its own program)';

/** `true` if the default collection is locked; `undefined` if it is unlocked or its state is unknown. */
export async function isLocked(signal?: AbortSignal): Promise<boolean | undefined> {
  const asked = [
    `--dest=${SECRETS.name}`,
    `${SECRETS.path}/aliases/default`,
    'org.freedesktop.DBus.Properties.Get',
    'string:org.freedesktop.Secret.Collection',
    'string:Locked',
  ];
  return /boolean (true|false)/.exec((await askBus(asked, signal)) ?? '')?.[1] === 'true' || undefined;
}

/** @throws Stop when the store is locked: a locked store would answer as if it were empty */
export async function assertOpen(signal: AbortSignal): Promise<void> {
  if (await isLocked(signal)) throw new Stop(EXIT.failed, LOCKED);
}

/** The name of the program that provides the service: `gnome-keyring-d`, `kwalletd6`, `keepassxc`. */
export async function serviceProgram(signal?: AbortSignal): Promise<string | undefined> {
  const bus = ['--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'];
  const asked = [...bus, 'org.freedesktop.DBus.GetConnectionUnixProcessID', `string:${SECRETS.name}`];
  const pid = /uint32 (\d+)/.exec((await askBus(asked, signal)) ?? '')?.[1];
  const name = pid && (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => ''));
  return name ? visible(name.trim()) : undefined;
}
