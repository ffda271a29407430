/** Loads kerberos, which speaks to the GSSAPI or SSPI of the machine, when a handshake begins: the package is an optional peer. */

import { AuthError } from '../../errors.js';

/** A security context. */
export interface KerberosClient {
  readonly contextComplete: boolean;
  /** Takes the server's message, and gives the next one: base64, empty where there is none. */
  step(message: string): Promise<string | null | undefined>;
}

/** What is used of the package. */
export interface KerberosLibrary {
  readonly GSS_MECH_OID_SPNEGO: number;
  readonly GSS_C_DELEG_FLAG: number;
  readonly GSS_C_MUTUAL_FLAG: number;
  readonly GSS_C_SEQUENCE_FLAG: number;
  initializeClient(service: string, options: object): Promise<KerberosClient>;
}

/** For tests, which put another package in its place. */
export type LoadKerberos = () => Promise<unknown>;

/** @throws AuthError `ERR_AUTH_PROVIDER` if the package is not installed, or does not load */
export async function loadKerberos(load?: LoadKerberos): Promise<KerberosLibrary> {
  try {
    // Bundlers need the import inside the `try`: only there may an optional package be absent.
    const module = load ? await load() : await import('kerberos');
    return (module as { readonly default?: KerberosLibrary }).default ?? (module as KerberosLibrary);
  } catch (error) {
    throw new AuthError('ERR_AUTH_PROVIDER', `negotiate: ${reasonOfAbsence(error)}`, { cause: error });
  }
}

function reasonOfAbsence(error: unknown): string {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  const isAbsent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  if (isAbsent && message.includes("'kerberos'")) return 'kerberos is not installed (npm install kerberos)';
  // The native part was not built: npm did not run the script that builds it, or the headers were missing.
  if (isAbsent || code === 'ERR_DLOPEN_FAILED')
    return 'kerberos is not built for this machine (npm rebuild kerberos, with libkrb5-dev or krb5-devel installed)';
  return `kerberos does not load: ${message.split('\n', 1)[0]}`;
}
