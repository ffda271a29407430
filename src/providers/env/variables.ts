/** The credential variables of the environment that begin with one prefix. */

import { AuthError } from '../../errors.js';
import { type Environment, variable } from '../environment.js';
import { readSecretFile } from './secret-file.js';

/** The variables `<prefix>_USERNAME`, `_PASSWORD`, `_PASSWORD_FILE`, `_TOKEN` and `_TOKEN_FILE`. */
export interface Variables {
  readonly prefix: string;
  readonly username: string | undefined;
  /** Whether a secret of this kind is set, without reading its file. Throws if both variables for it are set. */
  has(kind: SecretKind): boolean;
  read(kind: SecretKind): Promise<string | undefined>;
}

export type SecretKind = 'PASSWORD' | 'TOKEN';

export function variables(environment: Environment, prefix: string): Variables {
  return {
    prefix,
    username: variable(environment, `${prefix}_USERNAME`) || undefined,
    has: (kind) => source(environment, `${prefix}_${kind}`, kind) !== undefined,
    read: async (kind) => source(environment, `${prefix}_${kind}`, kind)?.(),
  };
}

function source(environment: Environment, name: string, kind: SecretKind): (() => Promise<string>) | undefined {
  const value = secretValue(environment, name, kind);
  const path = variable(environment, `${name}_FILE`) || undefined;
  if (value !== undefined && path !== undefined) {
    throw new AuthError('ERR_AUTH_OPTION', `env: ${name} and ${name}_FILE are both set (unset one)`);
  }
  if (value !== undefined) return async () => value;
  return path === undefined ? undefined : () => readSecretFile(path, `${name}_FILE`);
}

/** An empty password is valid; an empty token counts as not set (RFC 6750 §2.1). */
function secretValue(environment: Environment, name: string, kind: SecretKind): string | undefined {
  const value = variable(environment, name);
  return kind === 'TOKEN' && value === '' ? undefined : value;
}
