/** Loads oauth4webapi, which does the protocol work, when a token is to be got: the package is an optional peer. */

import { AuthError } from '../../errors.js';

export type OAuthLibrary = typeof import('oauth4webapi');

/** @throws AuthError `ERR_AUTH_PROVIDER` if the package is not installed, or does not load */
export async function loadLibrary(load?: () => Promise<OAuthLibrary>): Promise<OAuthLibrary> {
  try {
    // Bundlers need the import inside the `try`: only there may an optional package be absent.
    return load ? await load() : await import('oauth4webapi');
  } catch (error) {
    throw new AuthError('ERR_AUTH_PROVIDER', `oauth: ${reasonOfAbsence(error)}`, { cause: error });
  }
}

function reasonOfAbsence(error: unknown): string {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  const isAbsent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  if (isAbsent && message.includes("'oauth4webapi'")) return 'oauth4webapi is not installed (npm install oauth4webapi)';
  // Under Jest, which runs every module as CommonJS.
  if (code === 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG')
    return 'oauth4webapi is an ES module, which this program does not load without NODE_OPTIONS=--experimental-vm-modules';
  return `oauth4webapi does not load: ${message.split('\n', 1)[0]}`;
}
