/** What the Secret Service of a Linux desktop knows and libsecret does not tell: whether an entry is there, but locked. */

import { run } from './run.js';

/** The name that a Secret Service has on the bus, and its path there. */
export const SECRETS = { name: 'org.freedesktop.secrets', path: '/org/freedesktop/secrets' };

const SEARCH = 'org.freedesktop.Secret.Service.SearchItems';
const TIMEOUT = 3000;

/**
 * Asks for an entry; `undefined` where nobody can tell.
 * https://specifications.freedesktop.org/secret-service/0.2/: SearchItems(attributes) gives (unlocked, locked).
 */
export async function hasLocked(service: string, signal: AbortSignal): Promise<boolean | undefined> {
  if (service.includes(',')) return undefined; // dbus-send would take what follows for another attribute.
  const call = [`--dest=${SECRETS.name}`, SECRETS.path, SEARCH, `dict:string:string:service,${service}`];
  const [, , locked] = (await askBus(call, signal))?.split('array [') ?? [];
  return locked?.includes('object path');
}

/** A reply of the session bus, by `dbus-send`, which opens no window; `undefined` where that is not installed or not answered. */
export async function askBus(call: readonly string[], signal?: AbortSignal): Promise<string | undefined> {
  const asking = run(['dbus-send', '--session', '--print-reply', ...call], {
    timeout: TIMEOUT,
    ...(signal && { signal }),
  });
  const { status, stdout } = await asking.catch(() => ({ status: undefined, stdout: '' }));
  return status === 0 ? stdout : undefined;
}
