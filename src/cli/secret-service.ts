/** The Secret Service of a Linux desktop, asked over D-Bus what keytar does not tell: who it is, and whether it is locked. */

import { readFile } from 'node:fs/promises';
import { askBus, SECRETS } from '../providers/secret-service.js';
import { visible } from '../syntax/visible.js';

export const LOCKED = 'the keychain is locked (log in to the desktop, or unlock it with its own program)';

/** Whether the default collection is locked; `undefined` where nobody can tell. */
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

/** The program behind it: `gnome-keyring-d`, `kwalletd6`, `keepassxc`. */
export async function serviceProgram(signal?: AbortSignal): Promise<string | undefined> {
  const bus = ['--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'];
  const asked = [...bus, 'org.freedesktop.DBus.GetConnectionUnixProcessID', `string:${SECRETS.name}`];
  const pid = /uint32 (\d+)/.exec((await askBus(asked, signal)) ?? '')?.[1];
  const name = pid && (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => ''));
  return name ? visible(name.trim()) : undefined;
}
