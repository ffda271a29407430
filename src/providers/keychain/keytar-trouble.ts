/** Says in one sentence why `keytar` cannot be used, and what to do about it. */

/** `error` was thrown by the import, or by a `require`, of keytar. */
export function keytarTrouble(error: unknown): string {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  const absent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  if (absent && message.includes('keytar')) return 'keytar is not installed (npm install keytar@npm:@github/keytar)';
  return `keytar does not load: ${firstLine(message)}${remedy()}`;
}

/** `message` is the store's own message, on Linux usually from D-Bus. */
export function storeTrouble(message: string): string {
  const needs = process.platform === 'linux' ? ' (it needs a D-Bus session with a Secret Service)' : '';
  return `the store says: ${firstLine(message)}${needs}`;
}

function remedy(): string {
  return process.platform === 'linux'
    ? ' (it needs libsecret: apt-get install libsecret-1-0, or dnf install libsecret)'
    : '';
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] as string;
}
