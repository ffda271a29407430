/** Checks the credential store of the operating system, without writing to it. */

import { AuthError } from '../../errors.js';
import { keychain } from '../../providers/keychain.js';
import { visible } from '../../syntax/visible.js';
import { type Finding, finding } from '../finding.js';
import { isLocked, serviceProgram } from '../secret-service.js';
import { versionOf } from '../version.js';

const NAME = 'keychain';
const NOBODY = 'axios-challenge doctor';

export async function checkKeychain(signal: AbortSignal): Promise<Finding> {
  const keytar = versionOf('keytar');
  if (keytar === undefined)
    return finding(NAME, 'off', 'keytar is not installed', 'npm install keytar@npm:@github/keytar');
  const locked = await isLocked(signal);
  const store = await storeName(signal);
  const backend = `${store}, through keytar ${keytar}`;
  if (locked)
    return finding(NAME, 'off', `locked: ${backend}`, 'log in to the desktop, or unlock it with its own program');
  const trouble = await troubleOf(signal);
  return trouble === undefined ? finding(NAME, 'ok', backend) : finding(NAME, 'off', trouble, remedy());
}

/** Asks for an account that nobody has. */
async function troubleOf(signal: AbortSignal): Promise<string | undefined> {
  const origin = 'https://doctor.invalid';
  const request = { origin, realm: '', scheme: 'basic', proxy: false, url: `${origin}/`, refused: 0, signal };
  try {
    await keychain().get({ ...request, username: NOBODY });
    return undefined;
  } catch (error) {
    return error instanceof AuthError ? visible(error.message.replace(/^keychain: /, '')) : 'it cannot be asked';
  }
}

async function storeName(signal: AbortSignal): Promise<string> {
  if (process.platform === 'darwin') return 'macOS Keychain';
  if (process.platform === 'win32') return 'Windows Credential Manager';
  return `Secret Service (${(await serviceProgram(signal)) ?? 'of an unknown program'})`;
}

function remedy(): string {
  if (process.platform !== 'linux') return 'see what the store says when another program asks it';
  return 'it needs libsecret, a session bus (DBUS_SESSION_BUS_ADDRESS) and a store like gnome-keyring; else use the environment';
}
