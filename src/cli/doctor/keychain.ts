/** Checks the credential store of the operating system, without writing to it. */

import { AuthError } from '../../errors.js';
import { keychain } from '../../providers/keychain/keychain.js';
import { visible } from '../../syntax/visible.js';
import { versionOf } from '../io/version.js';
import { isLocked, serviceProgram } from '../keychain/secret-service.js';
import { type Finding, finding } from './findings/finding.js';

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
    return finding(
      NAME,
      'off',
      `locked: ${backend}`,
      'log in to the desktop, or unlock the keychain with its own program',
    );
  const trouble = await troubleOf(signal);
  return trouble === undefined ? finding(NAME, 'ok', backend) : finding(NAME, 'off', trouble, remedy());
}

/** Asks the keychain for an account that does not exist; returns the error message if the keychain fails. */
async function troubleOf(signal: AbortSignal): Promise<string | undefined> {
  const origin = 'https://doctor.invalid';
  const request = { origin, realm: '', scheme: 'basic', proxy: false, url: `${origin}/`, refused: 0, signal };
  try {
    await keychain().get({ ...request, username: NOBODY });
    return undefined;
  } catch (error) {
    return error instanceof AuthError
      ? visible(error.message.replace(/^keychain: /, ''))
      : 'the keychain cannot be read';
  }
}

async function storeName(signal: AbortSignal): Promise<string> {
  if (process.platform === 'darwin') return 'macOS Keychain';
  if (process.platform === 'win32') return 'Windows Credential Manager';
  return `Secret Service (${(await serviceProgram(signal)) ?? 'unknown program'})`;
}

function remedy(): string {
  if (process.platform !== 'linux') return 'try another program that uses this keychain, and see its error';
  return 'the keychain needs libsecret, a session bus (DBUS_SESSION_BUS_ADDRESS) and a service such as gnome-keyring; without them use the environment';
}
