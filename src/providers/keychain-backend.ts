/** What a credential store has to offer: the port to `keytar`, and to whatever stands in for it. */

/** The part of `keytar` that is used. */
export interface KeychainBackend {
  /** `null`: there is none. */
  getPassword(service: string, account: string): Promise<string | null>;
  /** Keeps it, in place of the one that is there. */
  setPassword(service: string, account: string, password: string): Promise<void>;
  /** Whether there was one. */
  deletePassword(service: string, account: string): Promise<boolean>;
  /** Any password of the service: asked before `findCredentials`, where a store has it. */
  findPassword?(service: string): Promise<string | null>;
  /** Every account of the service. */
  findCredentials(service: string): Promise<readonly { readonly account: string; readonly password: string }[]>;
}

/** A store, opened for one use of it. */
export interface Store extends KeychainBackend {
  /** Whether it keeps entries of the service locked, where its answers do not tell; `undefined`: nobody knows. */
  hasLocked?(service: string): Promise<boolean | undefined>;
}
