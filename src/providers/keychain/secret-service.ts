/** Asks the Secret Service of a Linux desktop whether an entry exists but is locked: libsecret does not say. */

import { run } from '../run.js';

/** The name and the path of a Secret Service on the bus. */
export const SECRETS = { name: 'org.freedesktop.secrets', path: '/org/freedesktop/secrets' };

const SEARCH = 'org.freedesktop.Secret.Service.SearchItems';
const BUS_MS = 3000;

/**
 * Whether there is a locked entry; `undefined` if this is unknown.
 * https://specifications.freedesktop.org/secret-service/0.2/: SearchItems(attributes) gives (unlocked, locked).
 */
export async function hasLocked(service: string, signal: AbortSignal): Promise<boolean | undefined> {
  if (service.includes(',')) return undefined; // dbus-send would read the rest as another attribute.
  const call = [`--dest=${SECRETS.name}`, SECRETS.path, SEARCH, `dict:string:string:service,${service}`];
  const [, , locked] = (await askBus(call, signal))?.split('array [') ?? [];
  return locked?.includes('object path');
}

/** The reply of the session bus to `dbus-send`, which opens no window; `undefined` if it is not installed or fails. */
export async function askBus(call: readonly string[], signal?: AbortSignal): Promise<string | undefined> {
  const asking = run(['dbus-send', '--session', '--print-reply', ...call], {
    timeout: BUS_MS,
    ...(signal && { signal }),
  });
  const { status, stdout } = await asking.catch(() => ({ status: undefined, stdout: '' }));
  return status === 0 ? stdout : undefined;
}
