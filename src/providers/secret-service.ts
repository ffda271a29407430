/** What the Secret Service of a Linux desktop knows and libsecret does not tell: whether an entry is there, but locked. */

import { run } from './run.js';

const NAME = 'org.freedesktop.secrets';
const PATH = '/org/freedesktop/secrets';
const SEARCH = 'org.freedesktop.Secret.Service.SearchItems';
const TIMEOUT = 3000;

/**
 * Asks with `dbus-send`, which opens no window; `undefined` where that is not installed or not answered.
 * https://specifications.freedesktop.org/secret-service/0.2/: SearchItems(attributes) gives (unlocked, locked).
 */
export async function hasLocked(service: string, signal: AbortSignal): Promise<boolean | undefined> {
  if (service.includes(',')) return undefined; // dbus-send would take what follows for another attribute.
  const call = [`--dest=${NAME}`, PATH, SEARCH, `dict:string:string:service,${service}`];
  const search = run(['dbus-send', '--session', '--print-reply', ...call], { timeout: TIMEOUT, signal });
  const { status, stdout } = await search.catch(() => ({ status: undefined, stdout: '' }));
  const [, , locked] = stdout.split('array [');
  return status === 0 && locked !== undefined ? locked.includes('object path') : undefined;
}
