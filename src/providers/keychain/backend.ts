/** The port to a credential store: to `keytar`, or to a replacement for it. */

/** The functions of `keytar` that are used. */
export interface KeychainBackend {
  /** Resolves to `null` if there is no entry. */
  getPassword(service: string, account: string): Promise<string | null>;
  /** Stores the password, in place of an existing one. */
  setPassword(service: string, account: string, password: string): Promise<void>;
  /** Resolves to whether there was an entry. */
  deletePassword(service: string, account: string): Promise<boolean>;
  /** Any password of the service. Called before `findCredentials`, if the store implements it. */
  findPassword?(service: string): Promise<string | null>;
  /** Every account of the service. */
  findCredentials(service: string): Promise<readonly { readonly account: string; readonly password: string }[]>;
}

/** A store, opened for a single use. */
export interface Store extends KeychainBackend {
  /** Whether entries of the service are locked, for a store whose answers do not show it; `undefined` if unknown. */
  hasLocked?(service: string): Promise<boolean | undefined>;
}
