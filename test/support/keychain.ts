/** A keychain in memory. */

import type { KeychainBackend } from '../../src/index.js';

/** The passwords by service and account. */
export type KeychainEntries = Record<string, Record<string, string>>;

/** A backend, what it holds, and the calls that changed it. */
export function memoryKeychain(entries: KeychainEntries = {}) {
  const calls: string[] = [];
  const backend: KeychainBackend = {
    getPassword: async (service, account) => entries[service]?.[account] ?? null,
    setPassword: async (service, account, password) => {
      calls.push(`set ${service} ${account} ${password}`);
      entries[service] = { ...entries[service], [account]: password };
    },
    deletePassword: async (service, account) => {
      calls.push(`delete ${service} ${account}`);
      return delete entries[service]?.[account];
    },
    findCredentials: async (service) =>
      Object.entries(entries[service] ?? {}).map(([account, password]) => ({ account, password })),
  };
  return { backend, entries, calls };
}
